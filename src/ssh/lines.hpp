#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace dunlin::ssh {

/// The lines of a file that an option gives either as they are or by the file's path. A value
/// without any white space in it is a path: every line of such a file has a blank.
/// ErrorCode::configuration when it cannot be read.
/// @param what   names it: "known hosts"
/// @param where  what it is set to: "KNOWN_HOSTS"
[[nodiscard]] Result<std::string> lines_of(const std::string& value, std::string_view what,
                                           std::string_view where);

}  // namespace dunlin::ssh
