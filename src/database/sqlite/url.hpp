#pragma once

#include "base/result.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dunlin::sqlite {

/// Names and values of the option jdbcProperties.
using Properties = std::map<std::string, std::string, std::less<>>;

/// A parsed `jdbc:sqlite:PATH?parameters`.
struct Url {
  std::string path;   ///< a file, relative to the working directory; ":memory:"; or a "file:" URI
  std::string shown;  ///< "jdbc:sqlite:PATH", for people and reports
  std::vector<std::pair<std::string, std::string>> pragmas;  ///< run after connecting, in order
  std::optional<std::chrono::milliseconds> busy_timeout;
  bool read_only = false;
  std::vector<std::string> ignored;  ///< parameters that mean something only to Flyway's driver
  std::vector<std::string> unknown;  ///< properties that mean nothing to it either
};

/// Understands `jdbc:sqlite:PATH`, `sqlite:PATH`, `sqlite://PATH` (so sqlite:///abs/olute) and the
/// parameters of Flyway's driver that set a pragma. No path is a private database in memory, as
/// with Flyway. configuration for another scheme, a bad number or an unknown parameter.
/// @param properties  parameters from elsewhere (option jdbcProperties); those of the URL win
Result<Url> parse_url(std::string_view url, const Properties& properties = {});

}  // namespace dunlin::sqlite
