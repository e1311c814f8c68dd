#include "config/checkout.hpp"
#include "config/toml_file.hpp"

#include <vector>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = dunlin::fuzz::text(data, size);
  if (const auto settings = dunlin::parse_toml(text, "x.toml")) {
    for (const auto& setting : *settings) dunlin::fuzz::require(!setting.path.empty());
  }
  dunlin::Configuration configuration;
  const std::vector<dunlin::CheckoutFile> files = {{"flyway.toml", std::string(text)}};
  // whatever a branch holds, no reference gets in
  if (dunlin::lay_under(configuration, files)) {
    dunlin::fuzz::require(configuration.references().empty());
  }
  return 0;
}
