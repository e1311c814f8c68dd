#include "migration/error_override.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace dunlin {
namespace {

constexpr std::string_view kAny = "*";
constexpr std::size_t kStateLetters = 5;

Error malformed(std::string_view text, std::string_view why) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("errorOverrides holds {}: {}", text, why),
          .hint =
              "write SQLSTATE:CODE:SEVERITY, such as 42P07:0:W; * stands for any SQLSTATE or "
              "code, and the severity is D, I, W or E, with - or + behind it"};
}

std::optional<Severity> severity_of(char letter) {
  constexpr std::string_view letters = "DIWE";  // in the order of the enumeration
  const auto at = letters.find(letter);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<Severity>(at);
}

std::string codes(std::string_view sqlstate, int code) {
  return fmt::format("SQL State: {} - Error Code: {}", sqlstate.empty() ? "null" : sqlstate, code);
}

std::optional<int> whole_number(const std::string& text) {
  int value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc{} || stop != end) return std::nullopt;
  return value;
}

/// "W", "W-" or "W+" into the entry; is it one of them?
bool read_behaviour(std::string_view word, ErrorOverride& entry) {
  const std::string behaviour = upper(word);
  const auto severity = behaviour.empty() ? std::nullopt : severity_of(behaviour.front());
  if (!severity) return false;
  entry.severity = *severity;
  const std::string_view rest = std::string_view(behaviour).substr(1);
  if (rest == "-") entry.shown = ErrorOverride::Shown::no_codes;
  if (rest == "+") entry.shown = ErrorOverride::Shown::codes_alone;
  return rest.empty() || rest == "-" || rest == "+";
}

}  // namespace

Result<ErrorOverride> ErrorOverride::parse(std::string_view text) {
  const auto parts = split(trim(text), ':');
  if (parts.size() != 2 && parts.size() != 3)
    return malformed(text, "it has neither two nor three parts");
  ErrorOverride entry;
  if (parts[0] != kAny) {
    if (parts[0].size() != kStateLetters) return malformed(text, "a SQLSTATE has five letters");
    entry.sqlstate = upper(parts[0]);
  }
  if (parts.size() == 3 && parts[1] != kAny) {
    entry.code = whole_number(parts[1]);
    if (!entry.code) return malformed(text, "a code is a whole number");
  }
  if (!read_behaviour(parts.back(), entry)) {
    return malformed(text, fmt::format("{} is no severity", parts.back()));
  }
  return entry;
}

const ErrorOverride* override_for(std::span<const ErrorOverride> overrides,
                                  const Said& said) noexcept {
  const auto found = std::ranges::find_if(overrides, [&](const ErrorOverride& entry) {
    const bool state = entry.sqlstate.empty() || entry.sqlstate == said.sqlstate;
    return state && (!entry.code || *entry.code == said.code);
  });
  return found == overrides.end() ? nullptr : &*found;
}

bool any_survives(std::span<const ErrorOverride> overrides) noexcept {
  return std::ranges::any_of(
      overrides, [](const ErrorOverride& entry) { return entry.severity != Severity::error; });
}

std::string shown_text(const ErrorOverride& entry, const Said& said) {
  switch (entry.shown) {
    case ErrorOverride::Shown::no_codes:
      return fmt::format("DB: {}", said.message);
    case ErrorOverride::Shown::codes_alone:
      return fmt::format("DB: {}", codes(said.sqlstate, said.code));
    case ErrorOverride::Shown::all:
      break;
  }
  return fmt::format("DB: {} ({})", said.message, codes(said.sqlstate, said.code));
}

Error shown_error(const ErrorOverride& entry, Error error) {
  if (entry.shown == ErrorOverride::Shown::no_codes) error.sqlstate.clear();
  if (entry.shown == ErrorOverride::Shown::codes_alone) {
    error.message = codes(error.sqlstate, error.sql_code);
    error.sqlstate.clear();
    error.excerpt.clear();
    error.hint.clear();
    error.sql = nullptr;
  }
  return error;
}

}  // namespace dunlin
