#include "sql/classify.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace dunlin::sql {
namespace {

/// Where the name stands in SET [SESSION | LOCAL] name; the first word is SET.
std::size_t setting_index(const Opening& opening) noexcept {
  return opening.is(1, "SESSION") || opening.is(1, "LOCAL") ? 2 : 1;
}

bool is_one_of(const Opening& opening, std::size_t index,
               std::span<const std::string_view> names) noexcept {
  return std::ranges::any_of(names, [&](std::string_view name) { return opening.is(index, name); });
}

constexpr std::array<std::string_view, 6> kTransactionSettings = {
    "TRANSACTION_READ_ONLY",  "DEFAULT_TRANSACTION_READ_ONLY",
    "TRANSACTION_ISOLATION",  "DEFAULT_TRANSACTION_ISOLATION",
    "TRANSACTION_DEFERRABLE", "DEFAULT_TRANSACTION_DEFERRABLE"};

StatementKind kind_of_setting(const Opening& opening, std::size_t name) noexcept {
  const bool authorization = opening.are(name, "SESSION", "AUTHORIZATION") ||
                             opening.are(1, "SESSION", "AUTHORIZATION") ||
                             opening.is(name, "SESSION_AUTHORIZATION");
  if (authorization) return StatementKind::changes_authorization;
  const bool transaction = opening.is(name, "TRANSACTION") ||
                           opening.are(1, "SESSION", "CHARACTERISTICS") ||
                           is_one_of(opening, name, kTransactionSettings);
  return transaction ? StatementKind::changes_transaction : StatementKind::plain;
}

/// COPY table FROM STDIN; the server takes STDIN and STDOUT for the same.
StatementKind kind_of_copy(const Opening& opening) noexcept {
  if (opening.has(1, "FROM", "STDIN") || opening.has(1, "FROM", "STDOUT")) {
    return StatementKind::copy_from_stdin;
  }
  if (opening.has(1, "TO", "STDOUT") || opening.has(1, "TO", "STDIN")) {
    return StatementKind::copy_to_stdout;
  }
  return StatementKind::plain;
}

bool begins_transaction(const Opening& opening) noexcept {
  return opening.is(0, "BEGIN") || opening.are(0, "START", "TRANSACTION");
}

bool ends_transaction(const Opening& opening) noexcept {
  if (opening.are(0, "PREPARE", "TRANSACTION") || opening.is(0, "ABORT")) return true;
  // COMMIT PREPARED ends somebody else's, ROLLBACK TO none
  if (opening.is(0, "COMMIT") || opening.is(0, "END")) return !opening.is(1, "PREPARED");
  return opening.is(0, "ROLLBACK") && !opening.is(1, "PREPARED") && !opening.is(1, "TO") &&
         !opening.is(2, "TO");
}

// Flyway 11's list for PostgreSQL, which scenarios tx-statements-detected and tx-undetected-nontx
// show from both sides.
bool is_transactional_to_flyway(const Opening& opening, int server_version) noexcept {
  constexpr std::array<std::string_view, 3> kObjects = {"DATABASE", "TABLESPACE", "SUBSCRIPTION"};
  constexpr std::array<std::string_view, 3> kReindexed = {"SCHEMA", "DATABASE", "SYSTEM"};
  constexpr int kAddValueInTransaction = 120000;  // release notes of PostgreSQL 12
  const bool creates = opening.is(0, "CREATE");
  if (creates || opening.is(0, "DROP")) {
    const std::size_t object = opening.is(1, "UNIQUE") ? 2 : 1;
    return !is_one_of(opening, 1, kObjects) && !opening.are(object, "INDEX", "CONCURRENTLY");
  }
  if (opening.is(0, "REINDEX")) {
    return !is_one_of(opening, opening.is(1, "VERBOSE") ? 2 : 1, kReindexed);
  }
  const bool adds_value = opening.are(0, "ALTER", "TYPE") && opening.has(2, "ADD", "VALUE");
  if (adds_value) return server_version == 0 || server_version >= kAddValueInTransaction;
  return !opening.are(0, "ALTER", "SYSTEM") && !opening.is(0, "VACUUM") &&
         !opening.are(0, "DISCARD", "ALL");
}

/// What PostgreSQL refuses inside a transaction block beyond Flyway's list
/// (PreventInTransactionBlock in its sources).
bool is_refused_beyond_flyway(const Opening& opening) noexcept {
  if (opening.is(0, "REINDEX")) return opening.has(1, "CONCURRENTLY");
  if (opening.is(0, "CLUSTER")) {
    return opening.size() == 1 || (opening.size() == 2 && opening.is(1, "VERBOSE"));
  }
  if (opening.is(0, "COMMIT") || opening.is(0, "ROLLBACK")) return opening.is(1, "PREPARED");
  if (opening.are(0, "ALTER", "DATABASE")) return opening.has(2, "SET", "TABLESPACE");
  return opening.are(0, "ALTER", "TABLE") && opening.has(2, "DETACH", "PARTITION") &&
         opening.has(4, "CONCURRENTLY");
}

bool is_transactional_to_sqlite(const Opening& opening, NonTransactional which) noexcept {
  if (opening.is(0, "PRAGMA")) {
    // PRAGMA main.foreign_keys has its schema and a dot in between
    const std::size_t name = opening.plain(2) == "." ? 3 : 1;
    if (opening.is(name, "FOREIGN_KEYS")) return false;
    return which == NonTransactional::as_flyway || !opening.is(name, "JOURNAL_MODE");
  }
  if (which == NonTransactional::as_flyway) return true;
  return !opening.is(0, "VACUUM") && !opening.is(0, "DETACH");
}

}  // namespace

bool Opening::is(std::size_t index, std::string_view word) const noexcept {
  if (index >= count_ || tokens_.at(index).kind != TokenKind::word) return false;
  return equals_ignoring_case(tokens_.at(index).text, word);
}

std::string Opening::plain(std::size_t index) const {
  if (index >= count_) return {};
  std::string_view text = tokens_.at(index).text;
  const TokenKind kind = tokens_.at(index).kind;
  const bool quoted = kind == TokenKind::name || kind == TokenKind::string;
  if (quoted && text.size() >= 2) text = text.substr(1, text.size() - 2);
  return lower(text);
}

bool creates_routine(const Opening& opening) noexcept {
  const std::size_t what = opening.are(1, "OR", "REPLACE") ? 3 : 1;
  return opening.is(0, "CREATE") && (opening.is(what, "FUNCTION") || opening.is(what, "PROCEDURE"));
}

bool creates_rule(const Opening& opening) noexcept {
  return opening.are(0, "CREATE", "RULE") || opening.are(0, "CREATE", "OR", "REPLACE", "RULE");
}

bool creates_trigger(const Opening& opening) noexcept {
  std::size_t first = 0;
  if (opening.is(0, "EXPLAIN")) first = opening.are(1, "QUERY", "PLAN") ? 3 : 1;
  const bool temporary = opening.is(first + 1, "TEMP") || opening.is(first + 1, "TEMPORARY");
  return opening.is(first, "CREATE") && opening.is(first + (temporary ? 2 : 1), "TRIGGER");
}

StatementKind postgresql_kind(const Opening& opening) noexcept {
  if (begins_transaction(opening)) return StatementKind::begins_transaction;
  if (ends_transaction(opening)) return StatementKind::ends_transaction;
  if (opening.is(0, "COPY")) return kind_of_copy(opening);
  if (opening.is(0, "SET")) return kind_of_setting(opening, setting_index(opening));
  if (opening.is(0, "RESET")) return kind_of_setting(opening, 1);
  if (opening.are(0, "DISCARD", "ALL")) return StatementKind::drops_locks;
  return StatementKind::plain;
}

StatementKind sqlite_kind(const Opening& opening) noexcept {
  if (opening.is(0, "BEGIN")) return StatementKind::begins_transaction;
  const bool ends = opening.is(0, "COMMIT") || opening.is(0, "END") ||
                    (opening.is(0, "ROLLBACK") && !opening.is(1, "TO") && !opening.is(2, "TO"));
  return ends ? StatementKind::ends_transaction : StatementKind::plain;
}

bool is_transactional(const Opening& opening, Dialect dialect, int server_version,
                      NonTransactional which) noexcept {
  if (dialect == Dialect::sqlite) return is_transactional_to_sqlite(opening, which);
  if (!is_transactional_to_flyway(opening, server_version)) return false;
  return which == NonTransactional::as_flyway || !is_refused_beyond_flyway(opening);
}

StringsSetting strings_setting(const Opening& opening) {
  constexpr std::string_view kName = "STANDARD_CONFORMING_STRINGS";
  if (opening.is(0, "RESET")) {
    return opening.is(1, "ALL") || opening.is(1, kName) ? StringsSetting::initial
                                                        : StringsSetting::unchanged;
  }
  if (opening.are(0, "DISCARD", "ALL")) return StringsSetting::initial;
  const std::size_t name = setting_index(opening);
  if (!opening.is(0, "SET") || !opening.is(name, kName)) return StringsSetting::unchanged;
  const std::string value = opening.plain(name + 2);  // behind = or TO
  if (value == "default") return StringsSetting::initial;
  const bool off = value == "0" || value == "of" || value == "off" || value.starts_with('f') ||
                   value.starts_with('n');
  return off ? StringsSetting::off : StringsSetting::on;
}

}  // namespace dunlin::sql
