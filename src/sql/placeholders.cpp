#include "sql/placeholders.hpp"

#include "base/text.hpp"
#include "sql/excerpt.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace dunlin::sql {
namespace {

constexpr auto npos = std::string_view::npos;

/// A placeholder as it stands in the text.
struct Found {
  std::size_t begin = 0;  ///< of the prefix
  std::size_t end = 0;    ///< behind the suffix, or of the text
  std::string_view name;  ///< between the two
  bool closed = true;
};

/// Steps over the letter that `at` points into the middle of, if it does.
std::size_t next_letter(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  return at;
}

/// The next prefix at or behind `at`, read as Flyway does: a prefix that breaks off takes the
/// letter that breaks it along, even if a prefix could begin with it.
std::size_t find_prefix(std::string_view text, std::size_t at, std::string_view prefix) noexcept {
  while (true) {
    at = text.find(prefix.front(), at);
    if (at == npos) return npos;
    std::size_t matched = 1;
    while (matched < prefix.size() && at + matched < text.size() &&
           text[at + matched] == prefix[matched]) {
      ++matched;
    }
    if (matched == prefix.size()) return at;
    if (at + matched >= text.size()) return npos;
    at = next_letter(text, at + matched + 1);
  }
}

std::optional<Found> find_placeholder(std::string_view text, std::size_t from,
                                      const PlaceholderOptions& options) noexcept {
  if (options.prefix.empty() || options.suffix.empty()) return std::nullopt;
  const std::size_t begin = find_prefix(text, from, options.prefix);
  if (begin == npos) return std::nullopt;
  const std::size_t name = begin + options.prefix.size();
  const std::size_t end = text.find(options.suffix, name);
  if (end == npos) {
    return Found{.begin = begin, .end = text.size(), .name = text.substr(name), .closed = false};
  }
  return Found{.begin = begin,
               .end = end + options.suffix.size(),
               .name = text.substr(name, end - name),
               .closed = true};
}

/// `${name}`, on one line and not too long: what is not closed may reach to the end of the file.
std::string shown(const Found& found, const PlaceholderOptions& options) {
  constexpr std::size_t kLongest = 60;
  std::size_t length = std::min(found.name.find_first_of("\r\n"), kLongest);
  length = std::min(length, found.name.size());
  const std::size_t whole = next_letter(found.name, length);
  const bool cut = whole < found.name.size();
  return options.prefix + std::string(found.name.substr(0, whole)) + (cut ? "..." : options.suffix);
}

std::string place(std::string_view text, const Found& found) {
  const Position position = position_of(text, found.begin);
  return fmt::format("line {}, column {}", position.line, position.column);
}

std::string hint_for(const Found& found, const PlaceholderValues& values) {
  if (!found.closed) return "close the placeholder, or set -placeholderReplacement=false";
  std::vector<std::string> names;
  for (const auto& [name, value] : values) names.push_back(name);
  if (const auto near = nearest(found.name, names, 1); !near.empty()) {
    return fmt::format("did you mean {}?", near.front());
  }
  return fmt::format("set it with -placeholders.{}=..., or set -placeholderReplacement=false",
                     found.name);
}

/// @param missing  not empty; the first is the one that Flyway would name
Error no_value(std::string_view text, std::span<const Found> missing,
               const PlaceholderValues& values, const PlaceholderOptions& options) {
  constexpr std::size_t kMost = 5;
  const Found& first = missing.front();
  const bool is_default = lower(first.name).starts_with("flyway" + lower(options.separator));
  std::string message =
      fmt::format("{}: {} ({}{})",
                  is_default ? "Failed to populate value for default placeholder"
                             : "No value provided for placeholder",
                  shown(first, options), place(text, first),
                  first.closed ? "" : fmt::format("; never closed by {}", options.suffix));
  for (const Found& other : missing.subspan(1, std::min(missing.size(), kMost) - 1)) {
    message += fmt::format(", {} ({})", shown(other, options), place(text, other));
  }
  if (missing.size() > kMost) message += fmt::format(" and {} more", missing.size() - kMost);
  return Error{.code = ErrorCode::configuration,
               .message = std::move(message),
               .hint = hint_for(first, values),
               .excerpt = excerpt(text, first.begin)};
}

}  // namespace

bool IgnoringCase::operator()(std::string_view a, std::string_view b) const noexcept {
  const auto small = [](char c) {
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  };
  return std::ranges::lexicographical_compare(a, b, {}, small, small);
}

void SourceMap::add(std::size_t original, std::size_t original_length, std::size_t replaced,
                    std::size_t replaced_length) {
  entries_.push_back({.replaced = replaced,
                      .replaced_end = replaced + replaced_length,
                      .original = original,
                      .original_end = original + original_length});
}

std::size_t SourceMap::original(std::size_t replaced) const noexcept {
  const auto next = std::ranges::upper_bound(entries_, replaced, {}, &Entry::replaced);
  if (next == entries_.begin()) return replaced;
  const Entry& entry = *std::prev(next);
  if (replaced < entry.replaced_end) return entry.original;
  return entry.original_end + (replaced - entry.replaced_end);
}

Result<ReplacedText> replace_placeholders(std::string_view text, const PlaceholderValues& values,
                                          const PlaceholderOptions& options) {
  ReplacedText result;
  std::vector<Found> missing;
  std::size_t copied = 0;
  result.text.reserve(text.size());
  while (const auto found = find_placeholder(text, copied, options)) {
    result.text.append(text.substr(copied, found->begin - copied));
    copied = found->end;
    const auto value = values.find(found->name);
    if (!found->closed || value == values.end()) {
      missing.push_back(*found);
      continue;
    }
    result.map.add(found->begin, found->end - found->begin, result.text.size(),
                   value->second.size());
    result.text.append(value->second);
  }
  if (!missing.empty()) return no_value(text, missing, values, options);
  result.text.append(text.substr(copied));
  return result;
}

std::vector<std::size_t> escaped_placeholders(std::string_view text,
                                              const PlaceholderValues& values,
                                              const PlaceholderOptions& options) {
  std::vector<std::size_t> places;
  if (options.prefix.empty() || options.suffix.empty()) return places;
  std::size_t replaced_to = 0;
  std::optional<Found> next = find_placeholder(text, 0, options);
  for (auto at = text.find(options.prefix); at != npos; at = text.find(options.prefix, at + 1)) {
    while (next && next->begin < at) {
      replaced_to = next->end;
      next = find_placeholder(text, next->end, options);
    }
    if (at < replaced_to || (next && next->begin == at)) continue;
    const std::size_t name = at + options.prefix.size();
    const std::size_t end = text.find(options.suffix, name);
    if (end == npos) break;
    if (values.contains(text.substr(name, end - name))) places.push_back(at);
  }
  return places;
}

}  // namespace dunlin::sql
