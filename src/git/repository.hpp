#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "git/limits.hpp"
#include "git/tree.hpp"
#include "git/url.hpp"
#include "http/client.hpp"

#include <string>

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
  Limits limits;
  const Interrupt* interrupt = nullptr;  ///< ends every wait
  HttpClient* http = nullptr;            ///< needed for https
};

struct Repository {
  RepositoryUrl url;
  std::string ref;  ///< what was found: "refs/heads/develop"
  Tree tree;
};

/// Fetches one commit, without history and without touching the disk.
/// Errors: configuration (address, known hosts), host_key, deploy_key, missing_branch,
/// source_failed, interrupted. Each names the repository.
[[nodiscard]] Result<Repository> fetch_repository(RepositoryOptions options);

}  // namespace dunlin::git
