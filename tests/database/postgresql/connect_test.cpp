// Connecting: which stage failed, in one clear line; and what a session is when it has begun.
#include "database/postgresql/connect.hpp"

#include "database/postgresql/session_test.hpp"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace dunlin::test {
namespace {

using namespace std::chrono_literals;
using postgresql::Attempt;
using postgresql::connect_error;

TEST(ConnectErrorTest, NamesTheStageThatFailed) {
  struct Case {
    const char *why, *complaint;
    ErrorCode code;
    const char *sqlstate, *message, *hint;
  };
  constexpr Case cases[] = {
      {"DNS", "could not translate host name \"db.invalid\" to address: Name or service not known",
       ErrorCode::database_unreachable, "08001", "cannot be resolved (DNS)", "check the host"},
      {"TCP",
       "connection to server at \"db\" (10.0.0.1), port 5432 failed: Connection refused\n\tIs the "
       "server running on that host and accepting TCP/IP connections?",
       ErrorCode::database_unreachable, "08001", "refused the TCP connection", "host and port"},
      {"a time-out of the kernel",
       "connection to server at \"db\" (10.0.0.1), port 5432 failed: Connection timed out",
       ErrorCode::database_unreachable, "08001", "does not answer", "security group"},
      {"TLS trust",
       "connection to server at \"db\" (10.0.0.1), port 5432 failed: SSL error: certificate verify "
       "failed",
       ErrorCode::database_unreachable, "08001", "not signed by a trusted", "sslRootCert"},
      {"TLS name",
       "connection to server at \"db\" (10.0.0.1), port 5432 failed: server certificate for "
       "\"other\" does not match host name \"db\"",
       ErrorCode::database_unreachable, "08001", "for another host name", "certificate"},
      {"TLS files",
       "connection to server at \"db\", port 5432 failed: root certificate file "
       "\"/root/.postgresql/root.crt\" does not exist\nEither provide the file or change sslmode",
       ErrorCode::database_unreachable, "08001", "no trusted TLS certificates", "sslRootCert"},
      {"the password",
       "connection to server at \"db\" (10.0.0.1), port 5432 failed: FATAL:  28P01: password "
       "authentication failed for user \"me\"\nLOCATION:  auth_failed, auth.c:337",
       ErrorCode::login_refused, "28P01", "password authentication failed for user \"me\"",
       "check the user and the password"},
      {"two addresses: the server's word counts",
       "connection to server at \"db\" (::1), port 5432 failed: FATAL:  28000: no pg_hba.conf "
       "entry "
       "for host\nconnection to server at \"db\" (127.0.0.1), port 5432 failed: Connection refused",
       ErrorCode::login_refused, "28000", "no pg_hba.conf entry", "sslmode=require"},
      {"the database's name",
       "connection to server on socket \"/x\" failed: FATAL:  3D000: database \"x\" does not exist",
       ErrorCode::database_unreachable, "3D000", "database \"x\" does not exist", "name"},
      {"starting up",
       "connection to server at \"db\", port 1 failed: FATAL:  57P03: the database system is "
       "starting up",
       ErrorCode::database_unreachable, "57P03", "starting up", "connectRetries"},
      {"a parameter's value, which may be a password",
       "invalid integer value \"geheim\" for connection option \"keepalives\"",
       ErrorCode::configuration, "08001", "invalid integer value … for connection option \"keep",
       "parameters of the url"},
      {"something unheard of", "connection to server at \"db\", port 1 failed: what is this\n",
       ErrorCode::database_unreachable, "08001", "what is this", ""},
  };
  const Attempt attempt{.url = "jdbc:postgresql://db:5432/x", .user = "me", .place = "db:5432"};
  for (const auto& [why, complaint, code, sqlstate, message, hint] : cases) {
    SCOPED_TRACE(why);
    const auto error = connect_error(attempt, complaint);
    EXPECT_EQ(error.code, code);
    EXPECT_EQ(error.sqlstate, sqlstate);
    EXPECT_TRUE(
        error.message.starts_with("Unable to obtain connection from database "
                                  "(jdbc:postgresql://db:5432/x) for user 'me': "));
    EXPECT_TRUE(error.message.contains(message)) << error.message;
    EXPECT_FALSE(error.message.contains('\n')) << error.message;
    EXPECT_TRUE(error.hint.contains(hint)) << error.hint;
  }
}

class ConnectTest : public testing::Test {
 protected:
  Error refused(postgresql::ConnectOptions options) {
    const auto opened = postgresql::open(std::move(options), log);
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }
  [[nodiscard]] postgresql::ConnectOptions by_tcp() const { return server.by_tcp("postgres"); }
  static void set(postgresql::ConnectOptions& options, const char* key, std::string value) {
    options.target.parameters.emplace_back(key, std::move(value));
  }

  PostgresServer& server = PostgresServer::instance();
  Log log;
};

TEST_F(ConnectTest, ReadsTheFactsOfTheSession) {
  auto options = by_tcp();
  set(options, "options", "-c search_path=pg_catalog");
  const auto database = postgresql::open(std::move(options), log);
  ASSERT_TRUE(database) << database.error().message;
  const auto& facts = (*database)->facts();
  EXPECT_EQ(facts.product, "PostgreSQL");
  EXPECT_TRUE(facts.version.starts_with("15.")) << facts.version;
  EXPECT_EQ(facts.version_number / 10000, 15);
  EXPECT_EQ(facts.url, fmt::format("jdbc:postgresql://127.0.0.1:{}/postgres", server.port()));
  EXPECT_EQ(facts.database, "postgres");
  EXPECT_EQ(facts.user, "postgres");
  EXPECT_EQ(facts.schema, "pg_catalog");
}

TEST_F(ConnectTest, AWrongPasswordIsALoginRefusedAndNotRetriedNorShown) {
  auto options = by_tcp();
  options.target.password = Secret("wrong-grass");
  options.connect_retries = 5;
  const auto error = refused(std::move(options));
  EXPECT_EQ(error.code, ErrorCode::login_refused);
  EXPECT_EQ(error.sqlstate, "28P01");
  EXPECT_FALSE((error.message + error.hint + error.excerpt).contains("grass"));
  EXPECT_TRUE(log.notes.empty());
}

TEST_F(ConnectTest, AMissingDatabaseIsNamed) {
  const auto error = refused(server.by_tcp("nodb_here"));
  EXPECT_EQ(error.code, ErrorCode::database_unreachable);
  EXPECT_EQ(error.sqlstate, "3D000");
  EXPECT_TRUE(error.message.ends_with("database \"nodb_here\" does not exist")) << error.message;
}

TEST_F(ConnectTest, RetriesAreToldAndEnd) {
  auto options = by_tcp();
  set(options, "port", "1");
  options.connect_retries = 2;
  options.connect_retries_interval = 0s;
  const auto error = refused(std::move(options));
  EXPECT_EQ(error.code, ErrorCode::database_unreachable);
  EXPECT_TRUE(error.message.contains("127.0.0.1:1 refused the TCP connection")) << error.message;
  ASSERT_EQ(log.notes.size(), 2U);
  EXPECT_TRUE(log.notes[1].contains("(try 3 of 3)")) << log.notes[1];
}

/// A port that takes connections and never says a word.
class Mute {
 public:
  Mute() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, any, size), 0);
    EXPECT_EQ(listen(socket_, 5), 0);
    EXPECT_EQ(getsockname(socket_, any, &size), 0);
    port = std::to_string(ntohs(address.sin_port));
  }
  ~Mute() { close(socket_); }
  Mute(const Mute&) = delete;
  Mute& operator=(const Mute&) = delete;
  std::string port;

 private:
  int socket_;
};

TEST_F(ConnectTest, AServerThatSaysNothingIsATimeOut) {
  const Mute mute;
  auto options = by_tcp();
  set(options, "port", mute.port);
  options.connect_timeout = 1s;
  const auto error = refused(std::move(options));
  EXPECT_EQ(error.code, ErrorCode::database_unreachable);
  EXPECT_TRUE(error.message.contains("took the connection but says nothing for 1 s"))
      << error.message;
}

TEST_F(ConnectTest, AStopEndsTheConnecting) {
  const Mute mute;
  Interrupt interrupt;
  interrupt.request(SIGTERM);
  auto options = by_tcp();
  set(options, "port", mute.port);
  options.interrupt = &interrupt;
  EXPECT_EQ(refused(std::move(options)).code, ErrorCode::interrupted);
}

TEST_F(ConnectTest, InitSqlRunsFirstAndItsFailureEndsTheSession) {
  auto options = by_tcp();
  options.init_sql = "set application_name = 'from_init'; set statement_timeout = '9s';";
  const auto database = postgresql::open(std::move(options), log);
  ASSERT_TRUE(database) << database.error().message;
  const std::vector<Query> question{
      {.text = "SELECT current_setting('application_name'), current_setting('statement_timeout')"}};
  const auto answer = (*database)->query(question);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->at(0), (Rows{{"from_init", "9s"}}));

  options = by_tcp();
  options.init_sql = "select nonsense";
  const auto error = refused(std::move(options));
  EXPECT_EQ(error.code, ErrorCode::sql_failed);
  EXPECT_EQ(error.sqlstate, "42703");
}

TEST_F(ConnectTest, TimeoutsHoldForTheSession) {
  auto options = by_tcp();
  options.limits.table_lock_timeout = 5s;
  options.limits.statement_timeout = 7s;
  const auto database = postgresql::open(std::move(options), log);
  ASSERT_TRUE(database);
  const std::vector<Query> question{
      {.text = "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'),"
               " current_setting('application_name')"}};
  EXPECT_EQ((*database)->query(question)->at(0), (Rows{{"5s", "7s", "dunlin"}}));
  ASSERT_TRUE((*database)->limit({.statement_timeout = 8s}));
  EXPECT_EQ((*database)->query(question)->at(0), (Rows{{"0", "8s", "dunlin"}}));
}

}  // namespace
}  // namespace dunlin::test
