#pragma once

#include <cstddef>
#include <string_view>

namespace dunlin::git {

/// What a repository may cost at most; beyond it the fetch ends with an error that names the limit.
/// The defaults fit a task with 512 MB of memory and any repository of scripts.
struct Limits {
  std::size_t refs = 64UL << 20U;          ///< bytes of the server's list of branches and tags
  std::size_t pack = 128UL << 20U;         ///< bytes received
  std::size_t object = 64UL << 20U;        ///< bytes of one file
  std::size_t all_objects = 256UL << 20U;  ///< bytes of all objects unpacked
  std::size_t files = 200'000;             ///< files of the commit
  /// Bytes up to which all files of a commit are fetched in one request, which is quickest. Beyond
  /// it only the files that are wanted are, where the server allows that.
  std::size_t whole = 4UL << 20U;
};

/// How the message of an error ends when a server sends more than that.
inline constexpr std::string_view kBeyond = "more than the limit allows";

}  // namespace dunlin::git
