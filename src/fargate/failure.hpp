#pragma once

#include "fargate/events.hpp"

#include <span>
#include <string>
#include <string_view>

namespace dunlin::fargate {

/// The event that is why a stack failed: the first failure that is not the consequence of another
/// ("Resource creation cancelled"). Null if no event is a failure.
/// @param events  the oldest first
[[nodiscard]] const StackEvent* first_cause(std::span<const StackEvent> events) noexcept;

/// What to do about a reason that AWS gives; empty when nothing is known of it.
[[nodiscard]] std::string hint_for(std::string_view reason);

}  // namespace dunlin::fargate
