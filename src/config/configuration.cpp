#include "config/configuration.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <set>
#include <stdexcept>

namespace dunlin {
namespace {

/// Java's way of taking a comma-separated text apart, as Flyway does: empty items at the end are
/// dropped, blanks stay, and an empty text is one empty item.
std::vector<std::string> items_of(const Option& option, std::string_view text) {
  if (is_own(option.group)) return split_list(text);
  if (text.empty()) return {std::string()};
  std::vector<std::string> items = split(text, ',');
  while (!items.empty() && items.back().empty()) items.pop_back();
  return items;
}

std::optional<std::int32_t> whole_number(std::string_view text) {
  std::int32_t number = 0;
  const std::string_view digits = trim(text);
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  if (error != std::errc() || end != digits.end()) return std::nullopt;
  return number;
}

std::string_view expectation(OptionType type, std::string_view given) {
  if (type == OptionType::boolean) return "true or false";
  const std::string_view digits = trim(given);
  const bool is_too_large =
      !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (is_too_large && type == OptionType::integer) return "a whole number up to 2147483647";
  if (is_too_large) return "a whole number of seconds up to 2147483647";
  return type == OptionType::seconds ? "a whole number of seconds, 0 or more" : "a whole number";
}

/// True if the text is one of the option's type. An empty one leaves the default in force, as with
/// Flyway.
bool fits(const Option& option, std::string_view text) {
  switch (option.type) {
    case OptionType::boolean:
      return text.empty() || equals_ignoring_case(text, "true") ||
             equals_ignoring_case(text, "false");
    case OptionType::integer:
      return text.empty() || whole_number(text);
    case OptionType::seconds:
      return text.empty() || whole_number(text).value_or(-1) >= 0;
    default:
      return true;
  }
}

std::string listed(const std::vector<std::string>& names) {
  return names.empty() ? "`dunlin help options` lists all"
                       : "did you mean " + join(names, ", ") + "?";
}

/// The words Flyway uses for an option it does not know: people search for them.
std::string unknown_words(std::string_view key, bool from_conf) {
  return from_conf ? fmt::format("Unknown configuration property: flyway.{}", key)
                   : fmt::format("Failed to configure parameters: flyway.{}", key);
}

std::string refused(const Given& given, bool from_conf, std::string_view reason) {
  return fmt::format("{} ({}) {}", unknown_words(given.key, from_conf), given.origin, reason);
}

Error error(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

/// Older names are accepted where projects of their time keep them. On a command line without a
/// .conf file they are unknown to the Flyway of today, and an error there too.
bool is_accepted_when_older(const Given& given, bool from_conf) {
  return from_conf || given.source == Source::variable;
}

/// 'always', 'never', or 'auto'
std::string quoted(const std::vector<std::string>& choices) {
  std::string result;
  for (const std::string& choice : choices) {
    const bool is_last = &choice == &choices.back();
    if (&choice != &choices.front()) result += choices.size() > 2 ? ", " : " ";
    result += fmt::format("{}'{}'", is_last && choices.size() > 1 ? "or " : "", choice);
  }
  return result;
}

const Option& row(std::string_view key) {
  const Option* const option = find_option(key);
  if (option == nullptr) throw std::logic_error("no option is named " + std::string(key));
  return *option;
}

}  // namespace

bool Configuration::Setting::holds_reference() const {
  return !is_literal &&
         (has_reference(secret.reveal()) || std::ranges::any_of(values, has_reference));
}

Result<void> check_key(const Given& given, bool from_conf) {
  const Option* const option = find_option(given.key);
  if (option == nullptr) {
    return error(refused(given, from_conf, "is no option"), listed(near_options(given.key)));
  }
  switch (option->standing) {
    case Standing::left_out:
      return error(
          refused(given, from_conf, "is left out on purpose: ") + std::string(option->note),
          "take it out");
    case Standing::older:
      if (is_accepted_when_older(given, from_conf)) return {};
      return error(refused(given, from_conf, "is a name of Flyway 7"),
                   fmt::format("write -ignoreMigrationPatterns={}", option->note));
    default:
      return {};
  }
}

const Configuration::Setting* Configuration::find(std::string_view key) const {
  const auto found = settings_.find(key);
  return found == settings_.end() ? nullptr : &found->second;
}

bool Configuration::has(std::string_view key) const { return find(key) != nullptr; }

std::string Configuration::origin(std::string_view key) const {
  const Setting* const setting = find(key);
  return setting == nullptr ? "the default" : setting->origin;
}

std::string_view Configuration::one(std::string_view key) const {
  const Option& option = row(key);
  const Setting* const setting = find(key);
  if (setting == nullptr || setting->values.empty()) {
    const auto own = fallbacks_.find(key);
    return own != fallbacks_.end() ? std::string_view(own->second) : option.fallback;
  }
  if (setting->holds_reference()) throw std::logic_error("unresolved: " + std::string(key));
  return setting->values.front();
}

std::string Configuration::text(std::string_view key) const { return std::string(one(key)); }

bool Configuration::boolean(std::string_view key) const {
  const std::string_view value = one(key);
  return equals_ignoring_case(value.empty() ? row(key).fallback : value, "true");
}

std::int32_t Configuration::integer(std::string_view key) const {
  const std::string_view value = one(key);
  return whole_number(value.empty() ? row(key).fallback : value).value_or(0);
}

std::chrono::seconds Configuration::seconds(std::string_view key) const {
  return std::chrono::seconds(integer(key));
}

std::vector<std::string> Configuration::list(std::string_view key) const {
  const Option& option = row(key);
  const Setting* const setting = find(key);
  if (setting != nullptr) return setting->values;
  return option.fallback.empty() ? std::vector<std::string>() : items_of(option, option.fallback);
}

const Secret& Configuration::secret(std::string_view key) const {
  static const Secret kNone;
  (void)row(key);
  const Setting* const setting = find(key);
  if (setting == nullptr) return kNone;
  if (setting->holds_reference()) throw std::logic_error("unresolved: " + std::string(key));
  return setting->secret;
}

std::map<std::string, std::string, std::less<>> Configuration::map(std::string_view key) const {
  std::map<std::string, std::string, std::less<>> result;
  const std::string prefix = std::string(key) + '.';
  for (const auto& [name, setting] : settings_) {
    if (name.starts_with(prefix)) {
      result.emplace(name.substr(prefix.size()), join(setting.values, ","));
    }
  }
  return result;
}

Result<std::string> Configuration::required(std::string_view key) const {
  const Option& option = row(key);
  if (std::string value = text(key); !value.empty()) return value;
  if (key == "url") {
    return error(
        "Unable to connect to the database. Configure the url, user and password!",
        "set -url=jdbc:postgresql://host/db or -url=jdbc:sqlite:file.db, FLYWAY_URL, or url "
        "in flyway.toml");
  }
  if (option.variables.empty()) {
    return error(fmt::format("{} is not set", key),
                 fmt::format("set -{}=... or FLYWAY_{}", key, variable_name(key)));
  }
  const std::string variable = split_list(option.variables, ' ').front();
  return error(
      fmt::format("variable {} is not set: {}", variable, option.help),
      fmt::format("set {} in the environment of the task, or pass -{}=...", variable, key));
}

std::vector<std::string> Configuration::references() const {
  std::set<std::string> found;
  const auto collect = [&](std::string_view text) {
    for (const auto reference : references_in(text)) found.emplace(reference);
  };
  for (const auto& [key, setting] : settings_) {
    if (setting.is_literal) continue;
    collect(setting.secret.reveal());
    std::ranges::for_each(setting.values, collect);
  }
  return {found.begin(), found.end()};
}

bool Configuration::is_unresolved(std::string_view key) const {
  (void)row(key);
  const Setting* const setting = find(key);
  return setting != nullptr && setting->holds_reference();
}

const Secret& Configuration::as_written(std::string_view key) const {
  static const Secret kNone;
  (void)row(key);
  const Setting* const setting = find(key);
  return setting == nullptr ? kNone : setting->written;
}

Result<void> Configuration::resolve(const ReferenceResolver& resolver,
                                    const std::vector<std::string>& kinds) {
  const auto is_wanted = [&](std::string_view reference) {
    return kinds.empty() || std::ranges::any_of(kinds, [&](const std::string& kind) {
             return reference.starts_with(kind + ':');
           });
  };
  const auto all_wanted = [&](std::string_view text) {
    return std::ranges::all_of(references_in(text), is_wanted);
  };
  for (auto& [key, setting] : settings_) {
    // A value with references of other kinds too waits for them: what came out of the first must
    // not be looked through with the rest. One without any waits for the last call, as it could not
    // be told from one with when it has lost the `$` before what stands for itself.
    if (setting.is_literal || (!kinds.empty() && !setting.holds_reference())) continue;
    if (!all_wanted(setting.secret.reveal()) || !std::ranges::all_of(setting.values, all_wanted))
      continue;
    auto done = resolve_in(row(key), setting, resolver);
    if (!done) {
      auto& trail = done.error().trail;
      trail.insert(trail.begin(), fmt::format("{} ({})", key, setting.origin));
      return done;
    }
    setting.is_literal = true;
    DUNLIN_TRY(check(key, setting));
  }
  return {};
}

Result<void> Configuration::resolve_in(const Option& option, Setting& setting,
                                       const ReferenceResolver& resolver) {
  if (auto secret = DUNLIN_TRY(resolved(setting.secret.reveal(), resolver))) {
    if (secret->had_references) setting.written = std::move(setting.secret);
    setting.secret = std::move(secret->text);
  }
  bool is_changed = false;
  for (std::string& value : setting.values) {
    const auto text = DUNLIN_TRY(resolved(value, resolver));
    if (!text) continue;
    value = text->text.reveal();
    is_changed = is_changed || text->had_references;
  }
  if (!is_changed) return {};
  setting.is_confidential = true;
  if (option.type == OptionType::list && !setting.is_array)
    setting.values = items_of(option, join(setting.values, ","));
  return {};
}

void Configuration::each_value(
    const std::function<void(std::string_view, std::string_view, std::string_view)>& visit) const {
  for (const auto& [key, setting] : settings_) {
    const bool is_hidden = setting.is_secret || setting.is_confidential;
    visit(key, is_hidden ? "****" : join(setting.values, ","), setting.origin);
  }
}

std::string Configuration::complaint(std::string_view key, const Setting& setting) const {
  if (is_own(row(key).group)) return "Wrong value:";  // Flyway knows none of these
  if (key == "postgresql.transactional.lock")
    return fmt::format("Unable to parse parameter {}:", key);
  if (from_conf) return fmt::format("Invalid value for flyway.{}:", key);
  if (setting.source == Source::toml_file) {
    return fmt::format("Unable to load config file: {}:", setting.origin);
  }
  return "Unable to parse command line params.";
}

Result<void> Configuration::check(std::string_view key, const Setting& setting) const {
  const Option& option = row(key);
  if (setting.values.empty() || setting.holds_reference()) return {};
  const std::string& value = setting.values.front();
  const std::string shown = setting.is_confidential ? "what its reference gave" : '"' + value + '"';
  if (!fits(option, value)) {
    return error(fmt::format("{} {} takes {}, not {} ({})", complaint(key, setting), key,
                             expectation(option.type, value), shown, setting.origin),
                 fmt::format("`dunlin help {}` says more", key));
  }
  const auto choices = split_list(option.choices, ' ');
  if (choices.empty() || value.empty() || std::ranges::find(choices, value) != choices.end()) {
    return {};
  }
  // Flyway's sentence, with its dot
  return error(fmt::format("'{}' is an invalid value for the -{} option. Use {}.",
                           setting.is_confidential ? "****" : value, key, quoted(choices)),
               "it comes from " + setting.origin);
}

Result<void> Configuration::put(Given given) {
  DUNLIN_TRY(check_key(given, from_conf));
  const Option& option = row(given.key);
  Setting setting{.origin = std::move(given.origin), .source = given.source};
  setting.is_array = given.is_list;
  // jdbcProperties may hold a password, which no message is to show.
  const bool is_password = option.type == OptionType::map && lower(given.key).ends_with("password");
  setting.is_confidential = given.is_confidential || is_password;
  setting.is_literal = given.is_literal;
  if (option.type == OptionType::secret) {
    setting.is_secret = true;
    setting.secret = Secret(given.values.empty() ? "" : given.values.front());
  } else if (option.type == OptionType::list && !given.is_list) {
    setting.values = items_of(option, given.values.empty() ? "" : given.values.front());
  } else {
    setting.values = std::move(given.values);
  }
  DUNLIN_TRY(check(given.key, setting));
  if (option.type == OptionType::map) {
    std::erase_if(settings_,
                  [&](const auto& each) { return equals_ignoring_case(each.first, given.key); });
  }
  settings_.insert_or_assign(std::move(given.key), std::move(setting));
  return {};
}

Result<void> Configuration::put_below(Given given) {
  const bool is_set = std::ranges::any_of(
      settings_, [&](const auto& each) { return equals_ignoring_case(each.first, given.key); });
  if (!is_set) return put(std::move(given));
  return check_key(given, from_conf);
}

}  // namespace dunlin
