#pragma once

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace dunlin::sql {

/// A regular expression of the user's that names further statements that cannot run inside a
/// transaction: "^call +archive\." It is searched, whatever the letter case, in the first 1,000
/// bytes of a statement, where runs of blanks and comments count as one blank.
class StatementPattern {
 public:
  /// @param expression  POSIX extended, with \s, \w and \b as the C library knows them;
  ///                    ErrorCode::configuration if it is none
  static Result<StatementPattern> parse(std::string_view expression);
  /// @param squeezed  the start of a statement with its blanks squeezed
  [[nodiscard]] bool matches(const std::string& squeezed) const noexcept;

 private:
  struct Compiled;
  explicit StatementPattern(std::shared_ptr<const Compiled> compiled);
  std::shared_ptr<const Compiled> compiled_;  // shared: options are copied, expressions are not
};

}  // namespace dunlin::sql
