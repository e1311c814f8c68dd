#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "fargate/change_set.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dunlin::fargate {

/// What the template is filled in with. The environment of the task is what `dunlin run` would read
/// here.
struct DeployInputs {
  const Configuration& configuration;  ///< references to secrets stand in it as they are written
  std::vector<std::string> secrets;    ///< ids of those that the job reads: names or ARNs
  std::string repository;              ///< its URL
};

/// Whose account it is, for ARNs.
struct Account {
  std::string id;         ///< "123456789012"
  std::string partition;  ///< "aws", "aws-cn"
  std::string region;
};

/// What the other parameters cannot say, since it is looked up.
struct Surroundings {
  Account account;
  std::string vpc;                   ///< empty if none is needed
  std::vector<std::string> subnets;  ///< for a database or a bastion host
  /// Of the database cluster, for a login by IAM: "cluster-ABC"; "*" if it is not known.
  std::string database_resource;
  /// DatabaseRole1 and so on as they stand in the stack; none where there is no stack.
  std::vector<std::string> roles_before;
};

/// Which role stands in which of the template's places: one that stands already keeps its own, so
/// that its secret is not made a second time under another name of the template. Roles beyond the
/// places are left out: their secrets are put by hand.
[[nodiscard]] std::vector<std::string> places_of_roles(const std::vector<std::string>& roles,
                                                       const std::vector<std::string>& before);

/// The ARN of a secret for a policy, whose last six letters only Secrets Manager knows:
/// "arn:aws:secretsmanager:eu-west-1:123456789012:secret:NAME-??????".
[[nodiscard]] std::string secret_arn(std::string_view id, const Account& account);
/// The ids of the secrets that ${secret:ID#key} in a text refer to, and the names of ${ssm:NAME}.
struct References {
  std::vector<std::string> secrets, parameters;
};
[[nodiscard]] References references_in(std::string_view text);
/// The ARN of the ECR repository that an image is in; empty when it is in another registry.
[[nodiscard]] std::string ecr_arn(std::string_view image, const Account& account);
/// The port of a Git server by its URL: 443 for https, 22 for SSH unless it says another.
[[nodiscard]] std::string port_of_repository(std::string_view url);

/// Whether any of the things is wanted that stand in a VPC.
[[nodiscard]] bool needs_vpc(const Configuration& configuration);

/// What cannot go to Fargate: a password or key that would stand in the task definition, a URL in
/// the place of DB_HOST, a repository on this machine.
Result<void> check_inputs(const DeployInputs& inputs);

/// What `dunlin run` would heed here and a task will not, since it is set by a variable or an
/// option of this call and has no place in the template: "locations (variable FLYWAY_LOCATIONS)".
/// What stands in files is not among it: the job finds those of the repository there.
[[nodiscard]] std::vector<std::string> left_behind(const Configuration& configuration);

/// The parameters of the template, sorted by what the template has them by.
[[nodiscard]] StackParameters parameters_of(const DeployInputs& inputs,
                                            const Surroundings& surroundings);

}  // namespace dunlin::fargate
