#pragma once

#include "config/configuration.hpp"
#include "job/connect.hpp"
#include "job/perform.hpp"
#include "secrets/resolver.hpp"

#include <optional>
#include <string>

namespace dunlin {

class AwsApi;
class HttpClient;

/// The edges of a run.
struct JobEdges {
  Resolver& resolver;  ///< of secrets and other references
  Interrupt& interrupt;
  HttpClient* http;    ///< for repositories on https
  IamPassword by_iam;  ///< called on another thread
  AwsApi& aws;         ///< for snapshots
  std::string working_directory;
};

/// `dunlin run [branch]`: secrets, source, info, migrate, info.
/// @param configuration  as loaded, its references to env and file resolved
/// @returns the exit code; failures have been reported
int run_job(Configuration configuration, const std::optional<std::string>& branch,
            const JobEdges& edges, const Reporting& reporting);

}  // namespace dunlin
