#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// Which world a location names. There is no class path here: such a location parses, so that a
/// Flyway configuration can be read, and holds nothing.
enum class LocationKind { filesystem, classpath };

/// A place where scripts are looked for, as Flyway writes it: "filesystem:./sql",
/// "filesystem:db/*/migrations". Without a prefix it is a class path location, as with Flyway.
struct Location {
  LocationKind kind = LocationKind::filesystem;
  std::string path;                  ///< without prefix, doubled slashes and a slash at the end
  std::string root;                  ///< the part of `path` before the first wildcard; may be empty
  std::vector<std::string> pattern;  ///< segments from the first with a wildcard on; often none

  /// With its prefix, as reports show it.
  [[nodiscard]] std::string text() const;
};

/// ErrorCode::configuration when the prefix is none of ours.
[[nodiscard]] Result<Location> parse_location(std::string_view text);

/// What reports call a file that stands at `path` below `location.root` ("a/V1__x.sql"), or nothing
/// if the wildcards leave it out. `*` stands for one or more characters of one name, `?` for one,
/// `**` between two names for any number of folders; what follows the last segment is the answer.
/// A pattern whose last wildcard segment has a dot names files, not folders (observed with Flyway).
[[nodiscard]] std::optional<std::string_view> name_below(const Location& location,
                                                         std::string_view path);

/// Locations in the order in which they are searched, and what a person should know about them.
struct Locations {
  std::vector<Location> kept;  ///< sorted by text; no duplicates, none inside another
  std::vector<std::string> notes;
};

/// Parses, sorts and drops what another location holds already, with Flyway's words.
[[nodiscard]] Result<Locations> parse_locations(const std::vector<std::string>& texts);

/// Why a location on a class path holds nothing, and what to write for a folder.
[[nodiscard]] std::string no_class_path(const Location& location);

}  // namespace dunlin
