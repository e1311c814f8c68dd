#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// A table drawn with + - and |, as Flyway draws it. Columns are as wide as their widest cell,
/// counted in letters; control characters are shown as blanks.
/// @param empty  said across the table when there are no rows
[[nodiscard]] std::string ascii_table(const std::vector<std::string>& header,
                                      const std::vector<std::vector<std::string>>& rows,
                                      std::string_view empty);

}  // namespace dunlin
