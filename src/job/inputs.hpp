#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dunlin {

/// What `run` is asked to do, worked out of its variables before anything is fetched. Only what the
/// chosen source and database need is required.
struct JobInputs {
  std::string branch;         ///< or tag, or commit id
  std::string repository;     ///< its URL
  std::string region;         ///< "-" where AWS is not asked
  std::string database_name;  ///< for the first line and ${DATABASE_NAME}; "-" if not known yet
  bool on_postgresql = true;
  /// References whose values the job needs; empty where it needs none.
  std::string deploy_key, passphrase, token, database_secret, password;
  struct Role {
    std::string placeholder;  ///< "READ_ONLY_PASSWORD"
    std::string reference;    ///< "${secret:PREFIX@read_only#password}"
  };
  std::vector<Role> roles;
};

/// Errors: configuration, naming the variable that is missing and where it is usually set.
Result<JobInputs> job_inputs(const Configuration& configuration,
                             const std::optional<std::string>& branch);

/// Whether a value that decides on source, database or secrets is a reference that is not resolved
/// yet: job_inputs has to wait for it.
[[nodiscard]] bool has_unresolved_inputs(const Configuration& configuration);
/// configuration when AWS has to be asked and no region is known.
Result<void> check_region(const Configuration& configuration);

/// Host names or addresses, several between commas; what else stands there could change the rest of
/// the URL. @param what  names it in the error: "DB_HOST"
Result<void> check_host(std::string_view hosts, std::string_view what);
/// "a:5432,[::1]:5432" of "a,::1", as a URL has it.
[[nodiscard]] std::string places_of(std::string_view hosts, int port);

/// Where the database listens, as far as that is known before the secrets are.
struct DatabasePlace {
  std::string host, port;
};
[[nodiscard]] std::optional<DatabasePlace> place_of_database(const Configuration& configuration,
                                                             const JobInputs& inputs);

/// The first line of every run: people grep their logs for it.
[[nodiscard]] std::string first_line(const JobInputs& inputs);

}  // namespace dunlin
