#include "config/checkout.hpp"
#include "config/conf_file.hpp"

#include <vector>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = dunlin::fuzz::text(data, size);
  int last = 0;
  for (const dunlin::ConfLine& line : dunlin::parse_conf(text)) {
    dunlin::fuzz::require(line.line > last && !line.key.contains('\n'));
    last = line.line;
    const auto expanded = dunlin::expand_variables(line.value, {});
    dunlin::fuzz::require(expanded.size() <= line.value.size());
  }
  dunlin::Configuration configuration;
  const std::vector<dunlin::CheckoutFile> files = {{"flyway.conf", std::string(text)}};
  // whatever a branch holds, no reference gets in
  if (dunlin::lay_under(configuration, files)) {
    dunlin::fuzz::require(configuration.references().empty());
  }
  return 0;
}
