// From files to scripts: what each file is by its name, its checksum, and the .conf beside it.
#include "engine/scripts.hpp"

#include "base/text.hpp"
#include "migration/checksum.hpp"
#include "migration/checksum_difference.hpp"
#include "migration/encoding.hpp"
#include "migration/script_config.hpp"
#include "migration/script_name.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

// Texts of up to this size are kept from the checksum to the run, larger ones are read again; so
// that thousands of small scripts are read once, and a dump of 200 MB is in memory only while it
// runs. In all no more than kKeptInAll bytes are kept.
constexpr std::size_t kKeptEach = 64UL << 10U;
constexpr std::size_t kKeptInAll = 8UL << 20U;

constexpr std::string_view kConfigSuffix = ".conf";

/// A file's bytes as text, and what a person should know of how they were read.
struct Decoded {
  std::string text;
  std::string charset;
  std::string doubt;
};
/// In the charset that the script's .conf file names, else the one that is found out or configured.
Result<Decoded> decoded(std::string bytes, const ScriptConfig& config,
                        const ScriptOptions& options) {
  DetectedCharset charset{.name = options.encoding};
  if (config.encoding) {
    charset.name = *config.encoding;
  } else if (options.detect_encoding) {
    charset = DUNLIN_TRY(detect_charset(bytes));
  }
  return Decoded{.text = DUNLIN_TRY(decode(std::move(bytes), charset.name)),
                 .charset = std::string(charset.name),
                 .doubt = std::move(charset.doubt)};
}

Result<bool> is_to_execute(const ScriptConfig& config, const Resource& file) {
  if (!config.should_execute) return true;
  auto answer = should_execute(*config.should_execute);
  if (!answer) answer.error().trail.push_back(fmt::format("{}{}", file.shown, kConfigSuffix));
  return answer;
}

/// Reads what the listing names. One file at a time; holds what is shared between them.
class Loader {
 public:
  Loader(const ScriptOptions& options, const PlaceholderValues& defaults, Listener& listener)
      : options_(options), defaults_(defaults), listener_(listener) {}

  Result<void> load(const Listing::Location& location, bool with_migrations, bool with_callbacks) {
    root_ = location.root;
    for (const Resource& file : location.files) {
      if (file.path.ends_with(kConfigSuffix)) configs_.emplace(file.path, &file);
    }
    for (const Resource& file : location.files) {
      ScriptName name = parse_script_name(file_name_of(file.path), options_.naming);
      if (auto* const callback = std::get_if<CallbackName>(&name)) {
        if (with_callbacks) DUNLIN_TRY(add(file, std::move(*callback)));
      } else if (with_migrations) {
        // Without what its .conf says no command goes on.
        if (std::holds_alternative<MigrationName>(name)) DUNLIN_TRY(config_beside(file));
        note(add_migration(file, std::move(name)));
      }
    }
    configs_.clear();
    return {};
  }

  [[nodiscard]] const std::vector<std::string>& invalid_names() const { return invalid_names_; }
  /// All in order, unless one of them, or how they stand together, makes them unusable.
  void take_migrations(Scripts& scripts) {
    auto ordered = in_order(std::move(migrations_));
    if (ordered) {
      scripts.migrations = *std::move(ordered);
    } else if (!unusable_) {
      unusable_ = std::move(ordered).error();
    }
    scripts.unusable = std::move(unusable_);
  }
  [[nodiscard]] std::vector<Callback> take_callbacks() { return std::move(callbacks_); }

 private:
  void note(Result<void> added) {
    if (!added && !unusable_) unusable_ = std::move(added).error();
  }

  /// Takes what is called like a migration; notes what nearly is.
  Result<void> add_migration(const Resource& file, ScriptName name) {
    if (auto* const invalid = std::get_if<InvalidName>(&name)) {
      invalid_names_.push_back(std::move(invalid->reason));
    }
    auto* const migration = std::get_if<MigrationName>(&name);
    if (migration == nullptr) return {};
    // With one prefix for both kinds every file is both, which in_order() then refuses.
    const bool ambiguous = options_.naming.sql_prefix == options_.naming.repeatable_prefix;
    if (ambiguous) DUNLIN_TRY(add(file, *migration));
    return add(file, std::move(*migration));
  }

  Result<void> add(const Resource& file, MigrationName name) {
    Script script{.kind = name.kind,
                  .version = std::move(name.version),
                  .description = std::move(name.description),
                  .name = file.path,
                  .shown = file.shown,
                  .located = located(file),
                  .config = DUNLIN_TRY(config_beside(file)),
                  .resource = file};
    std::string text = DUNLIN_TRY(read(file, script.config));
    script.should_execute = DUNLIN_TRY(is_to_execute(script.config, file));
    // A repeatable script runs again when what it says changes, placeholders included.
    script.checksum = script.kind == ScriptKind::repeatable
                          ? checksum(DUNLIN_TRY(replaced(text, file, script.config)))
                          : checksum(text);
    if (text.size() <= kKeptEach && kept_ + text.size() <= kKeptInAll) {
      kept_ += text.size();
      script.text = std::make_shared<const std::string>(std::move(text));
    }
    migrations_.push_back(std::move(script));
    return {};
  }

  Result<void> add(const Resource& file, CallbackName name) {
    const ScriptConfig config = DUNLIN_TRY(config_beside(file));
    callbacks_.push_back(
        {.event = name.event,
         .description = std::move(name.description),
         .file_name = std::move(name.name),
         .name = file.path,
         .shown = file.shown,
         .located = located(file),
         .config = config,
         .text = std::make_shared<const std::string>(DUNLIN_TRY(read(file, config)))});
    return {};
  }

  /// "sql/V1__a.sql": as the location is configured, with the path below it.
  [[nodiscard]] std::string located(const Resource& file) const {
    return root_.empty() ? file.path : fmt::format("{}/{}", root_, file.path);
  }

  Result<std::string> read(const Resource& file, const ScriptConfig& config) const {
    std::string bytes = DUNLIN_TRY(file.read());
    auto read = decoded(std::move(bytes), config, options_);
    if (read && !read->doubt.empty()) {
      listener_.hear(CommandEvent(Warned{fmt::format("{}: {}", file.shown, read->doubt)}));
    }
    if (read) return std::move(read->text);
    Error error = std::move(read).error();
    error.message = fmt::format("Unable to calculate checksum of {}: {}", file_name_of(file.path),
                                error.message);
    error.trail.insert(error.trail.begin(), file.shown);
    return error;
  }

  Result<std::string> replaced(std::string_view text, const Resource& file,
                               const ScriptConfig& config) const {
    const std::string name = placeholder_file_name(file.path, options_);
    auto result = replaced_text(text, replacement_for(name, config, options_, defaults_));
    if (!result) result.error().trail.push_back(file.shown);
    return result;
  }

  /// What V1__x.sql.conf says, when there is one.
  Result<ScriptConfig> config_beside(const Resource& file) const {
    if (configs_.empty()) return ScriptConfig{};
    const auto found = configs_.find(fmt::format("{}{}", file.path, kConfigSuffix));
    if (found == configs_.end()) return ScriptConfig{};
    const Resource& beside = *found->second;
    std::string bytes = DUNLIN_TRY(beside.read());
    const std::string text = DUNLIN_TRY(decode(std::move(bytes), "UTF-8"));
    auto config = parse_script_config(DUNLIN_TRY(replaced(text, file, ScriptConfig{})));
    if (!config) config.error().trail.push_back(beside.shown);
    return config;
  }

  const ScriptOptions& options_;
  const PlaceholderValues& defaults_;
  Listener& listener_;
  std::map<std::string, const Resource*, std::less<>> configs_;
  std::vector<Script> migrations_;
  std::optional<Error> unusable_;  // the first that was met
  std::vector<Callback> callbacks_;
  std::vector<std::string> invalid_names_;
  std::string root_;  // of the location that is being read
  std::size_t kept_ = 0;
};

Result<std::vector<Callback>> callbacks_in_order(std::vector<Callback> callbacks) {
  std::ranges::stable_sort(callbacks, [](const Callback& a, const Callback& b) {
    if (a.event != b.event) return a.event < b.event;
    return a.description < b.description;
  });
  const auto twins = std::ranges::adjacent_find(callbacks, [](const auto& a, const auto& b) {
    return a.event == b.event && a.description == b.description;
  });
  if (twins == callbacks.end()) return callbacks;
  return Error{
      .code = ErrorCode::duplicate_script,
      .message = fmt::format("Found more than 1 SQL callback script called {}!", twins->file_name),
      .hint = "give one of them another description",
      .excerpt = fmt::format("Offenders:\n-> {}\n-> {}", twins->shown, std::next(twins)->shown)};
}

Result<void> check_names(const std::vector<std::string>& invalid, const ScriptOptions& options,
                         Listener& listener) {
  if (invalid.empty()) return {};
  if (!options.validate_naming) {
    listener.hear(CommandEvent(InvalidNames{.count = invalid.size()}));
    return {};
  }
  return Error{
      .code = ErrorCode::validation,
      .message = "Invalid SQL filenames found:",
      .hint = "rename the files, or set validateMigrationNaming to false to pass them over",
      .excerpt = join(invalid, "\n")};
}

Result<void> check_found(const Listing::Location& location, const ScriptOptions& options,
                         Listener& listener) {
  if (location.found) return {};
  if (!options.fail_on_missing_locations) {
    listener.hear(
        CommandEvent(LocationSkipped{.location = location.root, .reason = location.problem}));
    return {};
  }
  return Error{.code = ErrorCode::missing_location,
               .message = fmt::format("Failed to find filesystem location: {} ({})", location.root,
                                      location.problem),
               .hint = "check the locations option; relative ones start at the working directory"};
}

}  // namespace

Result<ScriptFiles> list_scripts(ScriptSource& source, const ScriptOptions& options,
                                 Listener& listener) {
  ScriptFiles files;
  for (const bool only_callbacks : {false, true}) {
    const auto& wanted = only_callbacks ? options.callback_locations : options.locations;
    if (wanted.empty()) continue;
    Listing listing = DUNLIN_TRY(source.list(wanted));
    for (const std::string& note : listing.notes) listener.hear(CommandEvent(Warned{note}));
    for (const Listing::Location& location : listing.locations) {
      DUNLIN_TRY(check_found(location, options, listener));
    }
    (only_callbacks ? files.callbacks : files.scripts) = std::move(listing);
  }
  return files;
}

Result<Scripts> load_scripts(const ScriptFiles& files, const ScriptOptions& options,
                             const PlaceholderValues& defaults, Listener& listener) {
  Scripts scripts;
  Loader loader(options, defaults, listener);
  const bool callbacks_everywhere = options.callback_locations.empty();
  for (const Listing::Location& location : files.scripts.locations) {
    scripts.locations.push_back(location.text);
    DUNLIN_TRY(loader.load(location, !options.skip_default_resolvers,
                           !options.skip_default_callbacks && callbacks_everywhere));
  }
  for (const Listing::Location& location : files.callbacks.locations) {
    DUNLIN_TRY(loader.load(location, false, !options.skip_default_callbacks));
  }
  for (const auto* const listing : {&files.scripts, &files.callbacks}) {
    for (const ScriptOrigin& origin : listing->origins) {
      const bool is_new = std::ranges::find(scripts.origins, origin) == scripts.origins.end();
      if (is_new) scripts.origins.push_back(origin);
    }
  }
  DUNLIN_TRY(check_names(loader.invalid_names(), options, listener));
  loader.take_migrations(scripts);
  scripts.callbacks = DUNLIN_TRY(callbacks_in_order(loader.take_callbacks()));
  return scripts;
}

Error changed_meanwhile(const Script& script) {
  return {.code = ErrorCode::script_unreadable,
          .message = fmt::format("{} changed while dunlin was running", script.shown),
          .hint = "run dunlin again once the file is complete"};
}

Result<void> need_migrations(const Scripts& scripts) {
  if (scripts.unusable) return *scripts.unusable;
  return {};
}

Result<std::string> text_of(const Script& script, const ScriptOptions& options) {
  if (script.text) return *script.text;
  std::string bytes = DUNLIN_TRY(script.resource.read());
  std::string text = DUNLIN_TRY(decoded(std::move(bytes), script.config, options)).text;
  if (script.kind != ScriptKind::repeatable && checksum(text) != script.checksum) {
    return changed_meanwhile(script);
  }
  return text;
}

std::string difference_of(const Script& script, std::int32_t applied,
                          const ScriptOptions& options) {
  const auto bytes = script.resource.read ? script.resource.read()
                                          : Result<std::string>(Error{.message = "no file"});
  if (!bytes) return {};
  const auto read = decoded(*bytes, script.config, options);
  if (!read) return {};
  const Difference found = difference_from(applied, {.name = file_name_of(script.name),
                                                     .bytes = *bytes,
                                                     .charset = read->charset,
                                                     .text = read->text});
  return fmt::format("What differs: {}\nWhat to do: {}", found.words, found.next);
}

std::string placeholder_file_name(std::string_view path, const ScriptOptions& options) {
  return name_for_placeholder(file_name_of(path), options.naming);
}

Replacement replacement_for(std::string_view file_name, const ScriptConfig& config,
                            const ScriptOptions& options, const PlaceholderValues& defaults) {
  Replacement replacement{
      .enabled = config.placeholder_replacement.value_or(options.placeholder_replacement),
      .options = {.prefix = options.placeholder_prefix,
                  .suffix = options.placeholder_suffix,
                  .separator = options.placeholder_separator},
      .values = defaults};
  replacement.values["flyway" + options.placeholder_separator + "filename"] = file_name;
  for (const auto& [name, value] : options.placeholders) {
    replacement.values[name] = value.reveal();
  }
  return replacement;
}

}  // namespace dunlin
