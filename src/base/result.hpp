#pragma once

#include "base/error.hpp"

#include <expected>
#include <utility>

namespace dunlin {

/// A T, or the Error that prevented it. Derives from std::expected only to add [[nodiscard]]:
/// libstdc++ 12 lets a plain std::expected be dropped unseen, and the error with it.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
  // Not explicit: `return Error{...};` is the point.
  Result(Error error) : std::expected<T, Error>(std::unexpect, std::move(error)) {}
};

/// Success without a value.
template <>
class [[nodiscard]] Result<void> : public std::expected<void, Error> {
 public:
  using std::expected<void, Error>::expected;
  // Not explicit, as above.
  Result(Error error) : std::expected<void, Error>(std::unexpect, std::move(error)) {}
};

}  // namespace dunlin

/// The value of a Result; if it has none, returns its Error from the enclosing function.
#define DUNLIN_TRY(...)                                    \
  __extension__({                                          \
    auto&& try_result = (__VA_ARGS__);                     \
    if (!try_result) return std::move(try_result).error(); \
    *std::move(try_result);                                \
  })
