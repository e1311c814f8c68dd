#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::sql {

/// Orders names without regard to the case of ASCII letters.
struct IgnoringCase {
  using is_transparent = void;
  [[nodiscard]] bool operator()(std::string_view a, std::string_view b) const noexcept;
};

/// Values by name: "READ_ONLY_PASSWORD", "flyway:filename". Values are views, since they may be
/// secrets: they are copied into the replaced text and nowhere else.
using PlaceholderValues = std::map<std::string, std::string_view, IgnoringCase>;

struct PlaceholderOptions {
  std::string prefix = "${";    ///< not empty
  std::string suffix = "}";     ///< not empty
  std::string separator = ":";  ///< as in flyway:table; only the wording of an error depends on it
};

/// Leads from a place in the replaced text back to the file.
class SourceMap {
 public:
  /// Offset in the original text; inside a value it is where the placeholder begins.
  [[nodiscard]] std::size_t original(std::size_t replaced) const noexcept;
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  /// To be called in order, from the start of the text on; all in bytes.
  void add(std::size_t original, std::size_t original_length, std::size_t replaced,
           std::size_t replaced_length);

 private:
  struct Entry {
    std::size_t replaced, replaced_end, original, original_end;
  };
  std::vector<Entry> entries_;  ///< sorted
};

struct ReplacedText {
  std::string text;
  SourceMap map;
};

/// The text with every placeholder replaced, be it in a string, a comment or a name; values are not
/// looked at again. Names know no letter case. As Flyway reads, a letter that breaks off a started
/// prefix is passed over with it: `$${x}` stays as it is, `$$${x}` does not (observed with Flyway
/// 11, scenario placeholders-dollar-edges). A placeholder without a value, or one that never ends,
/// is an Error (configuration) that names all that are missing, with their places. (Flyway takes
/// one that the end of the text cuts off for closed, one letter before the end.)
/// @param text  UTF-8
Result<ReplacedText> replace_placeholders(std::string_view text, const PlaceholderValues& values,
                                          const PlaceholderOptions& options = {});

/// Where `$${NAME}` stands in the text for a name that has a value: it is left as it is, which is
/// seldom meant (a role then gets the literal text for a password). Offsets in bytes.
[[nodiscard]] std::vector<std::size_t> escaped_placeholders(std::string_view text,
                                                            const PlaceholderValues& values,
                                                            const PlaceholderOptions& options = {});

}  // namespace dunlin::sql
