#include "database/postgresql/connect.hpp"

#include "base/lookup.hpp"
#include "base/text.hpp"

#include <libpq-fe.h>

#include <netdb.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <ranges>

namespace dunlin::postgresql {
namespace {

/// Keywords and values as libpq wants them: two arrays of C strings that end with nullptr.
class Keywords {
 public:
  Keywords(const Target& target, const Parameters& found, const Secret& password,
           const std::string& application_name)
      : target_(target), found_(found) {
    add("client_encoding", "UTF8");
    add("gssencmode", "disable");  // would cost a round trip to hear no
    add("keepalives_idle", "30");
    add("keepalives_interval", "10");
    add("keepalives_count", "3");
    add("fallback_application_name", application_name.c_str());
    for (const auto& [keyword, value] : target.parameters) add(keyword.c_str(), value.c_str());
    for (const auto& [keyword, value] : found_) add(keyword.c_str(), value.c_str());
    if (!password.empty()) add("password", ended(password, password_));
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
  const Parameters& found_;
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

std::string text_of(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  const int failed = getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(),
                                 nullptr, 0, NI_NUMERICHOST);
  return failed == 0 ? text.data() : "";
}

/// host, port and hostaddr of a target, one entry an address.
struct Places {
  std::vector<std::string> hosts, ports, addresses;
  void add(const std::string& host, const std::string& port, const addrinfo* first) {
    for (const auto* each = first; each != nullptr; each = each->ai_next) {
      hosts.push_back(host);
      ports.push_back(port);
      addresses.push_back(text_of(*each));
    }
  }
  /// The place that libpq was at is tried no more. False when there is no other.
  bool drop(PGconn& connection) {
    const std::string address = PQhostaddr(&connection);
    const std::string port = PQport(&connection);
    for (std::size_t i = 0; hosts.size() > 1 && i < hosts.size(); ++i) {
      if (addresses[i] != address || (!ports[i].empty() && ports[i] != port)) continue;
      const auto at = static_cast<std::ptrdiff_t>(i);
      for (auto* const list : {&hosts, &ports, &addresses}) list->erase(list->begin() + at);
      return true;
    }
    return false;
  }
  [[nodiscard]] Parameters parameters() const {
    if (hosts.empty()) return {};
    return {
        {"host", join(hosts, ",")}, {"port", join(ports, ",")}, {"hostaddr", join(addresses, ",")}};
  }
};

bool is_socket(std::string_view host) { return host.empty() || host[0] == '/' || host[0] == '@'; }

Error not_resolved(const Attempt& attempt, const Lookup& lookup) {
  if (lookup.end == Lookup::End::interrupted) return interrupted();
  const bool is_silent = lookup.end == Lookup::End::timed_out;
  return connect_error(attempt, fmt::format("could not translate host name: {}",
                                            is_silent ? "Temporary failure, no name server answers"
                                                      : lookup.reason));
}

/// Resolves the names here, where a stop is heard: libpq would block. Names that do not resolve are
/// left out while others do. Nothing to add where addresses are given or hosts are sockets.
Result<Places> resolved(const Parameters& parameters, const Attempt& attempt, Deadline until,
                        const Interrupt* interrupt) {
  const auto hosts = split(value_of(parameters, "host"), ',');
  auto ports = split(value_of(parameters, "port"), ',');
  const bool is_local = hosts.empty() || std::ranges::any_of(hosts, is_socket);
  if (is_local || !value_of(parameters, "hostaddr").empty()) return Places();
  if (ports.size() != hosts.size()) ports.resize(hosts.size(), ports.empty() ? "" : ports[0]);
  Places places;
  Lookup last;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    last = look_up(hosts[i], "", until, interrupt);
    if (last.end == Lookup::End::interrupted) return not_resolved(attempt, last);
    places.add(hosts[i], ports[i], last.addresses.get());
  }
  if (places.hosts.empty()) return not_resolved(attempt, last);
  return places;
}

/// As libpq's blocking connect has it, each place has the whole time: one that is silent is left
/// out, and the rest is tried from the start, since target_session_attrs may ask for a second look.
Result<Connection> connect_to(Places places, const Target& target, const ConnectOptions& options,
                              const Secret& password, const Attempt& attempt,
                              std::chrono::seconds most) {
  const auto begun = std::chrono::steady_clock::now();
  while (true) {
    const auto found = places.parameters();
    const Keywords keywords(target, found, password, options.application_name);
    Connection connection(PQconnectStartParams(keywords.keywords(), keywords.values(), 0));
    if (connection == nullptr)
      return Error{.code = ErrorCode::database_unreachable, .message = "no memory to connect with"};
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE);  // to see the SQLSTATE
    if (PQstatus(connection.get()) == CONNECTION_BAD)
      return connect_error(attempt, PQerrorMessage(connection.get()));
    const auto spent =
        std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - begun);
    const auto time = std::min(timeout_of(target, options), most - spent);
    auto done =
        complete(*connection, attempt, std::max(time, std::chrono::seconds(1)), options.interrupt);
    if (done) return connection;
    const bool goes_on = is_silence(done.error()) && spent < most && places.drop(*connection);
    if (!goes_on) return std::move(done).error();
  }
}

Result<std::unique_ptr<Link>> connect_once(const Target& target, const ConnectOptions& options,
                                           std::chrono::seconds most) {
  auto attempt = attempt_of(target.parameters);
  if (&target == &options.target && !options.shown_url.empty()) attempt.url = options.shown_url;
  if (&target == &options.target && !options.shown_place.empty())
    attempt.place = options.shown_place;
  if (options.interrupt != nullptr && options.interrupt->requested()) return interrupted();
  const auto time = std::min(timeout_of(target, options), most);
  auto places = DUNLIN_TRY(resolved(target.parameters, attempt,
                                    std::chrono::steady_clock::now() + time, options.interrupt));
  Secret made;
  if (options.password_for_connect) {
    const auto place = options.shown_place.empty() ? attempt.place : options.shown_place;
    const auto colon = place.rfind(':');
    made =
        DUNLIN_TRY(options.password_for_connect(place.substr(0, colon), place.substr(colon + 1)));
  }
  const Secret& password = made.empty() ? target.password : made;
  auto connection =
      DUNLIN_TRY(connect_to(std::move(places), target, options, password, attempt, most));
  auto link = std::make_unique<Link>(std::move(connection), options.interrupt);
  link->place = attempt.place;
  link->route = options.route;
  return link;
}

/// One host after the other where each needs a password of its own; else libpq does that.
Result<std::unique_ptr<Link>> connect_any(const Target& target, const ConnectOptions& options,
                                          std::chrono::seconds most) {
  const auto hosts = split(value_of(target.parameters, "host"), ',');
  if (!options.password_for_connect || hosts.size() < 2) return connect_once(target, options, most);
  const auto ports = split(value_of(target.parameters, "port"), ',');
  Result<std::unique_ptr<Link>> last = interrupted();
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    Target one{.parameters = target.parameters,
               .password = {},
               .key_password = target.key_password.duplicate()};
    one.parameters.emplace_back("host", hosts[i]);
    if (ports.size() == hosts.size()) one.parameters.emplace_back("port", ports[i]);
    last = connect_once(one, options, most);
    if (last || last.error().code == ErrorCode::interrupted) return last;
  }
  return last;
}

/// The tries of one connect(), and how long they may take together.
class Waiting {
 public:
  Waiting(const ConnectOptions& options, std::string place)
      : options_(options), place_(std::move(place)) {}

  /// The longest time for the next try.
  [[nodiscard]] std::chrono::seconds most() const {
    if (options_.connect_deadline.count() == 0) return std::chrono::seconds::max();
    return std::max(std::chrono::seconds(1),
                    std::chrono::ceil<std::chrono::seconds>(options_.connect_deadline - elapsed()));
  }
  /// Is the failure worth another try, within the deadline? Says so, and what is waited for.
  bool goes_on(const Error& error, Progress& progress) {
    const auto why = reason_to_wait(error);
    ++tries_;
    if (why.empty() || elapsed() >= options_.connect_deadline) return false;
    progress.hear(Note{.level = Note::Level::info,
                       .text = fmt::format(
                           "Waiting for the database at {}: {} (try {}, {} s of {} s)", place_, why,
                           tries_, elapsed().count() / 1000, options_.connect_deadline.count())});
    return true;
  }
  /// False when it was stopped.
  bool pause() {
    // Between half of it and all of it, so that many tasks do not knock in step.
    std::uniform_int_distribution<std::int64_t> jitter(pause_.count() / 2, pause_.count());
    const std::chrono::milliseconds time(jitter(random_));
    pause_ = std::min(pause_ * 3 / 2, kLongestPause);
    return postgresql::pause(std::chrono::steady_clock::now() + time, options_.interrupt);
  }
  [[nodiscard]] Error after(Error error) const {
    if (tries_ > 1 && options_.connect_deadline.count() > 0) {
      error.message +=
          fmt::format(" (given up after {} tries in {} s)", tries_, elapsed().count() / 1000);
    }
    return error;
  }

 private:
  static constexpr std::chrono::milliseconds kLongestPause{5000};
  [[nodiscard]] std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begun_);
  }
  const ConnectOptions& options_;
  std::string place_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::chrono::milliseconds pause_{500};
  std::minstd_rand random_{std::random_device()()};
  int tries_ = 0;
};

Result<std::unique_ptr<Link>> connect_patiently(const Target& target, const ConnectOptions& options,
                                                Waiting& waiting, Progress& progress) {
  auto link = connect_any(target, options, waiting.most());
  while (!link && waiting.goes_on(link.error(), progress)) {
    if (!waiting.pause()) return interrupted();
    link = connect_any(target, options, waiting.most());
  }
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
  auto hosts = split(or_else("host", or_else("hostaddr", "localhost")), ',');
  const auto ports = split(or_else("port", "5432"), ',');
  for (std::size_t i = 0; i < hosts.size(); ++i)
    hosts[i] += ":" + ports[ports.size() == hosts.size() ? i : 0];
  const auto place = join(hosts, ",");
  return {.url = fmt::format("jdbc:postgresql://{}/{}", place, or_else("dbname", user)),
          .user = user,
          .place = place};
}

Result<std::unique_ptr<Link>> connect(const Target& target, const ConnectOptions& options,
                                      Progress& progress) {
  Waiting waiting(options, options.shown_place.empty() ? attempt_of(target.parameters).place
                                                       : options.shown_place);
  auto delay = std::chrono::seconds(1);
  for (int retry = 0;; ++retry) {
    auto link = connect_patiently(target, options, waiting, progress);
    if (link) return link;
    if (retry >= options.connect_retries || !is_worth_a_retry(link.error()))
      return waiting.after(std::move(link).error());
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
