#pragma once

#include "source/script_source.hpp"

#include <string>
#include <vector>

namespace dunlin::test {

inline std::vector<std::string> paths(const Listing::Location& location) {
  std::vector<std::string> result;
  for (const auto& file : location.files) result.push_back(file.path);
  return result;
}

}  // namespace dunlin::test
