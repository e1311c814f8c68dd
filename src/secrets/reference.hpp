#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dunlin {

/// Where a reference points.
enum class ReferenceKind {
  secret,       ///< ${secret:ID} or ${secret:ID#key}
  parameter,    ///< ${ssm:NAME}
  environment,  ///< ${env:NAME}
  file,         ///< ${file:PATH}
};

/// One reference inside the value of an option.
struct Reference {
  ReferenceKind kind = ReferenceKind::secret;
  std::string name;  ///< the id, name or path; never empty
  std::string key;   ///< the member of the secret's JSON; empty: the whole secret
  auto operator<=>(const Reference&) const = default;
};

/// A value taken apart: literal text and references, as they stand one after the other.
using ReferenceText = std::vector<std::variant<std::string, Reference>>;

/// Finds the references in `text`. Everything else, ${PLACEHOLDER} included, is literal;
/// `$${secret:` and its like are the literal `${secret:`. Fails with configuration when a reference
/// has no closing brace or names nothing; the message shows nothing of the text around it.
[[nodiscard]] Result<ReferenceText> parse_references(std::string_view text);

}  // namespace dunlin
