#include "migration/script_config.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = dunlin::fuzz::text(data, size);
  const auto config = dunlin::parse_script_config(text);
  const auto expression = config && config->should_execute ? *config->should_execute : "true";
  static_cast<void>(dunlin::should_execute(expression));
  static_cast<void>(dunlin::should_execute(text));
  return 0;
}
