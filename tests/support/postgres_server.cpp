#include "support/postgres_server.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

namespace dunlin::test {
namespace {

// $1 folder, $2 port, $3 password. Reads until the pipe's other end is closed, whatever closes it.
constexpr const char* kKeeper = R"sh(
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
as=
if [ "$(id -u)" = 0 ]; then
  as="setpriv --reuid postgres --regid postgres --clear-groups"
  chown postgres "$1"
fi
umask 077
printf %s "$3" > "$1/password"
chmod 644 "$1/password"
$as "$bin/initdb" -D "$1/data" -U postgres --auth-local=trust --auth-host=scram-sha-256 \
  --pwfile="$1/password" --no-sync --no-instructions -E UTF8 --locale=C.UTF-8 > "$1/initdb.log" 2>&1
$as "$bin/postgres" -D "$1/data" -k "$1" -p "$2" -c listen_addresses=127.0.0.1 -c fsync=off \
  -c max_connections=60 -c shared_buffers=16MB -c autovacuum=off > "$1/server.log" 2>&1 &
server=$!
read -r nothing
kill -QUIT $server
wait $server
rm -rf "$1"
)sh";

std::string socket_target(const std::string& folder, int port, const std::string& database) {
  return fmt::format("host={} port={} dbname={} user=postgres", folder, port, database);
}

}  // namespace

int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(probe, any, size) != 0 || getsockname(probe, any, &size) != 0) std::abort();
  close(probe);
  return ntohs(address.sin_port);
}

PostgresServer& PostgresServer::instance() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() : port_(free_port()) {
  chmod(folder_.path().c_str(), 0755);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  lifeline_ = ends[1];
  const std::string port = std::to_string(port_);
  keeper_ = fork();
  if (keeper_ == 0) {
    setpgid(0, 0);  // Ctrl-C is for the tests, which then end it
    dup2(ends[0], STDIN_FILENO);
    execl("/bin/sh", "sh", "-c", kKeeper, "keeper", folder_.path().c_str(), port.c_str(), password,
          nullptr);
    _exit(127);
  }
  close(ends[0]);
  const auto target = socket_target(folder_.path(), port_, "postgres");
  for (int tries = 0; PQping(target.c_str()) != PQPING_OK; ++tries) {
    if (tries > 3000 || waitpid(keeper_, nullptr, WNOHANG) != 0) {
      fmt::print(stderr, "PostgreSQL did not start, see {}\n", folder_.path());
      std::abort();
    }
    poll(nullptr, 0, 20);
  }
}

PostgresServer::~PostgresServer() {
  close(lifeline_);
  waitpid(keeper_, nullptr, 0);
}

std::string PostgresServer::make_database() {
  std::string name = fmt::format("test_{}", ++made_);
  Onlooker("postgres").ask("CREATE DATABASE " + name + " TEMPLATE template0 STRATEGY wal_log");
  return name;
}

postgresql::ConnectOptions PostgresServer::by_socket(const std::string& database) const {
  return {.target = {.parameters = {{"host", folder()},
                                    {"port", std::to_string(port_)},
                                    {"dbname", database},
                                    {"user", user}}}};
}

postgresql::ConnectOptions PostgresServer::by_tcp(const std::string& database) const {
  auto options = by_socket(database);
  options.target.parameters.emplace_back("host", "127.0.0.1");
  options.target.password = Secret(password);
  return options;
}

Onlooker::Onlooker(const std::string& database)
    : connection_(PQconnectdb(socket_target(PostgresServer::instance().folder(),
                                            PostgresServer::instance().port(), database)
                                  .c_str())) {
  if (PQstatus(connection_) != CONNECTION_OK) ADD_FAILURE() << PQerrorMessage(connection_);
}

Onlooker::~Onlooker() { PQfinish(connection_); }

std::vector<std::string> Onlooker::ask(const std::string& text) {
  PGresult* const reply = PQexec(connection_, text.c_str());
  if (PQresultStatus(reply) == PGRES_FATAL_ERROR)
    ADD_FAILURE() << text << ": " << PQerrorMessage(connection_);
  std::vector<std::string> column;
  for (int row = 0; row < PQntuples(reply); ++row) column.emplace_back(PQgetvalue(reply, row, 0));
  PQclear(reply);
  return column;
}

std::string Onlooker::value(const std::string& text) {
  const auto column = ask(text);
  if (column.size() != 1) ADD_FAILURE() << text << " yields " << column.size() << " rows";
  return column.empty() ? "" : column.front();
}

}  // namespace dunlin::test
