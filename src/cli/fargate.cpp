#include "cli/fargate.hpp"

#include "base/text.hpp"

#include "fargate/fargate.hpp"

namespace dunlin {

Result<int> run_fargate(std::string_view command, Output& output) {
  if (command == "fargate template") return fargate::print_template(output);
  return Error{.code = ErrorCode::internal, .message = fmt::format("nobody does {}", command)};
}

}  // namespace dunlin
