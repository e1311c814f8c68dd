#pragma once

#include "aws/credential_link.hpp"
#include "base/environment.hpp"

namespace dunlin {

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, for temporary ones, AWS_SESSION_TOKEN.
[[nodiscard]] Result<Link> environment_credentials(const Environment& environment);

}  // namespace dunlin
