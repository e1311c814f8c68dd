#include "job/repositories.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace dunlin {
namespace {

Result<std::string> expected_commit(const Configuration& configuration,
                                    const GitLocation& location) {
  if (!location.expected_commit.empty()) return location.expected_commit;
  std::string expected = configuration.text("expectCommit");
  if (expected.empty() || git::ObjectId::parse(expected)) return expected;
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format("expectCommit {} is no full commit id", expected),
               .hint = "write all 40 hex digits of it"};
}

/// Relative paths begin at -workingDirectory, as those of folders do.
std::string placed(const std::string& address, const std::string& folder) {
  const bool is_relative = !address.contains(':') && !address.starts_with('/');
  return is_relative && !folder.empty() ? (std::filesystem::path(folder) / address).string()
                                        : address;
}

Error no_signers() {
  return {.code = ErrorCode::configuration,
          .message = "requireSigned is set, and allowedSigners names nobody",
          .hint = "set allowedSigners to lines of an allowed signers file, or to its path"};
}

/// "./sql/" as Git's trees have it: "sql".
std::string tree_path(const std::string& folder) {
  auto path = std::filesystem::path(folder).lexically_normal().string();
  while (path.ends_with('/')) path.pop_back();
  return path == "." ? std::string() : path;
}

std::string description(const ScriptOrigin& origin) {
  return fmt::format("Scripts from {}, {}, commit {}: \"{}\" by {}, {}{}", origin.repository,
                     origin.ref, origin.commit, origin.subject, origin.author, origin.date,
                     origin.signer.empty() ? "" : fmt::format(", signed by {}", origin.signer));
}

/// Where the key or token came from, for who has to correct it.
void add_origin(Error& error, const Configuration& configuration) {
  if (error.code != ErrorCode::deploy_key) return;
  for (const std::string_view key : {"repository.deployKeySecret", "repository.tokenSecret"}) {
    const std::string id = configuration.text(key);
    const std::string_view thing = key.contains("token") ? "token" : "deploy key";
    if (!id.empty() && error.message.contains(thing))
      error.message += fmt::format(" (it is in secret {})", id);
  }
}

}  // namespace

Result<Secret> repository_secret(const Configuration& configuration, std::string_view key,
                                 Resolver& resolver) {
  if (configuration.has(key)) return configuration.secret(key).duplicate();
  const std::string id = configuration.text(fmt::format("{}Secret", key));
  if (id.empty()) return Secret();
  return resolver.resolve(fmt::format("${{secret:{}}}", id));
}

Result<std::unique_ptr<GitSource>> open_repository(const Configuration& configuration,
                                                   const GitLocation& location,
                                                   std::vector<std::string> folders,
                                                   const RepositoryEdges& edges) {
  std::ranges::transform(folders, folders.begin(), tree_path);
  git::RepositoryOptions options{
      .url = placed(location.repository, configuration.text("workingDirectory")),
      .ref = location.ref.empty() ? "HEAD" : location.ref,
      .known_hosts = configuration.text("repository.knownHosts"),
      .wanted = std::move(folders),
      .expected_commit = DUNLIN_TRY(expected_commit(configuration, location)),
      .interrupt = &edges.interrupt,
      .http = edges.http};
  if (configuration.boolean("requireSigned")) {
    options.allowed_signers = configuration.text("allowedSigners");
    if (options.allowed_signers->empty()) return no_signers();
  }
  switch (DUNLIN_TRY(git::parse_url(options.url)).transport) {
    case git::Transport::ssh:
      options.key =
          DUNLIN_TRY(repository_secret(configuration, "repository.deployKey", edges.resolver));
      options.passphrase = DUNLIN_TRY(
          repository_secret(configuration, "repository.deployKeyPassphrase", edges.resolver));
      break;
    case git::Transport::https:
      options.token =
          DUNLIN_TRY(repository_secret(configuration, "repository.token", edges.resolver));
      break;
    case git::Transport::local:
      break;
  }
  auto source = open_repository(std::move(options));
  if (!source) {
    add_origin(source.error(), configuration);
    return source;
  }
  edges.output.info(description((*source)->origin()));
  return source;
}

OpenRepository repository_opener(const Configuration& configuration, const RepositoryEdges& edges) {
  auto first = std::make_shared<std::string>();
  return [&configuration, edges, first](
             const GitLocation& location,
             std::vector<std::string> folders) -> Result<std::unique_ptr<GitSource>> {
    if (first->empty()) *first = location.prefix();
    const bool is_expected =
        location.expected_commit.empty() && !configuration.text("expectCommit").empty();
    if (is_expected && *first != location.prefix()) {
      return Error{.code = ErrorCode::configuration,
                   .message = fmt::format("expectCommit is one commit, and scripts come from {} "
                                          "and {}",
                                          *first, location.prefix()),
                   .hint = "write ?commit=ID behind each location"};
    }
    return open_repository(configuration, location, std::move(folders), edges);
  };
}

}  // namespace dunlin
