#include "migration/target.hpp"

#include "base/text.hpp"

namespace dunlin {

Result<Target> Target::parse(std::string_view text) {
  const std::string_view word = trim(text);
  if (word.empty() || equals_ignoring_case(word, "latest")) return Target{};
  if (equals_ignoring_case(word, "current")) return Target{.kind = Kind::current};
  if (equals_ignoring_case(word, "next")) return Target{.kind = Kind::next};
  const bool optional = word.ends_with('?');
  const auto digits = optional ? word.substr(0, word.size() - 1) : word;
  return Target{.kind = Kind::version,
                .version = DUNLIN_TRY(Version::parse(digits)),
                .must_exist = !optional};
}

}  // namespace dunlin
