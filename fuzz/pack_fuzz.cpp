#include "base/digest.hpp"
#include "git/pack.hpp"
#include "git/tree.hpp"

#include <string>

#include "fuzz.hpp"

using dunlin::fuzz::require;

// The body of a pack; its checksum is added, since guessing one is not what is looked for. What
// comes out has the name of its content and stays within the limits.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = dunlin::fuzz::text(data, size);
  const dunlin::git::Limits limits{.object = 1U << 16U, .all_objects = 1U << 18U, .files = 1000};
  const auto objects = dunlin::git::unpack(std::string(body) + dunlin::sha1({&body, 1}), limits);
  if (!objects) return 0;
  std::size_t total = 0;
  for (const auto& [id, object] : *objects) {
    require(id == dunlin::git::id_of(object.type, *object.data));
    require(object.data->size() <= limits.object);
    total += object.data->size();
    const auto tree = dunlin::git::read_tree(*objects, id, limits);
    if (!tree) continue;
    for (const auto& [path, file] : tree->files) require(!path.starts_with('/'));
  }
  require(total <= limits.all_objects);
  return 0;
}
