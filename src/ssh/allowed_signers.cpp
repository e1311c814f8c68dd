#include "ssh/allowed_signers.hpp"

#include "base/text.hpp"
#include "ssh/key_lines.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>

namespace dunlin::ssh {
namespace {

std::string unquoted(std::string_view text) { return replace_all(text, "\"", ""); }

// "YYYYMMDD", "YYYYMMDDHHMM", "YYYYMMDDHHMMSS", each with or without a Z.
std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  if (text.ends_with('Z')) text.remove_suffix(1);
  if (text.size() != 8 && text.size() != 12 && text.size() != 14) return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t count) {
    int value = at < text.size() ? -1 : 0;
    if (at < text.size()) std::from_chars(text.data() + at, text.data() + at + count, value);
    return value;
  };
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(part(4, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(6, 2)))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(part(8, 2)) +
         std::chrono::minutes(part(10, 2)) + std::chrono::seconds(part(12, 2));
}

// Options part at commas outside quotes.
std::vector<std::string> split_options(std::string_view text) {
  std::vector<std::string> options(1);
  bool is_quoted = false;
  for (const char letter : text) {
    if (letter == '"') is_quoted = !is_quoted;
    if (letter == ',' && !is_quoted) {
      options.emplace_back();
    } else {
      options.back() += letter;
    }
  }
  return options;
}

bool is_listed(std::string_view patterns, std::string_view name) {
  return std::ranges::any_of(split_list(patterns), [&](const std::string& pattern) {
    return fnmatch(pattern.c_str(), std::string(name).c_str(), 0) == 0;
  });
}

Error refused(std::string why) {
  return {.code = ErrorCode::commit_refused, .message = std::move(why)};
}

}  // namespace

Result<void> AllowedSigners::read_option(std::string_view option, Line& line) {
  const auto equals = std::min(option.find('='), option.size());
  const auto name = lower(option.substr(0, equals));
  const auto value = unquoted(option.substr(std::min(equals + 1, option.size())));
  if (name == "cert-authority") {
    line.is_authority = true;
  } else if (name == "namespaces") {
    line.namespaces = value;
  } else if (name == "valid-after" || name == "valid-before") {
    const auto time = parse_time(value);
    if (!time) return bad_line(fmt::format("{} is no time: {}", name, value));
    (name == "valid-after" ? line.valid_after : line.valid_before) = time;
  } else {
    return bad_line(fmt::format("unknown option {}", name));
  }
  return {};
}

Result<AllowedSigners::Line> AllowedSigners::parse_line(std::string_view text) {
  Line line{.principals = unquoted(take_word(text))};
  if (is_key_type(line.principals))
    return bad_line(fmt::format("there is nobody before the key type {}", line.principals));
  auto type = take_word(text);
  if (!is_key_type(type)) {
    for (const auto& option : split_options(type)) DUNLIN_TRY(read_option(option, line));
    type = take_word(text);
  }
  if (!is_key_type(type)) return bad_line("there is no key type");
  line.key = DUNLIN_TRY(take_key(std::move(type), text));
  return line;
}

Result<AllowedSigners> AllowedSigners::parse(std::string_view text) {
  AllowedSigners signers;
  signers.lines_ = DUNLIN_TRY(
      read_lines(text, "allowed signers",
                 "write lines as in an allowed signers file: ada@example.org ssh-ed25519 AAAA...",
                 parse_line));
  return signers;
}

Result<std::string> AllowedSigners::who(const HostKey& key, std::string_view name,
                                        std::chrono::sys_seconds when) const {
  Error why = refused("is not among the allowed signers");
  for (const Line& line : lines_) {
    if (line.key != key || line.is_authority) continue;
    if (!line.namespaces.empty() && !is_listed(line.namespaces, name)) {
      why = refused(fmt::format("of {} may not sign for {}", line.principals, name));
    } else if (line.valid_after && when < *line.valid_after) {
      why = refused(fmt::format("of {} was not valid yet", line.principals));
    } else if (line.valid_before && when > *line.valid_before) {
      why = refused(fmt::format("of {} was not valid any more", line.principals));
    } else {
      return line.principals;
    }
  }
  return why;
}

}  // namespace dunlin::ssh
