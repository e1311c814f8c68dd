#include "git/repository.hpp"

#include "base/text.hpp"
#include "git/fetch.hpp"
#include "git/remote.hpp"
#include "git/signature.hpp"
#include "ssh/lines.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace dunlin::git {
namespace {

Result<std::unique_ptr<Remote>> ssh(RepositoryOptions& options, const RepositoryUrl& url) {
  if (options.key.empty()) {
    return Error{
        .code = ErrorCode::deploy_key,
        .message = fmt::format("there is no deploy key for {}", url.text),
        .hint =
            "name the secret that holds it in REPOSITORY_DEPLOY_KEY_SECRET, or refer to it in "
            "REPOSITORY_DEPLOY_KEY"};
  }
  const auto lines = DUNLIN_TRY(ssh::lines_of(options.known_hosts, "known hosts", "KNOWN_HOSTS"));
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
  return http_remote(*options.http, url, std::move(options.token));
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

// Files of these whose contents are not there.
std::vector<std::pair<std::string, ObjectId>> missing_of(const Tree& tree,
                                                         const std::vector<std::string>& paths) {
  std::vector<std::pair<std::string, ObjectId>> missing;
  for (const auto& path : paths) {
    const auto file = tree.files.find(path);
    if (file != tree.files.end() && file->second.content == nullptr)
      missing.emplace_back(path, file->second.id);
  }
  return missing;
}

Result<void> check_commit(const Commit& commit, const std::string& expected) {
  if (expected.empty() || lower(expected) == commit.id) return {};
  return Error{.code = ErrorCode::commit_refused,
               .message = fmt::format("commit {} was expected and {} is there: \"{}\" by {}, {}",
                                      lower(expected), commit.id, commit.subject, commit.author,
                                      commit.date),
               .hint = "the branch has moved since: review what is new, and expect that commit"};
}

// What nobody asked for, but needs to be known to find one's way.
bool is_needed(const std::string& path, const File& file, const RepositoryOptions& options) {
  return file.kind == File::Kind::symlink ||
         (file.kind == File::Kind::regular && is_wanted(path, options.wanted));
}

Result<void> check_signature(Commit& commit, const RepositoryOptions& options) {
  if (!options.allowed_signers) return {};
  const auto lines =
      DUNLIN_TRY(ssh::lines_of(*options.allowed_signers, "allowed signers", "allowedSigners"));
  const auto signers = DUNLIN_TRY(ssh::AllowedSigners::parse(lines));
  commit.signer = DUNLIN_TRY(signer_of(commit, signers));
  return {};
}

Result<Repository> read(const std::shared_ptr<Remote>& remote, const RepositoryOptions& options,
                        const RepositoryUrl& url) {
  const bool all = options.wanted.empty() || is_wanted("", options.wanted);
  auto fetched = DUNLIN_TRY(
      fetch(remote, options.ref, options.limits, all ? Wish::all_files : Wish::some_files));
  Repository repository{
      .url = url,
      .ref = std::move(fetched.ref),
      .tree = DUNLIN_TRY(read_tree(fetched.objects, fetched.id, options.limits,
                                   fetched.more ? Contents::some : Contents::all)),
      .more = std::move(fetched.more)};
  DUNLIN_TRY(check_commit(repository.tree.commit, options.expected_commit));
  DUNLIN_TRY(check_signature(repository.tree.commit, options));
  std::vector<std::string> needed;
  for (const auto& [path, file] : repository.tree.files)
    if (is_needed(path, file, options)) needed.push_back(path);
  DUNLIN_TRY(repository.load(needed));
  return repository;
}

}  // namespace

Result<Repository> fetch_repository(RepositoryOptions options) {
  const auto url = DUNLIN_TRY(parse_url(options.url));
  const auto remote = std::shared_ptr<Remote>(DUNLIN_TRY(remote_for(options, url)));
  auto repository = read(remote, options, url);
  if (!repository) return explained(std::move(repository).error(), url);
  return repository;
}

Result<void> Repository::load(const std::vector<std::string>& paths) {
  const auto wanted = missing_of(tree, paths);
  if (wanted.empty()) return {};
  if (!more) return Error{.code = ErrorCode::internal, .message = "a file was not fetched"};
  std::vector<ObjectId> ids;
  for (const auto& [path, id] : wanted)
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  auto objects = more(ids);
  if (!objects) return explained(std::move(objects).error(), url);
  for (auto& [path, file] : tree.files) {
    const auto found = objects->find(file.id);
    if (file.content == nullptr && found != objects->end()) file.content = found->second.data;
  }
  const auto left = missing_of(tree, paths);
  if (left.empty()) return {};
  return explained({.code = ErrorCode::source_failed,
                    .message = fmt::format("the Git server did not send {}", left.front().first)},
                   url);
}

}  // namespace dunlin::git
