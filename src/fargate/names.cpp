#include "fargate/names.hpp"

namespace dunlin::fargate {

Names names_of(const Configuration& configuration) {
  return {.cluster = configuration.text("fargate.cluster"),
          .task = configuration.text("fargate.task")};
}

}  // namespace dunlin::fargate
