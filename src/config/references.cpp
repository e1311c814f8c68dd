#include "config/references.hpp"

#include "base/join_secrets.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"secret", "ssm", "env", "file"};

/// A ${kind:name} in a text.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;      ///< behind the brace
  std::string_view inside;  ///< "kind:name"
  bool is_itself = false;   ///< a `$` stands before it
};

std::optional<Place> next_place(std::string_view text, std::size_t from) {
  for (auto begin = text.find("${", from); begin != std::string_view::npos;
       begin = text.find("${", begin + 2)) {
    const auto end = text.find('}', begin);
    if (end == std::string_view::npos) return std::nullopt;
    const auto inside = text.substr(begin + 2, end - begin - 2);
    const auto kind = inside.substr(0, inside.find(':'));
    const bool is_known = std::ranges::find(kKinds, kind) != kKinds.end();
    if (!is_known || kind.size() + 1 >= inside.size()) continue;
    return Place{begin, end + 1, inside, begin > from && text[begin - 1] == '$'};
  }
  return std::nullopt;
}

}  // namespace

bool has_reference(std::string_view text) { return !references_in(text).empty(); }

std::vector<std::string_view> references_in(std::string_view text) {
  std::vector<std::string_view> found;
  for (auto each = next_place(text, 0); each; each = next_place(text, each->end)) {
    if (!each->is_itself) found.push_back(each->inside);
  }
  return found;
}

Result<std::optional<ResolvedText>> resolved(std::string_view text,
                                             const ReferenceResolver& resolver) {
  std::vector<Secret> pieces;
  bool had_references = false;
  std::size_t from = 0;
  for (auto each = next_place(text, 0); each; each = next_place(text, each->end)) {
    if (each->is_itself) {
      pieces.emplace_back(text.substr(from, each->begin - 1 - from));
      pieces.emplace_back(text.substr(each->begin, each->end - each->begin));
    } else {
      pieces.emplace_back(text.substr(from, each->begin - from));
      pieces.push_back(DUNLIN_TRY(resolver(each->inside)));
      had_references = true;
    }
    from = each->end;
  }
  if (pieces.empty()) return std::optional<ResolvedText>();
  pieces.emplace_back(text.substr(from));
  return std::optional<ResolvedText>({joined(pieces), had_references});
}

}  // namespace dunlin
