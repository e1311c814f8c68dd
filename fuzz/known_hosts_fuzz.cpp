#include "ssh/known_hosts.hpp"

#include "fuzz.hpp"

using dunlin::fuzz::require;

// Lines of known hosts. A key that is trusted reads back from its own line.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto hosts = dunlin::ssh::KnownHosts::parse(dunlin::fuzz::text(data, size));
  if (!hosts) return 0;
  for (const auto& key : hosts->keys_of("git.example.org", 2222)) {
    const auto again = dunlin::ssh::KnownHosts::parse("h " + dunlin::ssh::line_of(key));
    require(again.has_value() && again->keys_of("h", 22).size() == 1 &&
            again->keys_of("h", 22).front() == key);
  }
  return 0;
}
