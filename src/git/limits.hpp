#pragma once

#include <cstddef>

namespace dunlin::git {

/// What a repository may cost at most; beyond it the fetch ends with an error that names the limit.
/// The defaults fit a task with 512 MB of memory and any repository of scripts.
struct Limits {
  std::size_t refs = 64UL << 20U;          ///< bytes of the server's list of branches and tags
  std::size_t pack = 128UL << 20U;         ///< bytes received
  std::size_t object = 64UL << 20U;        ///< bytes of one file
  std::size_t all_objects = 256UL << 20U;  ///< bytes of all objects unpacked
  std::size_t files = 200'000;             ///< files of the commit
};

}  // namespace dunlin::git
