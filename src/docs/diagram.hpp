#pragma once

#include "docs/model.hpp"

#include <cstddef>
#include <string>

namespace dunlin::docs {

/// Beyond this many bytes Mermaid refuses a diagram (its setting maxTextSize, which GitHub leaves).
inline constexpr std::size_t kLargestDiagram = 50'000;

/// Tables, their columns and foreign keys as Mermaid's erDiagram, without a fence. Where that would
/// be too large, columns are left to the keys, then left out; empty if it still is, or if there is
/// no table.
[[nodiscard]] std::string diagram(const Schema& schema);

}  // namespace dunlin::docs
