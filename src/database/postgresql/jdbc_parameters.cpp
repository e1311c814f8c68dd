// pgjdbc's connection parameters in libpq's words. Names and meanings: pgjdbc's documentation,
// "Initializing the driver"; libpq's: PostgreSQL manual, 34.1.2.
#include "database/postgresql/jdbc_parameters.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace dunlin::postgresql {
namespace {

enum class Use : std::uint8_t {
  keyword,  ///< passed on under libpq's name
  password,
  key_password,
  seconds,       ///< 0 means without end in both
  milliseconds,  ///< seconds there, milliseconds at libpq's
  flag,          ///< true or false there, 1 or 0 at libpq's
  ssl,
  ssl_mode,
  ssl_factory,
  options,
  search_path,
  server_type,
  harmless,   ///< tunes the Java driver; there is nothing to tune here
  no_effect,  ///< changes what a connection does, and libpq 15 has nothing like it
};

struct Rule {
  std::string_view name;
  Use use;
  std::string_view libpq;
};

constexpr auto kRules = std::to_array<Rule>({
    {"user", Use::keyword, "user"},
    {"password", Use::password, ""},
    {"ApplicationName", Use::keyword, "application_name"},
    {"channelBinding", Use::keyword, "channel_binding"},
    {"connectTimeout", Use::seconds, "connect_timeout"},
    {"currentSchema", Use::search_path, ""},
    {"gssEncMode", Use::keyword, "gssencmode"},
    {"kerberosServerName", Use::keyword, "krbsrvname"},
    {"loginTimeout", Use::seconds, "connect_timeout"},
    {"options", Use::options, ""},
    {"PGDBNAME", Use::keyword, "dbname"},
    {"PGHOST", Use::keyword, "host"},
    {"PGPORT", Use::keyword, "port"},
    {"service", Use::keyword, "service"},
    {"socketTimeout", Use::milliseconds, "tcp_user_timeout"},
    {"ssl", Use::ssl, ""},
    {"sslcert", Use::keyword, "sslcert"},
    {"sslfactory", Use::ssl_factory, ""},
    {"sslkey", Use::keyword, "sslkey"},
    {"sslmode", Use::ssl_mode, ""},
    {"sslpassword", Use::key_password, ""},
    {"sslrootcert", Use::keyword, "sslrootcert"},
    {"targetServerType", Use::server_type, ""},
    {"tcpKeepAlive", Use::flag, "keepalives"},

    {"allowEncodingChanges", Use::harmless, ""},
    {"adaptiveFetch", Use::harmless, ""},
    {"adaptiveFetchMaximum", Use::harmless, ""},
    {"adaptiveFetchMinimum", Use::harmless, ""},
    {"assumeMinServerVersion", Use::harmless, ""},
    {"autosave", Use::harmless, ""},
    {"binaryTransfer", Use::harmless, ""},
    {"binaryTransferDisable", Use::harmless, ""},
    {"binaryTransferEnable", Use::harmless, ""},
    {"cancelSignalTimeout", Use::harmless, ""},
    {"charSet", Use::harmless, ""},
    {"cleanupSavepoints", Use::harmless, ""},
    {"databaseMetadataCacheFields", Use::harmless, ""},
    {"databaseMetadataCacheFieldsMiB", Use::harmless, ""},
    {"defaultRowFetchSize", Use::harmless, ""},
    {"disableColumnSanitiser", Use::harmless, ""},
    {"escapeSyntaxCallMode", Use::harmless, ""},
    {"groupStartupParameters", Use::harmless, ""},
    {"gssResponseTimeout", Use::harmless, ""},
    {"hideUnprivilegedObjects", Use::harmless, ""},
    {"hostRecheckSeconds", Use::harmless, ""},
    {"logServerErrorDetail", Use::harmless, ""},
    {"logUnclosedConnections", Use::harmless, ""},
    {"loggerFile", Use::harmless, ""},
    {"loggerLevel", Use::harmless, ""},
    {"maxResultBuffer", Use::harmless, ""},
    {"maxSendBufferSize", Use::harmless, ""},
    {"preferQueryMode", Use::harmless, ""},
    {"prepareThreshold", Use::harmless, ""},
    {"preparedStatementCacheQueries", Use::harmless, ""},
    {"preparedStatementCacheSizeMiB", Use::harmless, ""},
    {"protocolVersion", Use::harmless, ""},
    {"quoteReturningIdentifiers", Use::harmless, ""},
    {"reWriteBatchedInserts", Use::harmless, ""},
    {"receiveBufferSize", Use::harmless, ""},
    {"sendBufferSize", Use::harmless, ""},
    {"sslResponseTimeout", Use::harmless, ""},
    {"stringtype", Use::harmless, ""},
    {"tcpNoDelay", Use::harmless, ""},
    {"unknownLength", Use::harmless, ""},
    {"xmlFactoryFactory", Use::harmless, ""},

    {"authenticationPluginClassName", Use::no_effect, ""},
    {"gsslib", Use::no_effect, ""},
    {"gssUseDefaultCreds", Use::no_effect, ""},
    {"jaasApplicationName", Use::no_effect, ""},
    {"jaasLogin", Use::no_effect, ""},
    {"loadBalanceHosts", Use::no_effect, ""},
    {"localSocketAddress", Use::no_effect, ""},
    {"readOnly", Use::no_effect, ""},
    {"readOnlyMode", Use::no_effect, ""},
    {"replication", Use::no_effect, ""},
    {"requireAuth", Use::no_effect, ""},
    {"socketFactory", Use::no_effect, ""},
    {"socketFactoryArg", Use::no_effect, ""},
    {"sslNegotiation", Use::no_effect, ""},
    {"sslfactoryarg", Use::no_effect, ""},
    {"sslhostnameverifier", Use::no_effect, ""},
    {"sslpasswordcallback", Use::no_effect, ""},
    {"sspiServiceClass", Use::no_effect, ""},
    {"useSpnego", Use::no_effect, ""},
});

const Rule* rule_of(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kRules, name, &Rule::name);
  return found == kRules.end() ? nullptr : found;
}

Error bad(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

bool is_true(std::string_view value) {
  return value.empty() || equals_ignoring_case(value, "true");
}

/// A value within libpq's `options`, where a blank ends it.
std::string escaped_option(std::string_view value) {
  std::string result;
  for (const char c : value) {
    if (c == ' ' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

/// "no such parameter" with the nearest that there is.
std::string unknown(std::string_view name) {
  std::vector<std::string> names;
  names.reserve(kRules.size());
  for (const auto& rule : kRules) names.emplace_back(rule.name);
  // Its capitals are often all that is wrong with a name.
  const auto same = std::ranges::find_if(
      names, [&](const std::string& known) { return equals_ignoring_case(known, name); });
  if (same != names.end()) return ": names have their capitals, it is " + *same;
  const auto near = nearest(name, names, 1);
  return near.empty() ? "" : ": did you mean " + near.front();
}

}  // namespace

bool hides_value(std::string_view jdbc_name) noexcept {
  const Rule* const rule = rule_of(jdbc_name);
  return rule == nullptr || rule->use == Use::password || rule->use == Use::key_password;
}

void JdbcParameters::keyword(std::string_view name, std::string_view value) {
  url_.target.parameters.emplace_back(name, value);
}

void JdbcParameters::note(Note::Level level, std::string text) {
  url_.notes.push_back({.level = level, .text = std::move(text)});
}

Result<void> JdbcParameters::take(std::string_view name, std::string_view value) {
  const Rule* const rule = rule_of(name);
  if (rule == nullptr) {
    note(Note::Level::warning,
         fmt::format("{}{} is unknown and has no effect{}", origin_, name, unknown(name)));
    return {};
  }
  switch (rule->use) {
    case Use::keyword:
      keyword(rule->libpq, value);
      break;
    case Use::password:
      url_.target.password = Secret(value);
      break;
    case Use::key_password:
      url_.target.key_password = Secret(value);
      break;
    case Use::seconds:
    case Use::milliseconds:
      return take_seconds(name, value);
    case Use::flag:
      keyword(rule->libpq, is_true(value) ? "1" : "0");
      break;
    case Use::ssl:
      ssl_ = is_true(value);
      break;
    case Use::ssl_mode:
      return take_ssl_mode(value);
    case Use::ssl_factory:
      take_factory(value);
      break;
    case Use::options:
      options_ += (options_.empty() ? "" : " ") + std::string(value);
      break;
    case Use::search_path:
      options_ += (options_.empty() ? "" : " ") + ("-c search_path=" + escaped_option(value));
      break;
    case Use::server_type:
      return take_server_type(value);
    case Use::harmless:
      note(Note::Level::debug,
           fmt::format("{}{} tunes Java's driver and has no effect here", origin_, name));
      break;
    case Use::no_effect:
      note(Note::Level::warning, fmt::format("{}{} has no effect here", origin_, name));
      break;
  }
  return {};
}

Result<void> JdbcParameters::take(const Properties& properties) {
  const auto before = std::exchange(origin_, "jdbcProperties.");
  for (const auto& [name, value] : properties) {
    const auto known = std::ranges::find_if(
        kRules, [&](const Rule& rule) { return equals_ignoring_case(rule.name, name); });
    DUNLIN_TRY(take(known == kRules.end() ? std::string_view(name) : known->name, value));
  }
  origin_ = before;
  return {};
}

Result<void> JdbcParameters::take_seconds(std::string_view name, std::string_view value) {
  std::int32_t seconds = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  constexpr std::int32_t most = 2'000'000;  // as milliseconds it still fits libpq's int
  if (problem != std::errc{} || end != value.data() + value.size() || seconds < 0 ||
      seconds > most) {
    return bad(fmt::format("{}{} is no number of seconds", origin_, name),
               fmt::format("write for example {}=30", name));
  }
  const Rule& rule = *rule_of(name);
  if (rule.use == Use::milliseconds) {
    keyword(rule.libpq, std::to_string(seconds * 1000));
  } else {
    keyword(rule.libpq, std::to_string(seconds));
  }
  return {};
}

Result<void> JdbcParameters::take_ssl_mode(std::string_view value) {
  const std::vector<std::string> modes = {"disable", "allow",     "prefer",
                                          "require", "verify-ca", "verify-full"};
  ssl_mode_ = lower(value);
  if (std::ranges::count(modes, ssl_mode_) > 0) return {};
  return bad(fmt::format("{}sslmode={} is no TLS mode", origin_, value),
             "it is one of " + join(modes, ", "));
}

Result<void> JdbcParameters::take_server_type(std::string_view value) {
  struct Type {
    std::string_view jdbc, libpq;
  };
  constexpr std::array types = {
      Type{"any", "any"},
      Type{"primary", "primary"},
      Type{"master", "primary"},
      Type{"secondary", "standby"},
      Type{"slave", "standby"},
      Type{"preferSecondary", "prefer-standby"},
      Type{"preferSlave", "prefer-standby"},
      Type{"preferPrimary", "any"},
  };
  const auto* const found = std::ranges::find_if(
      types, [&](const Type& type) { return equals_ignoring_case(type.jdbc, value); });
  if (found == types.end()) {
    return bad(fmt::format("{}targetServerType={} is no kind of server", origin_, value),
               "it is any, primary, secondary, preferSecondary or preferPrimary");
  }
  if (found->jdbc == "preferPrimary") {
    note(Note::Level::warning,
         "targetServerType=preferPrimary takes the first host that answers; name the primary "
         "first, or write targetServerType=primary");
  }
  keyword("target_session_attrs", found->libpq);
  return {};
}

void JdbcParameters::take_factory(std::string_view value) {
  if (value.ends_with("NonValidatingFactory")) {
    trusts_anybody_ = true;
  } else if (!value.ends_with("LibPQFactory")) {  // that one does what libpq does
    note(Note::Level::warning,
         "the database URL's parameter sslfactory has no effect here; name the certificates to "
         "trust with sslrootcert");
  }
}

void JdbcParameters::finish() {
  // pgjdbc: ssl=true alone means verify-full. Its factory that checks nothing is libpq's require.
  std::string mode = ssl_mode_;
  if (mode.empty() && ssl_) mode = trusts_anybody_ ? "require" : "verify-full";
  if (!mode.empty()) keyword("sslmode", mode);
  if (!options_.empty()) keyword("options", options_);
}

}  // namespace dunlin::postgresql
