#pragma once

#include "database/postgresql/url.hpp"

#include <string>
#include <string_view>

namespace dunlin::postgresql {

/// Does the value have to be hidden? So it is for passwords, and for names nobody knows: one of
/// them may be a misspelt `password`.
[[nodiscard]] bool hides_value(std::string_view jdbc_name) noexcept;

/// Collects the parameters of a JDBC URL and turns them into libpq's.
class JdbcParameters {
 public:
  explicit JdbcParameters(Url& url) : url_(url) {}
  /// @param value  percent-decoded
  Result<void> take(std::string_view name, std::string_view value);
  /// Those of jdbcProperties. Their capitals do not count, since variables have none to tell.
  Result<void> take(const Properties& properties);
  /// Puts in what follows from several parameters together: sslmode and options.
  void finish();

 private:
  void keyword(std::string_view name, std::string_view value);
  void note(Note::Level level, std::string text);
  Result<void> take_seconds(std::string_view name, std::string_view value);
  Result<void> take_ssl_mode(std::string_view value);
  Result<void> take_server_type(std::string_view value);
  void take_factory(std::string_view value);

  Url& url_;
  std::string_view origin_ = "the database URL's parameter ";  ///< for notes, before a name
  std::string ssl_mode_;
  bool ssl_ = false;
  bool trusts_anybody_ = false;
  std::string options_;
};

}  // namespace dunlin::postgresql
