#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

/// References in the values of options: ${secret:...}, ${ssm:...}, ${env:...} and ${file:...}. With
/// one more `$` before it, such a text stands for itself.
namespace dunlin {

/// Gives the text for a reference, written without its braces: "secret:ID#key", "env:NAME",
/// "file:PATH", "ssm:NAME".
using ReferenceResolver = std::function<Result<Secret>(std::string_view reference)>;

[[nodiscard]] bool has_reference(std::string_view text);
/// In their order, without braces.
[[nodiscard]] std::vector<std::string_view> references_in(std::string_view text);

/// A text whose references are replaced.
struct ResolvedText {
  Secret text;
  bool had_references = false;  ///< else only what stood for itself lost its `$`
};
/// Nothing if the text stays as it is. What came out of a reference is not looked through again.
[[nodiscard]] Result<std::optional<ResolvedText>> resolved(std::string_view text,
                                                           const ReferenceResolver& resolver);

}  // namespace dunlin
