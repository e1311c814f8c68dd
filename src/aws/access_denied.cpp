#include "aws/api.hpp"

namespace dunlin {
namespace {

/// The word after `before`, without punctuation at its end; empty when it is not there.
std::string word_after(std::string_view text, std::string_view before) {
  const auto found = text.find(before);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = text.substr(found + before.size());
  std::string_view word = rest.substr(0, rest.find(' '));
  while (word.ends_with('.') || word.ends_with(',')) word.remove_suffix(1);
  return std::string(word);
}

}  // namespace

AccessDenied parse_access_denied(std::string_view message) {
  // "User: ARN is not authorized to perform: ACTION on resource: ARN because no identity-based ..."
  return {.principal = word_after(message, "User: "),
          .action = word_after(message, "perform: "),
          .resource = word_after(message, "on resource: ")};
}

}  // namespace dunlin
