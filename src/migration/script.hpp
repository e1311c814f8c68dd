#pragma once

#include "base/resource.hpp"
#include "migration/callback_event.hpp"
#include "migration/script_config.hpp"
#include "migration/script_name.hpp"
#include "migration/version.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// "SQL", "SQL_BASELINE", "UNDO_SQL": the history's type column for a script of this kind.
[[nodiscard]] std::string_view history_type(ScriptKind kind) noexcept;

/// One migration script of a source, as its name, its bytes and the file beside it say.
struct Script {
  ScriptKind kind = ScriptKind::versioned;
  std::optional<Version> version;  ///< absent for repeatable ones only
  std::string description;         ///< underscores of the name as blanks
  std::string name;                ///< its path below its location: the history's script column
  std::string shown;               ///< as messages and reports name the file
  std::string located;             ///< as messages name the file: "sql/V2__b.sql"
  std::int32_t checksum = 0;
  ScriptConfig config;
  bool should_execute = true;               ///< what config.should_execute comes to
  Resource resource;                        ///< for reading the bytes again when it runs
  std::shared_ptr<const std::string> text;  ///< decoded; kept for small files only, else absent
};

/// `version "1 - a"` or `repeatable migration "r"`-like names for messages: "1 - a", "r".
[[nodiscard]] std::string full_name(const std::optional<Version>& version,
                                    std::string_view description);

/// A description as the history's column of 200 letters takes it: a longer one ends in "...", as
/// with Flyway.
[[nodiscard]] std::string abbreviated(const std::string& description);

/// Scripts in the order in which they run: versioned (and baseline, undo) by version, then
/// repeatable ones by description. Two scripts of one kind that claim the same version, or the same
/// description, are duplicate_script; the message lists the files.
Result<std::vector<Script>> in_order(std::vector<Script> scripts);

/// A script bound to an event, such as afterMigrate__refresh.sql.
struct Callback {
  CallbackEvent event = CallbackEvent::before_migrate;
  std::string description;  ///< may be empty
  std::string file_name;    ///< without its suffix: "afterMigrate__refresh"
  std::string name;         ///< path below its location
  std::string shown;
  std::string located;  ///< as messages name the file: "sql/V2__b.sql"
  ScriptConfig config;
  std::shared_ptr<const std::string> text;
};

}  // namespace dunlin
