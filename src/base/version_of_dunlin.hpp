#pragma once

#include <string_view>

namespace dunlin {

/// Of the program, as CMakeLists.txt has it: "0.1.0".
inline constexpr std::string_view kVersion = DUNLIN_VERSION;

}  // namespace dunlin
