#include "ssh/private_key.hpp"

#include "fuzz.hpp"

using dunlin::fuzz::require;

// However it was pasted; repairing what is repaired changes nothing.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto key =
      dunlin::ssh::normalize_private_key(dunlin::Secret(dunlin::fuzz::text(data, size)));
  if (!key) return 0;
  const auto again = dunlin::ssh::normalize_private_key(key->text);
  require(again.has_value() && again->text.reveal() == key->text.reveal() &&
          again->encrypted == key->encrypted);
  return 0;
}
