#include "migration/script_name.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

namespace dunlin {
namespace {

using Meaning = std::variant<ScriptKind, CallbackEvent>;
struct Prefix {
  std::string_view text;
  Meaning meaning;
};
struct Pieces {
  std::string_view file_name;
  std::string_view prefix;
  std::string_view number;       ///< between the prefix and the separator
  std::string_view description;  ///< behind the separator; underscores as they stand
  std::string_view suffix;
};

/// The suffix as it stands in the name, or nothing.
std::optional<std::string_view> suffix_of(std::string_view name,
                                          const std::vector<std::string>& suffixes) {
  for (const std::string& suffix : suffixes) {
    if (name.size() <= suffix.size()) continue;
    const auto end = name.substr(name.size() - suffix.size());
    if (equals_ignoring_case(end, suffix)) return end;
  }
  return std::nullopt;
}

/// The longest prefix that `name` starts with; of equal ones the first named here.
std::optional<Prefix> prefix_of(std::string_view name, const NamingOptions& options) {
  std::optional<Prefix> best;
  const auto consider = [&](std::string_view text, Meaning meaning) {
    const bool longer = !best || text.size() > best->text.size();
    if (longer && name.starts_with(text)) best = Prefix{.text = text, .meaning = meaning};
  };
  consider(options.sql_prefix, ScriptKind::versioned);
  consider(options.repeatable_prefix, ScriptKind::repeatable);
  for (const auto& [event, text] : callback_events()) consider(text, event);
  consider(options.baseline_prefix, ScriptKind::baseline);
  consider(options.undo_prefix, ScriptKind::undo);
  return best;
}

std::string example(const Pieces& pieces, std::string_view number, std::string_view separator) {
  const auto description = pieces.description.empty() ? "description" : pieces.description;
  return fmt::format("{}{}{}{}{}", pieces.prefix, number, separator, description, pieces.suffix);
}

ScriptName versioned(ScriptKind kind, const Pieces& pieces, const NamingOptions& options) {
  if (pieces.number.empty()) {
    return InvalidName{fmt::format(
        "Invalid versioned migration name format: {} (It must contain a version and should look "
        "like this: {})",
        pieces.file_name, example(pieces, "1.2", options.separator))};
  }
  auto version = Version::parse(pieces.number);
  if (!version) {
    return InvalidName{fmt::format(
        "Invalid versioned migration name format: {} (could not recognise version number {})",
        pieces.file_name, pieces.number)};
  }
  return MigrationName{.kind = kind,
                       .version = *std::move(version),
                       .description = replace_all(pieces.description, "_", " ")};
}

}  // namespace

ScriptName parse_script_name(std::string_view file_name, const NamingOptions& options) {
  const auto suffix = suffix_of(file_name, options.suffixes);
  if (!suffix) return NotAScript{};
  const auto stem = file_name.substr(0, file_name.size() - suffix->size());
  const auto prefix = prefix_of(stem, options);
  if (!prefix) {
    return InvalidName{fmt::format("Unrecognised migration name format: {}", file_name)};
  }
  const auto rest = stem.substr(prefix->text.size());
  const auto at = rest.find(options.separator);
  const bool separated = at != std::string_view::npos;
  const Pieces pieces{
      .file_name = file_name,
      .prefix = prefix->text,
      .number = rest.substr(0, at),
      .description = separated ? rest.substr(at + options.separator.size()) : std::string_view{},
      .suffix = *suffix};

  const auto* const kind = std::get_if<ScriptKind>(&prefix->meaning);
  if (kind != nullptr && *kind != ScriptKind::repeatable) return versioned(*kind, pieces, options);
  if (!pieces.number.empty()) {
    return InvalidName{fmt::format(
        "Invalid repeatable migration / callback name format: {} (It cannot contain a version and "
        "should look like this: {})",
        file_name, example(pieces, "", options.separator))};
  }
  auto description = replace_all(pieces.description, "_", " ");
  if (kind == nullptr) {
    return CallbackName{.event = std::get<CallbackEvent>(prefix->meaning),
                        .description = std::move(description),
                        .name = std::string(stem)};
  }
  // "R.sql" is a valid name to Flyway, yet never run nor counted: its list of files wants a letter
  // between prefix and suffix.
  if (rest.empty()) return NotAScript{};
  return MigrationName{.kind = *kind, .version = {}, .description = std::move(description)};
}

std::string name_for_placeholder(std::string_view file_name, const NamingOptions& options) {
  const std::string_view suffix = suffix_of(file_name, options.suffixes).value_or("");
  const auto stem = file_name.substr(0, file_name.size() - suffix.size());
  const auto prefix = prefix_of(stem, options);
  const auto rest = stem.substr(prefix ? prefix->text.size() : 0);
  const std::size_t at = rest.find(options.separator);
  const bool nothing_follows =
      at != std::string_view::npos && at + options.separator.size() == rest.size();
  if (!nothing_follows) return std::string(file_name);
  return fmt::format("{}{}", stem.substr(0, stem.size() - options.separator.size()), suffix);
}

}  // namespace dunlin
