#include "job/resolve.hpp"

#include "base/text.hpp"

namespace dunlin {
namespace {

std::string braced(std::string_view reference) { return fmt::format("${{{}}}", reference); }

bool is_of(const std::vector<std::string>& kinds, std::string_view reference) {
  if (kinds.empty()) return true;
  for (const std::string& kind : kinds) {
    if (reference.starts_with(kind + ':')) return true;
  }
  return false;
}

}  // namespace

Result<void> resolve_references(Configuration& configuration, Resolver& resolver,
                                const std::vector<std::string>& kinds) {
  std::vector<std::string> wanted;
  for (const std::string& reference : configuration.references()) {
    if (is_of(kinds, reference)) wanted.push_back(braced(reference));
  }
  DUNLIN_TRY(resolver.prefetch(wanted));
  DUNLIN_TRY(configuration.resolve(
      [&](std::string_view reference) { return resolver.resolve(braced(reference)); }, kinds));
  if (!kinds.empty()) return {};
  for (const std::string_view map : {"jdbcProperties", "placeholders"}) {
    for (const auto& [name, value] : configuration.map(map)) resolver.learn_if_secret(name, value);
  }
  return {};
}

}  // namespace dunlin
