#include "source/git_location.hpp"

#include "base/text.hpp"
#include "git/object.hpp"
#include "git/url.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::string_view kPrefix = "git:";
constexpr std::string_view kForm = "write git:ADDRESS//FOLDER?ref=BRANCH";

// Addresses that need no prefix: nothing else begins so.
constexpr std::array<std::string_view, 5> kAddresses = {"git@", "ssh://", "git+ssh://",
                                                        "ssh+git://", "https://"};

Error refuse(std::string message, std::string_view hint = kForm) {
  return {
      .code = ErrorCode::configuration, .message = std::move(message), .hint = std::string(hint)};
}

// Takes "?ref=main&commit=ID" off the end. A `?` without a `=` behind it is a wildcard.
std::string_view take_query(std::string_view& text) {
  const auto mark = text.rfind('?');
  if (mark == std::string_view::npos || !text.substr(mark).contains('=')) return {};
  const auto query = text.substr(mark + 1);
  text = text.substr(0, mark);
  return query;
}

Result<void> read_query(std::string_view query, GitLocation& location) {
  for (const auto& part : split(query, '&')) {
    const auto equals = std::min(part.find('='), part.size());
    const auto name = std::string_view(part).substr(0, equals);
    auto value = percent_decode(std::string_view(part).substr(std::min(equals + 1, part.size())));
    if (name == "ref") {
      location.ref = std::move(value);
    } else if (name == "commit") {
      if (!git::ObjectId::parse(value)) {
        return refuse(fmt::format("commit={} of a location is no full commit id", value),
                      "write all 40 hex digits of it");
      }
      location.expected_commit = lower(value);
    } else {
      return refuse(fmt::format("a git location knows ref and commit, not {}", name));
    }
  }
  return {};
}

}  // namespace

std::string GitLocation::prefix() const { return fmt::format("{}{}//", kPrefix, repository); }

std::string GitLocation::suffix() const {
  std::string text;
  if (!ref.empty()) text = "?ref=" + ref;
  if (!expected_commit.empty())
    text += fmt::format("{}commit={}", text.empty() ? '?' : '&', expected_commit);
  return text;
}

bool is_git_location(std::string_view text) {
  text = trim(text);
  return text.starts_with(kPrefix) ||
         std::ranges::any_of(kAddresses, [&](auto start) { return text.starts_with(start); });
}

Result<GitLocation> parse_git_location(std::string_view text) {
  text = trim(text);
  // git:// is a protocol of its own, without encryption, which parse_url refuses.
  if (text.starts_with(kPrefix) && !text.starts_with("git://")) text.remove_prefix(kPrefix.size());
  GitLocation location;
  const auto query = take_query(text);
  const auto scheme = text.find("://");
  const auto parting = text.find("//", scheme == std::string_view::npos ? 0 : scheme + 3);
  location.repository = trim(text.substr(0, parting));
  // First: what is wrong in the rest may be shown, what stands in an address only if it is sound.
  DUNLIN_TRY(git::parse_url(location.repository));
  DUNLIN_TRY(read_query(query, location));
  if (parting == std::string_view::npos) return location;
  location.folder = text.substr(parting + 2);
  while (location.folder.ends_with('/')) location.folder.pop_back();
  return location;
}

}  // namespace dunlin
