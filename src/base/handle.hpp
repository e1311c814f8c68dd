#pragma once

#include <memory>

namespace dunlin {

/// Owns an object of a C library and gives it back to `release`. Costs one pointer.
template <auto release>
struct Releaser {
  void operator()(auto* object) const noexcept { release(object); }
};
template <class T, auto release>
using Handle = std::unique_ptr<T, Releaser<release>>;

}  // namespace dunlin
