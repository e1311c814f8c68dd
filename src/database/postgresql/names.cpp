#include "database/postgresql/names.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace dunlin::postgresql {
namespace {

using std::string_view_literals::operator""sv;

/// The next code point of valid UTF-8; takes it off the text.
std::uint32_t next_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t at) {
    return at < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at])) : 0U;
  };
  const std::uint32_t first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  std::uint32_t point = length == 1 ? first : first & (0x7FU >> length);
  for (std::size_t at = 1; at < length; ++at) point = (point << 6U) | (byte(at) & 0x3FU);
  text.remove_prefix(std::min(length, text.size()));
  return point;
}

/// Java's String.hashCode: over UTF-16 units, wrapping at 32 bits.
std::int32_t java_hash(std::string_view text) {
  std::uint32_t hash = 0;
  const auto add = [&](std::uint32_t unit) { hash = 31 * hash + unit; };
  while (!text.empty()) {
    const std::uint32_t point = next_code_point(text);
    if (point >= 0x10000) {
      add(0xD800U + ((point - 0x10000U) >> 10U));
      add(0xDC00U + ((point - 0x10000U) & 0x3FFU));
    } else {
      add(point);
    }
  }
  return static_cast<std::int32_t>(hash);
}

}  // namespace

std::string quoted_name(std::string_view name) {
  return '"' + replace_all(name, "\"", "\"\"") + '"';
}

std::string qualified(const HistoryTable& table) {
  return quoted_name(table.schema) + '.' + quoted_name(table.name);
}

std::int64_t lock_key(const HistoryTable& table) {
  constexpr std::int64_t flyway = 0x466C79776179;
  return flyway + java_hash(qualified(table));
}

std::string only_schema_of(std::string_view search_path) {
  std::string_view name = trim(search_path);
  if (name.size() > 2 && name.starts_with('"') && name.ends_with('"')) {
    name = name.substr(1, name.size() - 2);
    const std::string inner = replace_all(name, "\"\"", "\0"sv);
    if (inner.contains('"') || inner == "$user") return {};
    return replace_all(inner, "\0"sv, "\"");
  }
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || static_cast<unsigned char>(c) >= 0x80;
  };
  return std::ranges::all_of(name, is_plain) ? lower(name) : std::string();
}

std::string with_default_schema(std::string_view schema, std::string_view search_path) {
  // As Flyway: not put before a path that begins with it already.
  const std::string first = fmt::format("{},", schema);
  if (schema.empty() || schema == search_path || search_path.starts_with(first)) {
    return std::string(search_path);
  }
  if (search_path.empty()) return quoted_name(schema);
  return fmt::format("{},{}", quoted_name(schema), search_path);
}

std::string set_role(std::string_view role) {
  return fmt::format("SET ROLE {}", role == "none" ? "NONE" : quoted_name(role));
}

}  // namespace dunlin::postgresql
