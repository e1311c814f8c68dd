#pragma once

#include "base/secret.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// Knows every live secret and takes it out of any text on its way to a person, a log or a file.
/// Each sink holds a reference to the one redactor of the process. Safe from several threads.
class Redactor {
 public:
  /// From now on `secret` is replaced wherever it appears: as it is, as an SQL literal (quotes
  /// doubled), as JSON (escaped) and percent-encoded. Texts shorter than 4 bytes are left out,
  /// since replacing every "1" in a log would hide the log and nothing else. Of a text of several
  /// lines each long line counts by itself.
  void learn(std::string_view secret);
  /// `text` with each secret replaced by `****`; those that overlap by one. What is left of a
  /// secret where `...` cuts it off counts too.
  [[nodiscard]] std::string clean(std::string_view text) const;

 private:
  void learn_forms(std::string_view secret);
  mutable std::mutex mutex_;
  std::vector<Secret> forms_;
};

}  // namespace dunlin
