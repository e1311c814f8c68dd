#include "base/text.hpp"
#include "database/postgresql/connect.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace dunlin::postgresql {
namespace {

constexpr std::string_view kReachable =
    "check host and port, and that the database's security group or firewall lets this machine in";

constexpr std::string_view kNoAnswer = "no answer in time";

constexpr std::string_view kFailover =
    "name the writer's host too; during a failover wait for it, by connectDeadline";
constexpr std::string_view kOtherKind =
    "name a reader's host too, or ask for another kind of server";

struct Stages {
  std::string_view words;  ///< of libpq, in its English text
  std::string_view what;   ///< for the message; {} is HOST:PORT
  std::string_view hint;
};

// Failures before the server says anything, as libpq words them; the first that fits counts.
constexpr std::array kStages = {
    // Of several hosts, one that answered and was not the right one says most.
    Stages{"session is read-only",
           "no server at {} takes writes, and target_session_attrs (targetServerType) asks for one",
           kFailover},
    Stages{
        "server is in hot standby mode",
        "no server at {} is the primary, and target_session_attrs (targetServerType) asks for it",
        kFailover},
    Stages{"server is not in hot standby mode",
           "no server at {} is a standby, and target_session_attrs (targetServerType) asks for one",
           kOtherKind},
    Stages{"session is not read-only",
           "no server at {} is read-only, and target_session_attrs (targetServerType) asks for one",
           kOtherKind},
    Stages{"Temporary failure", "the name of {} cannot be resolved at the moment (DNS)",
           "check the name servers that this machine uses, and its way to them"},
    Stages{"could not translate host name", "the name of {} cannot be resolved (DNS)",
           "check the host, and that this machine can resolve it: a private name needs the VPC's "
           "resolver"},
    Stages{"Connection refused", "{} refused the TCP connection, nothing listens there",
           "check host and port, and that the server runs"},
    Stages{"No such file or directory", "no server listens at {}",
           "check host and port, and that the server runs"},
    Stages{"timeout expired", "{} does not answer (TCP)", kReachable},
    Stages{"Connection timed out", "{} does not answer (TCP)", kReachable},
    Stages{"No route to host", "there is no route to {} (TCP)", kReachable},
    Stages{"Network is unreachable", "there is no network to {} (TCP)", kReachable},
    Stages{"certificate verify failed",
           "the TLS certificate of {} is not signed by a trusted authority",
           "name a file with the authority's certificates: -sslRootCert or PGSSLROOTCERT"},
    Stages{"does not match host name", "the TLS certificate of {} is for another host name",
           "connect by the name that stands in the certificate, or use sslmode=verify-ca"},
    Stages{"root certificate file", "there are no trusted TLS certificates to check {} against",
           "name a file of them: -sslRootCert or PGSSLROOTCERT"},
    Stages{"server does not support SSL", "{} does not speak TLS",
           "turn TLS on at the server; sslmode=disable only where the network is trusted"},
    Stages{"no password supplied", "{} asks for a password and none is set", "set the password"},
    Stages{"SSL error", "TLS with {} failed", "check sslmode, sslrootcert and the server's TLS"},
    Stages{"server closed the connection", "{} closed the connection while it was being opened",
           "the server or a proxy before it may be restarting; try again"},
};

/// The SQLSTATE within "FATAL:  28P01: password ...", and where its text begins.
struct Verdict {
  std::string sqlstate, message;
};

Verdict verdict_of(std::string_view line) {
  for (const std::string_view severity : {"FATAL:  ", "ERROR:  ", "PANIC:  "}) {
    const auto at = line.find(severity);
    if (at == std::string_view::npos) continue;
    const auto rest = line.substr(at + severity.size());
    if (rest.size() > 7 && rest[5] == ':') {
      return {.sqlstate = std::string(rest.substr(0, 5)),
              .message = std::string(trim(rest.substr(6)))};
    }
  }
  return {};
}

/// libpq tells one line or more for each address it tried; a server's own word says most.
Verdict last_verdict(std::string_view complaint) {
  Verdict found;
  for (const auto& line : split(complaint, '\n'))
    if (auto verdict = verdict_of(line); !verdict.sqlstate.empty()) found = std::move(verdict);
  return found;
}

std::string last_line(std::string_view complaint) {
  auto lines = split(trim(complaint), '\n');
  std::string line = lines.empty() ? "no reason given" : lines.back();
  if (const auto at = line.find(" failed: "); at != std::string::npos) line.erase(0, at + 9);
  return std::string(trim(line));
}

Error failure(const Attempt& attempt, std::string_view reason) {
  // The words up to the bracket are Flyway's: people look for them in logs.
  return {.code = ErrorCode::database_unreachable,
          .message = fmt::format("Unable to obtain connection from database ({}) for user '{}': {}",
                                 attempt.url, attempt.user, reason),
          .sqlstate = "08001"};
}

/// A value that libpq cannot use: what it quotes may be part of a password that was put wrongly.
Error invalid_value(const Attempt& attempt, std::string reason) {
  if (const auto open = reason.find('"'); open != std::string::npos) {
    const auto close = reason.find('"', open + 1);
    reason.replace(open, close == std::string::npos ? close : close - open + 1, "…");
  }
  auto error = failure(attempt, reason);
  error.code = ErrorCode::configuration;
  error.hint = "check the parameters of the url";
  return error;
}

Error server_refusal(const Attempt& attempt, const Verdict& verdict) {
  auto error = failure(attempt, verdict.message);
  error.sqlstate = verdict.sqlstate;
  if (verdict.sqlstate.starts_with("28") || verdict.sqlstate == "42501") {
    error.code = ErrorCode::login_refused;
    error.hint = verdict.message.contains("pg_hba.conf")
                     ? "the server lets no such login in: try sslmode=require, or have it allowed"
                     : "check the user and the password, or the secret they come from";
  } else if (verdict.sqlstate == "3D000") {
    error.hint = "check the database's name, or create it";
  } else if (verdict.sqlstate == "57P03") {
    error.hint = "the server is starting: try again, or set connectRetries";
  } else if (verdict.sqlstate == "53300") {
    error.hint = "the server has no connection left: try again, or set connectRetries";
  }
  return error;
}

}  // namespace

Error connect_error(const Attempt& attempt, std::string_view complaint) {
  if (const auto verdict = last_verdict(complaint); !verdict.sqlstate.empty())
    return server_refusal(attempt, verdict);
  const auto* const stage = std::ranges::find_if(
      kStages, [&](const Stages& row) { return complaint.contains(row.words); });
  if (stage == kStages.end()) {
    auto reason = last_line(complaint);
    return reason.starts_with("invalid ") ? invalid_value(attempt, std::move(reason))
                                          : failure(attempt, reason);
  }
  auto error = failure(attempt, replace_all(stage->what, "{}", attempt.place));
  error.hint = stage->hint;
  error.cause = stage->words;
  return error;
}

std::string_view reason_to_wait(const Error& error) {
  if (error.code != ErrorCode::database_unreachable) return {};
  if (error.sqlstate == "57P03") return "it is starting up";
  if (error.sqlstate == "53300") return "it has too many connections";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> reasons = {{
      {"session is read-only", "no server there takes writes: a failover may be under way"},
      {"server is in hot standby mode", "no server there is primary: a failover may be under way"},
      {"Temporary failure", "its name cannot be resolved at the moment (DNS)"},
      {"Connection refused", "it refuses connections (TCP): resuming, or not started yet"},
      {kNoAnswer, "it does not answer: resuming, or a security group keeps us out"},
      {"timeout expired", "it does not answer: resuming, or a security group keeps us out"},
      {"Connection timed out", "it does not answer: resuming, or a security group keeps us out"},
      {"No route to host", "there is no route to it yet (TCP)"},
      {"server closed the connection", "it closed the connection: starting up, or resuming"},
  }};
  for (const auto& [cause, reason] : reasons)
    if (error.cause == cause) return reason;
  return {};
}

bool is_silence(const Error& error) { return error.cause == kNoAnswer; }

Error connect_timeout(const Attempt& attempt, Stage stage, std::chrono::seconds time) {
  const auto* const what = stage == Stage::connecting ? "{} does not answer within {} s (TCP)"
                                                      : "{} took the connection but says nothing "
                                                        "for {} s";
  auto error = failure(attempt, fmt::format(fmt::runtime(what), attempt.place, time.count()));
  error.cause = kNoAnswer;
  error.hint = stage == Stage::connecting
                   ? kReachable
                   : "the server may be starting: try again, or set connectRetries";
  return error;
}

}  // namespace dunlin::postgresql
