#pragma once

#include "docs/model.hpp"

#include <span>
#include <string>

namespace dunlin::docs {

/// The schemas as Markdown, one after the other, each sorted first: the same bytes for the same
/// schema. Ends with a line end; lines end with "\n".
[[nodiscard]] std::string markdown(std::span<Schema> schemas);

}  // namespace dunlin::docs
