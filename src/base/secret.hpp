#pragma once

#include <string.h>  // explicit_bzero

#include <iosfwd>
#include <string_view>
#include <vector>

namespace dunlin {

/// Text that is never printed, never copied by accident, and wiped when it goes away.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept {
    bytes_.swap(other.bytes_);  // the old bytes die with `other`, which wipes them
    return *this;
  }
  ~Secret() {
    if (!bytes_.empty()) explicit_bzero(bytes_.data(), bytes_.size());
  }
  /// The text, for the one call that needs it: do not keep the view, do not copy it.
  [[nodiscard]] std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  /// A second owner, on purpose and in plain sight.
  [[nodiscard]] Secret duplicate() const { return Secret(reveal()); }
  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;

 private:
  std::vector<char> bytes_;  // not std::string: moving a short one leaves a copy behind
};

}  // namespace dunlin
