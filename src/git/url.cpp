#include "git/url.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

namespace dunlin::git {
namespace {

Error refuse(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

// Says nothing of the address, since the password stands in it.
Error holds_password() {
  return refuse("the repository's address holds a password",
                "take it out, and give the key or token through a secret");
}

constexpr const char* kForms =
    "write git@HOST:OWNER/REPO.git, ssh://USER@HOST:PORT/PATH, https://HOST/PATH, or a path";

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// The path reaches a shell on the server, and there a command line.
Result<RepositoryUrl> check(RepositoryUrl url) {
  const auto bad = [](char letter) { return static_cast<unsigned char>(letter) < ' '; };
  if (url.path.empty() || url.path == "/" || url.path.starts_with('-') ||
      std::ranges::any_of(url.path, bad))
    return refuse(fmt::format("{} names no repository", url.text), kForms);
  if (url.transport != Transport::local &&
      (url.host.empty() || url.host.starts_with('-') || std::ranges::any_of(url.host, bad)))
    return refuse(fmt::format("{} names no host", url.text), kForms);
  return url;
}

Result<RepositoryUrl> local(std::string_view path, std::string_view text) {
  std::error_code ignored;
  const auto full = std::filesystem::absolute(path, ignored).lexically_normal().string();
  return check({.path = full.empty() ? std::string(path) : full, .text = std::string(text)});
}

// "user@host:port" of a URL. A password makes it an error, which must not show it.
Result<void> read_authority(std::string_view authority, RepositoryUrl& url) {
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const auto user = authority.substr(0, at);
    if (user.contains(':')) return holds_password();
    url.user = percent_decode(user);
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.starts_with('[') ? authority.find(']') : std::string_view::npos;
  const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  url.host = authority.substr(0, colon);
  if (bracket != std::string_view::npos) url.host = authority.substr(1, bracket - 1);
  if (colon == std::string_view::npos) return {};
  const auto port = port_of(authority.substr(colon + 1));
  if (!port) return refuse(fmt::format("{} has no valid port", url.text), kForms);
  url.port = *port;
  return {};
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

RepositoryUrl as_ssh(RepositoryUrl url) {
  url.transport = Transport::ssh;
  if (url.port == 0) url.port = 22;
  if (url.path.starts_with("/~")) url.path.erase(0, 1);  // a home folder, as git has it
  url.path = percent_decode(url.path);
  return url;
}

RepositoryUrl as_http(RepositoryUrl url, bool encrypted) {
  url.transport = Transport::https;
  if (url.port == 0) url.port = encrypted ? 443 : 80;
  while (url.path.ends_with('/')) url.path.pop_back();
  return url;
}

Result<RepositoryUrl> with_scheme(std::string_view scheme, std::string_view rest,
                                  std::string_view text) {
  const auto slash = std::min(rest.find('/'), rest.size());
  RepositoryUrl url{.path = std::string(rest.substr(slash)), .text = std::string(text)};
  DUNLIN_TRY(read_authority(rest.substr(0, slash), url));
  if (scheme == "ssh" || scheme == "git+ssh" || scheme == "ssh+git")
    return check(as_ssh(std::move(url)));
  if (scheme == "https" || (scheme == "http" && is_this_machine(url.host)))
    return check(as_http(std::move(url), scheme == "https"));
  return refuse(fmt::format("{}:// is not supported for a repository", scheme), kForms);
}

// scp's form, USER@HOST:PATH, with the colon at `colon`.
Result<RepositoryUrl> scp_form(std::string_view text, std::size_t colon) {
  const auto path = text.substr(colon + 1);
  if (path.starts_with(':'))  // ext::COMMAND and its like, which git would run
    return refuse(fmt::format("{} is no supported address of a repository", text), kForms);
  const bool has_user = text.substr(0, colon).contains('@');
  if (!has_user && path.substr(0, path.find('/')).contains('@')) return holds_password();
  RepositoryUrl url{.transport = Transport::ssh,
                    .port = 22,
                    .path = std::string(path),
                    .text = std::string(text)};
  DUNLIN_TRY(read_authority(text.substr(0, colon), url));
  return check(std::move(url));
}

}  // namespace

std::string RepositoryUrl::name() const {
  auto short_path = std::filesystem::path(path);
  if (transport == Transport::local && short_path.filename() == ".git")
    short_path = short_path.parent_path();
  auto result = transport == Transport::local ? short_path.filename().string() : path;
  if (result.ends_with(".git")) result.resize(result.size() - 4);
  return result.substr(std::min(result.find_first_not_of('/'), result.size()));
}

Result<RepositoryUrl> parse_url(std::string_view raw) {
  const auto text = trim(raw);
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) {
    const auto rest = text.substr(scheme + 3);
    if (text.substr(0, scheme) != "file") return with_scheme(text.substr(0, scheme), rest, text);
    return local(rest.substr(std::min(rest.find('/'), rest.size())), text);
  }
  // A colon before the first slash, as git decides; the colons of an IPv6 address do not count.
  const auto slash = text.find('/');
  const bool brackets = text.find('[') < slash;
  const auto colon = text.find(':', brackets ? std::min(text.find(']'), text.size()) : 0);
  if (colon == std::string_view::npos || slash < colon) return local(text, text);
  return scp_form(text, colon);
}

}  // namespace dunlin::git
