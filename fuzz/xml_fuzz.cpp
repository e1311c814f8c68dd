#include "aws/xml.hpp"

#include "fuzz.hpp"

namespace {

/// Walks all elements; gives how many there are.
std::size_t count(dunlin::XmlNode node) {
  std::size_t elements = 1;
  for (const dunlin::XmlNode each : node.children()) {
    dunlin::fuzz::require(node[each.name()].exists() && node.find(each.name()).exists());
    dunlin::fuzz::require(node.text().empty());
    elements += count(each);
  }
  return elements;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = dunlin::XmlDocument::parse(dunlin::fuzz::text(data, size));
  if (document) dunlin::fuzz::require(count(document->root()) <= size);
  return 0;
}
