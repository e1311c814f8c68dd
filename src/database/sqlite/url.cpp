#include "database/sqlite/url.hpp"

#include "base/text.hpp"
#include "database/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dunlin::sqlite {
namespace {

enum class Meaning { pragma, busy_timeout, open_mode, sqlite_uri, ignored };

struct Parameter {
  std::string_view name;
  Meaning meaning;
};

// The parameters of sqlite-jdbc, and those that SQLite itself reads in a "file:" URI
// (sqlite.org/uri.html, section 3.3).
constexpr std::array kParameters = {
    Parameter{"application_id", Meaning::pragma},
    Parameter{"auto_vacuum", Meaning::pragma},
    Parameter{"busy_timeout", Meaning::busy_timeout},
    Parameter{"cache_size", Meaning::pragma},
    Parameter{"case_sensitive_like", Meaning::pragma},
    Parameter{"defer_foreign_keys", Meaning::pragma},
    Parameter{"encoding", Meaning::pragma},
    Parameter{"foreign_keys", Meaning::pragma},
    Parameter{"full_sync", Meaning::pragma},
    Parameter{"journal_mode", Meaning::pragma},
    Parameter{"journal_size_limit", Meaning::pragma},
    Parameter{"legacy_alter_table", Meaning::pragma},
    Parameter{"locking_mode", Meaning::pragma},
    Parameter{"max_page_count", Meaning::pragma},
    Parameter{"mmap_size", Meaning::pragma},
    Parameter{"page_size", Meaning::pragma},
    Parameter{"read_uncommitted", Meaning::pragma},
    Parameter{"recursive_triggers", Meaning::pragma},
    Parameter{"reverse_unordered_selects", Meaning::pragma},
    Parameter{"secure_delete", Meaning::pragma},
    Parameter{"synchronous", Meaning::pragma},
    Parameter{"temp_store", Meaning::pragma},
    Parameter{"user_version", Meaning::pragma},
    Parameter{"open_mode", Meaning::open_mode},
    Parameter{"cache", Meaning::sqlite_uri},
    Parameter{"immutable", Meaning::sqlite_uri},
    Parameter{"mode", Meaning::sqlite_uri},
    Parameter{"nolock", Meaning::sqlite_uri},
    Parameter{"psow", Meaning::sqlite_uri},
    Parameter{"vfs", Meaning::sqlite_uri},
    Parameter{"date_class", Meaning::ignored},
    Parameter{"date_precision", Meaning::ignored},
    Parameter{"date_string_format", Meaning::ignored},
    Parameter{"enable_load_extension", Meaning::ignored},
    Parameter{"jdbc.explicit_readonly", Meaning::ignored},
    Parameter{"jdbc.get_generated_keys", Meaning::ignored},
    Parameter{"shared_cache", Meaning::ignored},
    Parameter{"transaction_mode", Meaning::ignored},
};

Error bad(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  all.reserve(kParameters.size());
  for (const auto& parameter : kParameters) all.emplace_back(parameter.name);
  return all;
}

/// A word or a number: it becomes part of a PRAGMA, which takes no bound values.
bool is_plain(std::string_view value) {
  return !value.empty() && std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

Result<void> take_busy_timeout(Url& url, std::string_view value) {
  int number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (problem != std::errc{} || end != value.data() + value.size() || number < 0) {
    return bad(fmt::format("busy_timeout={} in the URL is no number of milliseconds", value),
               "write for example busy_timeout=3000");
  }
  url.busy_timeout = std::chrono::milliseconds{number};
  return {};
}

const Parameter* parameter(std::string_view name) {
  const auto* const known = std::ranges::find_if(
      kParameters, [&](const Parameter& one) { return equals_ignoring_case(one.name, name); });
  return known == kParameters.end() ? nullptr : known;
}

/// The value itself stands in no message: who misspells `password` should not read it in a log.
Result<void> take(Url& url, std::string_view name, std::string_view value, std::string& uri_rest) {
  const Parameter* const known = parameter(name);
  if (known == nullptr) {
    const auto near = nearest(lower(name), names(), 1);
    return bad(fmt::format("the SQLite URL has the unknown parameter {}", name),
               near.empty() ? "leave it out" : "did you mean " + near.front());
  }
  switch (known->meaning) {
    case Meaning::busy_timeout:
      return take_busy_timeout(url, value);
    case Meaning::open_mode:
      url.read_only = value == "1";
      return {};  // SQLITE_OPEN_READONLY
    case Meaning::ignored:
      url.ignored.emplace_back(name);
      return {};
    case Meaning::sqlite_uri:
      uri_rest += fmt::format("{}{}={}", uri_rest.empty() ? "?" : "&", name, value);
      return {};
    case Meaning::pragma:
      break;
  }
  if (!is_plain(value)) {
    return bad(fmt::format("the SQLite URL has no usable value for {}", name),
               "write a word or a number, such as foreign_keys=on");
  }
  url.pragmas.emplace_back(known->name, value);
  return {};
}

}  // namespace

Result<Url> parse_url(std::string_view url, const Properties& properties) {
  std::string_view rest = url;
  if (rest.starts_with("jdbc:")) rest.remove_prefix(5);
  if (!rest.starts_with("sqlite:")) {
    return bad("a SQLite URL starts with jdbc:sqlite: or sqlite:",
               "write jdbc:sqlite:PATH, or jdbc:sqlite::memory:");
  }
  rest.remove_prefix(7);
  if (rest.starts_with("//")) rest.remove_prefix(2);
  const auto [path, query] = cut(rest, '?');
  // A variable that was not set, most often; an empty database in memory would migrate well.
  if (trim(path).empty()) {
    return bad("the SQLite URL names no file",
               "write jdbc:sqlite:PATH; jdbc:sqlite::memory: is a database in memory");
  }
  if (path.starts_with(":resource:")) {
    return bad("a SQLite database inside a Java archive (:resource:) cannot be opened",
               "copy it out and write jdbc:sqlite:PATH");
  }
  Url parsed{.path = std::string(path), .shown = "jdbc:sqlite:" + std::string(rest)};
  std::string uri_rest;
  for (const auto& [name, value] : properties) {
    if (parameter(name) == nullptr) {
      parsed.unknown.push_back(name);
    } else {
      DUNLIN_TRY(take(parsed, name, value, uri_rest));
    }
  }
  for (const auto& piece : split(query, '&')) {
    const auto [name, value] = cut(piece, '=');
    if (!name.empty()) DUNLIN_TRY(take(parsed, name, percent_decode(value), uri_rest));
  }
  if (!uri_rest.empty()) {
    if (!path.starts_with("file:")) parsed.path = "file:" + parsed.path;
    parsed.path += uri_rest;
  }
  return parsed;
}

}  // namespace dunlin::sqlite
