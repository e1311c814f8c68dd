#pragma once

#include "migration/callback_event.hpp"
#include "migration/version.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dunlin {

/// How files of scripts are called; the defaults are Flyway's.
struct NamingOptions {
  std::string sql_prefix = "V";
  std::string repeatable_prefix = "R";
  std::string undo_prefix = "U";
  std::string baseline_prefix = "B";
  std::string separator = "__";
  std::vector<std::string> suffixes = {".sql"};
};

enum class ScriptKind : std::uint8_t { versioned, repeatable, baseline, undo };

/// "V1.1__create_table.sql"
struct MigrationName {
  ScriptKind kind = ScriptKind::versioned;
  std::optional<Version> version;  ///< absent for repeatable ones only
  std::string description;         ///< with blanks for underscores; may be empty
};
/// "afterMigrate__grants.sql"
struct CallbackName {
  CallbackEvent event = CallbackEvent::before_migrate;
  std::string description;  ///< with blanks for underscores; may be empty
  std::string name;         ///< the file's name without its suffix: "afterMigrate__grants"
};
/// A file that is passed over without a word: its suffix is none of ours.
struct NotAScript {};
/// A file with our suffix that fits no convention: it is not run, but counted, and named under
/// validateMigrationNaming.
struct InvalidName {
  std::string reason;  ///< one line that names the file
};
using ScriptName = std::variant<MigrationName, CallbackName, NotAScript, InvalidName>;

/// What a file is by its name alone (observed with Flyway 11, scenarios naming-* and callbacks-*).
/// Prefixes and events are told apart by letter case, suffixes are not; the longest prefix that
/// fits decides, the first suffix in the list is cut off.
/// @param file_name  without folders
[[nodiscard]] ScriptName parse_script_name(std::string_view file_name,
                                           const NamingOptions& options = {});

/// What `${flyway:filename}` stands for: the file's name, but a separator that nothing follows is
/// left out, as with Flyway: "V3__.sql" is "V3.sql".
[[nodiscard]] std::string name_for_placeholder(std::string_view file_name,
                                               const NamingOptions& options = {});

}  // namespace dunlin
