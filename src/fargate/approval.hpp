#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "fargate/context.hpp"

#include <span>
#include <string>
#include <string_view>

namespace dunlin::fargate {

/// What a person is asked to agree to.
struct Proposal {
  std::string question;                 ///< "Make these changes?"
  std::string stack;                    ///< its name, to be typed where data are lost
  std::span<const std::string> losses;  ///< a line for each; empty: nothing is lost
};

/// Shows a table of what would be done: with -q only when a person has to decide on it.
void propose(const Context& context, const Configuration& configuration, std::string_view table);

/// Whether the proposal is to be carried out: by option fargate.approve, which has to be data-loss
/// where there are losses, else by the person at the terminal. Losses are shown as warnings.
/// Error: configuration when there is neither, or the option does not cover what would be lost.
Result<bool> is_approved(const Context& context, const Configuration& configuration,
                         const Proposal& proposal);

}  // namespace dunlin::fargate
