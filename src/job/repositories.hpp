#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"
#include "report/output.hpp"
#include "secrets/resolver.hpp"
#include "source/git_location.hpp"
#include "source/git_source.hpp"
#include "source/mixed_source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace dunlin {

class HttpClient;

/// What reading repositories takes besides the configuration. All outlive those who use it.
struct RepositoryEdges {
  Resolver& resolver;
  HttpClient* http;  ///< for https
  const Interrupt& interrupt;
  Output& output;
};

/// The value of `key` ("repository.token"), or the secret whose id stands in `key`Secret; empty if
/// neither is set.
Result<Secret> repository_secret(const Configuration& configuration, std::string_view key,
                                 Resolver& resolver);

/// Fetches a commit with the key, token and pins of the configuration (options repository.*,
/// expectCommit, requireSigned), checks it, and prints what it is.
/// @param folders  those that will be asked for; empty: everything
/// Errors: as git::fetch_repository, and of the secrets.
Result<std::unique_ptr<GitSource>> open_repository(const Configuration& configuration,
                                                   const GitLocation& location,
                                                   std::vector<std::string> folders,
                                                   const RepositoryEdges& edges);

/// Opens the repositories that locations name. `expectCommit` speaks of one repository only:
/// configuration when a second is opened under it, which takes `commit=` in its location.
/// `configuration` and `edges` outlive it.
OpenRepository repository_opener(const Configuration& configuration, const RepositoryEdges& edges);

}  // namespace dunlin
