#pragma once

#include "base/result.hpp"
#include "engine/events.hpp"
#include "engine/options.hpp"
#include "migration/prepared_text.hpp"
#include "migration/script.hpp"
#include "source/script_source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

using PlaceholderValues = decltype(Replacement::values);

/// What a source holds, read once and shared by all commands of a call.
struct Scripts {
  std::vector<Script> migrations;      ///< as in_order() returns them
  std::vector<Callback> callbacks;     ///< by event, then by name: the order in which they run
  std::vector<std::string> locations;  ///< with their prefix, as reports show them
  std::vector<ScriptOrigin> origins;   ///< the commits they come from, each once
  /// Why the migrations cannot be used: one is unreadable, two claim one version. Not yet an error,
  /// as clean and baseline do without them; see need_migrations().
  std::optional<Error> unusable;
};

/// The files of a source, found but not read.
struct ScriptFiles {
  Listing scripts, callbacks;
};

/// Lists the locations; needs no database, so that what is missing is known before one is asked.
/// Errors: missing_location, source_failed, configuration.
Result<ScriptFiles> list_scripts(ScriptSource& source, const ScriptOptions& options,
                                 Listener& listener);

/// Reads each file once, sums it and keeps the text of small ones.
/// Errors: those of callbacks and of names; what is wrong with a migration is `unusable`.
/// @param defaults  the `flyway:...` placeholders but for the file's own name
Result<Scripts> load_scripts(const ScriptFiles& files, const ScriptOptions& options,
                             const PlaceholderValues& defaults, Listener& listener);

/// What runs has to be what was summed: the checksum goes into the history. script_unreadable.
[[nodiscard]] Error changed_meanwhile(const Script& script);

/// Nothing, or why the migrations cannot be used: script_unreadable, duplicate_script,
/// configuration. For commands that need them, before they change anything.
Result<void> need_migrations(const Scripts& scripts);

/// The text of a script, decoded: the kept one, or read again. script_unreadable when the file has
/// changed since its checksum was taken; of a repeatable one that shows only when its placeholders
/// are replaced.
Result<std::string> text_of(const Script& script, const ScriptOptions& options);

/// What differs between a script and the text that had the checksum `applied`, and what to do: two
/// lines; empty when the file cannot be read any more.
[[nodiscard]] std::string difference_of(const Script& script, std::int32_t applied,
                                        const ScriptOptions& options);

/// What `${flyway:filename}` stands for in the script at `path`.
[[nodiscard]] std::string placeholder_file_name(std::string_view path,
                                                const ScriptOptions& options);

/// How `${...}` is replaced in one file.
/// @param file_name  its placeholder_file_name(); the values lead into it
[[nodiscard]] Replacement replacement_for(std::string_view file_name, const ScriptConfig& config,
                                          const ScriptOptions& options,
                                          const PlaceholderValues& defaults);

}  // namespace dunlin
