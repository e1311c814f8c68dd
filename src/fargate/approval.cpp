#include "fargate/approval.hpp"

#include "base/text.hpp"

namespace dunlin::fargate {
namespace {

Error unapproved(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

}  // namespace

void propose(const Context& context, const Configuration& configuration, std::string_view table) {
  const bool asks = configuration.text("fargate.approve").empty();
  if (context.shape == Context::Shape::text && asks) return context.output.answer(table);
  context.output.info(table);
}

Result<bool> is_approved(const Context& context, const Configuration& configuration,
                         const Proposal& proposal) {
  const bool loses = !proposal.losses.empty();
  for (const std::string& loss : proposal.losses) context.output.warn(loss);
  const std::string approval = configuration.text("fargate.approve");
  if (approval == "data-loss" || (approval == "true" && !loses)) return true;
  if (approval == "true") {
    return unapproved("data would be lost, which fargate.approve=true does not cover",
                      "look at the warnings; then -fargate.approve=data-loss does it");
  }
  // Beside a document there is no talking.
  const bool may_ask = context.shape == Context::Shape::text;
  const auto answer =
      !may_ask ? std::nullopt
               : context.ask(loses ? fmt::format("{} Type the name of the stack, {}, to do so: ",
                                                 proposal.question, proposal.stack)
                                   : fmt::format("{} [y/N] ", proposal.question));
  if (answer) {
    const std::string word = lower(trim(*answer));
    return loses ? trim(*answer) == proposal.stack : word == "y" || word == "yes";
  }
  if (context.interrupt.requested()) return false;
  return unapproved("nobody is at a terminal to approve it",
                    loses ? "look at the warnings; then -fargate.approve=data-loss does it"
                          : "look at it, then -fargate.approve=true does it");
}

}  // namespace dunlin::fargate
