#pragma once

#include "sql/dialect.hpp"
#include "sql/lexer.hpp"
#include "sql/statement.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace dunlin::sql {

/// Which statements count as unable to run inside a transaction.
enum class NonTransactional : std::uint8_t {
  as_flyway,  ///< those that Flyway 11 knows, so that scripts run, or fail, as with it
  all,        ///< every one that the database refuses there
};

/// The first tokens of a statement, brackets and what stands in them left out: all that is needed
/// to tell what it does.
class Opening {
 public:
  void add(const Token& token) noexcept {
    if (count_ < tokens_.size()) tokens_.at(count_++) = token;
  }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  /// Is the token at `index` this word, unquoted? `word` in capitals.
  [[nodiscard]] bool is(std::size_t index, std::string_view word) const noexcept;
  /// Do these words stand at `index` and behind it?
  template <class... Words>
  [[nodiscard]] bool are(std::size_t index, Words... words) const noexcept {
    return (is(index++, words) && ...);
  }
  /// The same at any place from `index` on.
  template <class... Words>
  [[nodiscard]] bool has(std::size_t index, Words... words) const noexcept {
    for (; index < count_; ++index) {
      if (are(index, words...)) return true;
    }
    return false;
  }
  /// In lower case and without quotes; empty beyond the end.
  [[nodiscard]] std::string plain(std::size_t index) const;

 private:
  std::array<Token, 16> tokens_{};
  std::size_t count_ = 0;
};

/// Bodies in which a semicolon does not end the statement.
[[nodiscard]] bool creates_routine(const Opening& opening) noexcept;  ///< FUNCTION, PROCEDURE
[[nodiscard]] bool creates_rule(const Opening& opening) noexcept;
[[nodiscard]] bool creates_trigger(const Opening& opening) noexcept;  ///< SQLite's

[[nodiscard]] StatementKind postgresql_kind(const Opening& opening) noexcept;
[[nodiscard]] StatementKind sqlite_kind(const Opening& opening) noexcept;

/// @param server_version  as libpq gives it, such as 150020; 0 means the newest
[[nodiscard]] bool is_transactional(const Opening& opening, Dialect dialect, int server_version,
                                    NonTransactional which) noexcept;

/// The new value of standard_conforming_strings, if the statement sets it.
enum class StringsSetting : std::uint8_t { unchanged, on, off, initial };
[[nodiscard]] StringsSetting strings_setting(const Opening& opening);

}  // namespace dunlin::sql
