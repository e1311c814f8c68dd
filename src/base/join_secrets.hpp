#pragma once

#include "base/secret.hpp"

#include <span>
#include <vector>

namespace dunlin {

/// One secret of several, in their order; no copy is left behind in memory.
[[nodiscard]] inline Secret joined(std::span<const Secret> pieces) {
  std::size_t size = 0;
  for (const Secret& piece : pieces) size += piece.reveal().size();
  std::vector<char> whole;
  whole.reserve(size);  // grown once: each growth would leave a copy
  for (const Secret& piece : pieces) {
    whole.insert(whole.end(), piece.reveal().begin(), piece.reveal().end());
  }
  Secret result(std::string_view(whole.data(), whole.size()));
  if (!whole.empty()) explicit_bzero(whole.data(), whole.size());
  return result;
}

}  // namespace dunlin
