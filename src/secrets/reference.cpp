#include "secrets/reference.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

struct Opening {
  std::string_view text;
  ReferenceKind kind;
};
constexpr std::array kOpenings = {
    Opening{"${secret:", ReferenceKind::secret},
    Opening{"${ssm:", ReferenceKind::parameter},
    Opening{"${env:", ReferenceKind::environment},
    Opening{"${file:", ReferenceKind::file},
};

const Opening* opening_at(std::string_view text) {
  const auto* const found = std::ranges::find_if(
      kOpenings, [&](const Opening& each) { return text.starts_with(each.text); });
  return found == kOpenings.end() ? nullptr : found;
}

Error wrong(const Opening& opening, const char* what) {
  return Error{
      .code = ErrorCode::configuration,
      .message = fmt::format("a reference {}...}} {}", opening.text, what),
      .hint = fmt::format("write {}NAME}}; for the text itself write $ twice", opening.text)};
}

Result<Reference> reference_of(const Opening& opening, std::string_view inside) {
  Reference reference{.kind = opening.kind, .name = std::string(inside), .key = {}};
  const auto hash = inside.rfind('#');
  if (opening.kind == ReferenceKind::secret && hash != std::string_view::npos) {
    reference.name = inside.substr(0, hash);
    reference.key = inside.substr(hash + 1);
    if (reference.key.empty()) return wrong(opening, "names no key after its #");
  }
  if (reference.name.empty()) return wrong(opening, "names nothing");
  return reference;
}

}  // namespace

Result<ReferenceText> parse_references(std::string_view text) {
  ReferenceText parts;
  std::string literal;
  while (!text.empty()) {
    const bool escaped = text.starts_with("$${") && opening_at(text.substr(1)) != nullptr;
    const Opening* const opening = opening_at(text);
    if (opening == nullptr) {
      if (escaped) text.remove_prefix(1);
      literal += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto end = text.find('}');
    if (end == std::string_view::npos) return wrong(*opening, "has no closing brace");
    const auto start = opening->text.size();
    Reference reference = DUNLIN_TRY(reference_of(*opening, text.substr(start, end - start)));
    if (!literal.empty()) parts.emplace_back(std::move(literal));
    literal.clear();
    parts.emplace_back(std::move(reference));
    text.remove_prefix(end + 1);
  }
  if (!literal.empty()) parts.emplace_back(std::move(literal));
  return parts;
}

}  // namespace dunlin
