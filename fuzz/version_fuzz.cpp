#include "migration/version.hpp"

#include "fuzz.hpp"

using dunlin::Version;
using dunlin::fuzz::require;

// Two versions, divided by a line end.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = dunlin::fuzz::text(data, size);
  const auto middle = text.find('\n');
  const auto first = Version::parse(text.substr(0, middle));
  if (!first) return 0;
  const auto again = Version::parse(first->text());
  require(again.has_value() && *again == *first && again->text() == first->text());
  if (middle == std::string_view::npos) return 0;
  const auto second = Version::parse(text.substr(middle + 1));
  if (!second) return 0;
  require((*first < *second) == (*second > *first));
  require((*first == *second) == (*second == *first));
  return 0;
}
