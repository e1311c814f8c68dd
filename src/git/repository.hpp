#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "git/limits.hpp"
#include "git/tree.hpp"
#include "git/url.hpp"
#include "http/client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace dunlin::git {

/// A branch, tag or commit of a repository, and what is needed to read it. Only what the address
/// asks for is looked at: a local repository needs neither key nor token.
struct RepositoryOptions {
  std::string url;    ///< see parse_url
  std::string ref;    ///< see choose
  Secret key;         ///< ssh: the private key as it was pasted
  Secret passphrase;  ///< ssh: empty when the key has none
  std::string
      known_hosts;  ///< ssh: lines as in a known_hosts file, or the path of one; may be empty
  Secret token;     ///< https: may be empty
  /// Folders and files that will be asked for; others may then be missing until `load` brings
  /// them. An empty list wants everything.
  std::vector<std::string> wanted;
  std::string expected_commit;  ///< full id that the ref must lead to; empty: any will do
  /// Who may have signed the commit: lines of an allowed signers file, or the path of one. Nothing:
  /// nobody needs to have.
  std::optional<std::string> allowed_signers;
  Limits limits;
  const Interrupt* interrupt = nullptr;  ///< ends every wait
  HttpClient* http = nullptr;            ///< needed for https
};

struct Repository {
  RepositoryUrl url;
  std::string ref;  ///< what was found: "refs/heads/develop"
  Tree tree;
  /// See Fetched::more; empty when every content is there.
  std::function<Result<Objects>(const std::vector<ObjectId>& blobs)> more;

  /// Fetches the contents of these files that are not there, in one request. source_failed.
  Result<void> load(const std::vector<std::string>& paths);
};

/// Fetches one commit, without history and without touching the disk. Symbolic links and what is
/// `wanted` have their contents then.
/// Errors: configuration (address, known hosts), host_key, deploy_key, missing_branch,
/// commit_refused, source_failed, interrupted. Each names the repository.
[[nodiscard]] Result<Repository> fetch_repository(RepositoryOptions options);

}  // namespace dunlin::git
