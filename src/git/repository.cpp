#include "git/repository.hpp"

#include "base/text.hpp"
#include "git/fetch.hpp"
#include "git/remote.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

namespace dunlin::git {
namespace {

// A value without any white space in it is a path: every line of known hosts has a blank.
Result<std::string> known_hosts_text(const std::string& value) {
  const auto text = trim(value);
  if (text.empty() || text.find_first_of(" \t\n") != std::string_view::npos) return value;
  std::ifstream file{std::string(text)};
  if (!file) {
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("cannot read the file of known hosts {}", text),
                 .hint = "set KNOWN_HOSTS to a path that exists, or to the lines themselves"};
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<std::unique_ptr<Remote>> ssh(RepositoryOptions& options, const RepositoryUrl& url) {
  if (options.key.empty()) {
    return Error{.code = ErrorCode::deploy_key,
                 .message = fmt::format("there is no deploy key for {}", url.text),
                 .hint = "name the secret that holds it in REPOSITORY_DEPLOY_KEY_SECRET"};
  }
  const auto lines = DUNLIN_TRY(known_hosts_text(options.known_hosts));
  auto known = ssh::KnownHosts::built_in();
  known.add(DUNLIN_TRY(ssh::KnownHosts::parse(lines)));
  return ssh_remote({.host = url.host,
                     .port = url.port,
                     .user = url.user.empty() ? "git" : url.user,
                     .key = std::move(options.key),
                     .passphrase = std::move(options.passphrase),
                     .known_hosts = std::move(known),
                     .interrupt = options.interrupt},
                    url);
}

Result<std::unique_ptr<Remote>> http(RepositoryOptions& options, const RepositoryUrl& url) {
  if (options.http == nullptr)
    return Error{.code = ErrorCode::internal, .message = "there is no HTTP client"};
  return http_remote(*options.http, url, std::move(options.token), options.limits.pack);
}

Result<std::unique_ptr<Remote>> remote_for(RepositoryOptions& options, const RepositoryUrl& url) {
  switch (url.transport) {
    case Transport::ssh:
      return ssh(options, url);
    case Transport::https:
      return http(options, url);
    case Transport::local:
      break;
  }
  return local_remote(url, options.interrupt);
}

// A forge says "not found" also for a repository that the key does not belong to.
Error explained(Error error, const RepositoryUrl& url) {
  if (!error.message.contains(url.text) && error.code != ErrorCode::interrupted)
    error.message = fmt::format("{}: {}", url.text, error.message);
  constexpr std::array<std::string_view, 3> absent = {"not found", "does not exist",
                                                      "not appear to be a git repository"};
  const auto said = lower(error.message);
  if (error.hint.empty() && error.code == ErrorCode::source_failed &&
      std::ranges::any_of(absent, [&](auto words) { return said.contains(words); }))
    error.hint = "check owner and path, and that the key or token belongs to this repository";
  return error;
}

}  // namespace

Result<Repository> fetch_repository(RepositoryOptions options) {
  const auto url = DUNLIN_TRY(parse_url(options.url));
  const auto remote = DUNLIN_TRY(remote_for(options, url));
  auto fetched = fetch(*remote, options.ref, options.limits);
  if (!fetched) return explained(std::move(fetched).error(), url);
  auto tree = read_tree(fetched->objects, fetched->id, options.limits);
  if (!tree) return explained(std::move(tree).error(), url);
  return Repository{.url = url, .ref = std::move(fetched->ref), .tree = *std::move(tree)};
}

}  // namespace dunlin::git
