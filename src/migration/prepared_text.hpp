#pragma once

#include "base/result.hpp"
#include "migration/step.hpp"
#include "sql/dialect.hpp"
#include "sql/placeholders.hpp"
#include "sql/statement_pattern.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// What `${...}` stands for in one file. The values are views: they may be secrets.
struct Replacement {
  bool enabled = true;
  sql::PlaceholderOptions options;
  sql::PlaceholderValues values;
};

using sql::StatementPattern;

/// Whose SQL it is.
struct SqlRules {
  sql::Dialect dialect = sql::Dialect::postgresql;
  int server_version = 0;                           ///< such as 150020
  std::vector<StatementPattern> non_transactional;  ///< besides those that are known
};

struct FileName {
  std::string shown;    ///< with its whole path
  std::string located;  ///< location and path below it: "sql/V2__b.sql"
  std::string script;   ///< below its location
};

/// `text` with its placeholders replaced. configuration when one has no value.
Result<std::string> replaced_text(std::string_view text, const Replacement& replacement);

/// Replaces placeholders and splits into statements. Errors have Flyway's first words, "Unable to
/// parse statement in ...", with file, line, column and an excerpt without secrets: configuration
/// for a placeholder without a value, script_unreadable for what never ends.
/// @param original  decoded
Result<std::shared_ptr<const PreparedText>> prepare_text(std::string original, FileName name,
                                                         const Replacement& replacement,
                                                         const SqlRules& rules);

/// Statements that need to run outside a transaction, and the others.
struct Kinds {
  bool any_non_transactional = false;
  bool any_transactional = false;
  std::size_t first_non_transactional = 0;  ///< index; only if there is one
};
[[nodiscard]] Kinds kinds_of(const PreparedText& text) noexcept;

}  // namespace dunlin
