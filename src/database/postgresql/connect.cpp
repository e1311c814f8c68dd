#include "database/postgresql/connect.hpp"

#include "base/text.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <ranges>

namespace dunlin::postgresql {
namespace {

/// Keywords and values as libpq wants them: two arrays of C strings that end with nullptr.
class Keywords {
 public:
  Keywords(const Target& target, const std::string& application_name) : target_(target) {
    add("client_encoding", "UTF8");
    add("gssencmode", "disable");  // would cost a round trip to hear no
    add("keepalives_idle", "30");
    add("keepalives_interval", "10");
    add("keepalives_count", "3");
    add("fallback_application_name", application_name.c_str());
    for (const auto& [keyword, value] : target.parameters) add(keyword.c_str(), value.c_str());
    if (!target.password.empty()) add("password", ended(target.password, password_));
    if (!target.key_password.empty()) add("sslpassword", ended(target.key_password, key_password_));
    add(nullptr, nullptr);
  }
  ~Keywords() {
    explicit_bzero(password_.data(), password_.size());
    explicit_bzero(key_password_.data(), key_password_.size());
  }
  Keywords(const Keywords&) = delete;
  Keywords& operator=(const Keywords&) = delete;

  [[nodiscard]] const char* const* keywords() const { return keywords_.data(); }
  [[nodiscard]] const char* const* values() const { return values_.data(); }

 private:
  /// The secret with the end mark that C wants, kept in `room`.
  static const char* ended(const Secret& secret, std::vector<char>& room) {
    room.reserve(secret.reveal().size() + 1);  // growing would leave a copy behind
    room.assign(secret.reveal().begin(), secret.reveal().end());
    room.push_back('\0');
    return room.data();
  }
  void add(const char* keyword, const char* value) {
    keywords_.push_back(keyword);
    values_.push_back(value);
  }

  const Target& target_;
  std::vector<const char*> keywords_, values_;
  std::vector<char> password_, key_password_;
};

std::chrono::seconds timeout_of(const Target& target, const ConnectOptions& options) {
  const std::string text = value_of(target.parameters, "connect_timeout");
  int seconds = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc{} ||
      seconds <= 0)
    return options.connect_timeout;
  return std::chrono::seconds(seconds);
}

Error interrupted() {
  return {.code = ErrorCode::interrupted, .message = "stopped while connecting to the database"};
}

/// Drives libpq's state machine to its end.
Result<void> complete(PGconn& connection, const Attempt& attempt, std::chrono::seconds time,
                      const Interrupt* interrupt) {
  const auto until = std::chrono::steady_clock::now() + time;
  auto next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) return connect_error(attempt, PQerrorMessage(&connection));
    const auto stage =
        PQstatus(&connection) == CONNECTION_STARTED ? Stage::connecting : Stage::talking;
    const auto what = next == PGRES_POLLING_READING ? For::reading : For::writing;
    switch (wait(PQsocket(&connection), what, until, interrupt)) {
      case Wake::interrupted:
        return interrupted();
      case Wake::timed_out:
        return connect_timeout(attempt, stage, time);
      case Wake::ready:
        next = PQconnectPoll(&connection);
    }
  }
  return {};
}

Result<std::unique_ptr<Link>> connect_once(const Target& target, const ConnectOptions& options) {
  auto attempt = attempt_of(target.parameters);
  if (&target == &options.target && !options.shown_url.empty()) attempt.url = options.shown_url;
  if (&target == &options.target && !options.shown_place.empty())
    attempt.place = options.shown_place;
  if (options.interrupt != nullptr && options.interrupt->requested()) return interrupted();
  const Keywords keywords(target, options.application_name);
  Connection connection(PQconnectStartParams(keywords.keywords(), keywords.values(), 0));
  if (connection == nullptr)
    return Error{.code = ErrorCode::database_unreachable, .message = "no memory to connect with"};
  PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);  // to see the SQLSTATE
  if (PQstatus(connection.get()) == CONNECTION_BAD)
    return connect_error(attempt, PQerrorMessage(connection.get()));
  DUNLIN_TRY(complete(*connection, attempt, timeout_of(target, options), options.interrupt));
  auto link = std::make_unique<Link>(std::move(connection), options.interrupt);
  link->place = attempt.place;
  link->route = options.route;
  return link;
}

std::string caused_by(const Error& error) {
  return error.cause.empty() ? "" : fmt::format("\n(Caused by {})", error.cause);
}

}  // namespace

bool is_worth_a_retry(const Error& error) {
  return error.code == ErrorCode::database_unreachable && error.sqlstate != "3D000";
}

std::string value_of(const Parameters& parameters, std::string_view keyword) {
  std::string value;
  for (const auto& [name, text] : parameters)
    if (name == keyword) value = text;
  return value;
}

Attempt attempt_of(const Parameters& parameters) {
  const auto or_else = [&](std::string_view keyword, std::string_view instead) {
    auto value = value_of(parameters, keyword);
    return value.empty() ? std::string(instead) : value;
  };
  const auto user = value_of(parameters, "user");
  const auto place = fmt::format("{}:{}", or_else("host", or_else("hostaddr", "localhost")),
                                 or_else("port", "5432"));
  return {.url = fmt::format("jdbc:postgresql://{}/{}", place, or_else("dbname", user)),
          .user = user,
          .place = place};
}

Result<std::unique_ptr<Link>> connect(const Target& target, const ConnectOptions& options,
                                      Progress& progress) {
  auto delay = std::chrono::seconds(1);
  for (int retry = 0;; ++retry) {
    auto link = connect_once(target, options);
    if (link || retry >= options.connect_retries || !is_worth_a_retry(link.error())) return link;
    delay = std::min(delay, options.connect_retries_interval);
    progress.hear(
        Note{.level = Note::Level::warning,
             .text = fmt::format("Connection error: {}{}\nRetrying in {} sec...\n(try {} of {})",
                                 link.error().message, caused_by(link.error()), delay.count(),
                                 retry + 2, options.connect_retries + 1)});
    if (!pause(std::chrono::steady_clock::now() + delay, options.interrupt)) return interrupted();
    delay *= 2;
  }
}

}  // namespace dunlin::postgresql
