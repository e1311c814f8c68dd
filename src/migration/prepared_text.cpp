#include "migration/prepared_text.hpp"

#include "base/text.hpp"
#include "sql/excerpt.hpp"
#include "sql/splitter.hpp"

#include <utility>

namespace dunlin {
namespace {

constexpr std::string_view kPlaceholderPage =
    "https://documentation.red-gate.com/fd/migration-placeholders-275218552.html";

/// Flyway's words for a text whose placeholders cannot be replaced; people and tools look for them.
Error unparsable(Error cause, const FileName& name) {
  cause.message = fmt::format(
      "Unable to parse statement in {} at line 1 col 1. See {} for more "
      "information. {}",
      name.located, kPlaceholderPage, cause.message);
  cause.trail.insert(cause.trail.begin(), name.script);
  return cause;
}

}  // namespace

Result<std::string> replaced_text(std::string_view text, const Replacement& replacement) {
  if (!replacement.enabled) return std::string(text);
  auto replaced = sql::replace_placeholders(text, replacement.values, replacement.options);
  if (!replaced) return std::move(replaced).error();
  return std::move(replaced->text);
}

Result<std::shared_ptr<const PreparedText>> prepare_text(std::string original, FileName name,
                                                         const Replacement& replacement,
                                                         const SqlRules& rules) {
  auto prepared = std::make_shared<PreparedText>();
  // A large script without placeholders is not copied.
  if (replacement.enabled && original.contains(replacement.options.prefix)) {
    for (const std::size_t at :
         sql::escaped_placeholders(original, replacement.values, replacement.options)) {
      const sql::Position place = sql::position_of(original, at);
      prepared->suspicious.push_back(
          fmt::format("{}: a placeholder after a further $ at line {}, column {} is left as it is: "
                      "its value is not put in",
                      name.located, place.line, place.column));
    }
    auto replaced = sql::replace_placeholders(original, replacement.values, replacement.options);
    if (!replaced) return unparsable(std::move(replaced).error(), name);
    prepared->text = std::move(replaced->text);
    prepared->map = std::move(replaced->map);
    if (!prepared->map.empty()) prepared->original = std::move(original);
  } else {
    prepared->text = std::move(original);
  }
  sql::SplitOptions options{.server_version = rules.server_version,
                            .patterns = rules.non_transactional};
  if (!prepared->map.empty()) {
    options.original = prepared->original;
    options.map = &prepared->map;
  }
  std::vector<sql::Warning> warnings;
  auto statements = sql::split(prepared->text, rules.dialect, options, &warnings);
  if (!statements) {
    statements.error().trail.insert(statements.error().trail.begin(), name.script);
    return std::move(statements).error();
  }
  prepared->statements = *std::move(statements);
  for (sql::Warning& warning : warnings) {
    prepared->warnings.push_back(fmt::format("{}: {}", name.shown, warning.message));
  }
  prepared->shown = std::move(name.shown);
  prepared->located = std::move(name.located);
  prepared->script = std::move(name.script);
  return std::shared_ptr<const PreparedText>(std::move(prepared));
}

Kinds kinds_of(const PreparedText& text) noexcept {
  Kinds kinds;
  for (std::size_t i = 0; i < text.statements.size(); ++i) {
    if (text.statements[i].transactional) {
      kinds.any_transactional = true;
    } else if (!std::exchange(kinds.any_non_transactional, true)) {
      kinds.first_non_transactional = i;
    }
  }
  return kinds;
}

}  // namespace dunlin
