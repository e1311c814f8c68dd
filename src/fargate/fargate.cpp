#include "fargate/fargate.hpp"

namespace dunlin::fargate {

Result<int> print_template(Output& output) {
  output.answer(cloudformation_template());
  return 0;
}

}  // namespace dunlin::fargate
