#pragma once

#include "base/text.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// The text of the first element of that name, empty when there is none. AWS's answers are flat
/// enough for this: their texts are identifiers, base64, times, and messages where an entity does
/// no harm.
[[nodiscard]] inline std::string_view xml_element(std::string_view xml, std::string_view name) {
  const std::string opening = fmt::format("<{}>", name);
  const auto start = xml.find(opening);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = xml.substr(start + opening.size());
  const auto end = rest.find(fmt::format("</{}>", name));
  return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

}  // namespace dunlin
