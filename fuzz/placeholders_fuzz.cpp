#include "sql/placeholders.hpp"

#include <algorithm>

#include "fuzz.hpp"

using dunlin::fuzz::require;
using namespace dunlin::sql;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = dunlin::fuzz::text(data, size);
  const PlaceholderValues values = {{"a", "value"}, {"B", ""}, {"flyway:table", "${a}"}};
  for (const PlaceholderOptions& options :
       {PlaceholderOptions{}, PlaceholderOptions{.prefix = "@", .suffix = "@"},
        PlaceholderOptions{.prefix = "$$", .suffix = "ö"}}) {
    for (const std::size_t place : escaped_placeholders(text, values, options)) {
      require(place < size);
    }
    const auto replaced = replace_placeholders(text, values, options);
    if (!replaced) {
      require(!replaced.error().message.contains('\n'));
      continue;
    }
    std::size_t last = 0;
    for (std::size_t at = 0; at <= replaced->text.size(); ++at) {
      const std::size_t original = replaced->map.original(at);
      require(original >= last && original <= size);
      last = original;
    }
  }
  return 0;
}
