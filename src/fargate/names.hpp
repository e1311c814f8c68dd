#pragma once

#include "config/configuration.hpp"

#include <string>

namespace dunlin::fargate {

/// The names by which a task is found, whoever made it: the stack, Terraform, or a person.
struct Names {
  std::string cluster;
  std::string task;  ///< the family of the task definition, and the name of its container
};
/// From the options.
[[nodiscard]] Names names_of(const Configuration& configuration);

}  // namespace dunlin::fargate
