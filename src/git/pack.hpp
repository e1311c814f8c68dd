#pragma once

#include "base/result.hpp"
#include "git/limits.hpp"
#include "git/object.hpp"

#include <string_view>

namespace dunlin::git {

/// All objects of a pack (gitformat-pack, version 2), deltas applied, each under the id computed
/// from its content. The pack is whole: no delta refers to an object outside it.
/// ErrorCode::source_failed when it is damaged or beyond a limit; it is safe on hostile bytes.
[[nodiscard]] Result<Objects> unpack(std::string_view pack, const Limits& limits);

/// The text a delta makes of its base. `most` bounds its size in bytes.
[[nodiscard]] Result<std::string> apply_delta(std::string_view base, std::string_view delta,
                                              std::size_t most);

}  // namespace dunlin::git
