#include "migration/script.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace dunlin {
namespace {

bool is_repeatable(const Script& script) { return script.kind == ScriptKind::repeatable; }

bool runs_before(const Script& a, const Script& b) {
  if (is_repeatable(a) != is_repeatable(b)) return is_repeatable(b);
  if (is_repeatable(a)) return a.description < b.description;
  if (const auto order = *a.version <=> *b.version; order != 0) return order < 0;
  return a.kind < b.kind;
}

bool collide(const Script& a, const Script& b) {
  if (a.kind != b.kind) return false;
  return is_repeatable(a) ? a.description == b.description : *a.version == *b.version;
}

Error duplicate(const Script& a, const Script& b) {
  std::vector<std::string> files = {a.shown, b.shown};
  std::ranges::sort(files);
  const std::string_view what = a.kind == ScriptKind::undo       ? "undo migration"
                                : a.kind == ScriptKind::baseline ? "baseline migration"
                                                                 : "migration";
  const std::string message =
      is_repeatable(a)
          ? fmt::format("Found more than one repeatable migration with description {}",
                        a.description)
          : fmt::format("Found more than one {} with version {}", what, a.version->text());
  return {.code = ErrorCode::duplicate_script,
          .message = message,
          .hint = "rename or remove one of them",
          .excerpt = fmt::format("Offenders:\n-> {} (SQL)\n-> {} (SQL)", files[0], files[1])};
}

}  // namespace

std::string_view history_type(ScriptKind kind) noexcept {
  switch (kind) {
    case ScriptKind::baseline:
      return "SQL_BASELINE";
    case ScriptKind::undo:
      return "UNDO_SQL";
    case ScriptKind::versioned:
    case ScriptKind::repeatable:
      break;
  }
  return "SQL";
}

std::string full_name(const std::optional<Version>& version, std::string_view description) {
  if (!version) return std::string(description);
  if (description.empty()) return version->text();
  return fmt::format("{} - {}", version->text(), description);
}

std::string abbreviated(const std::string& description) {
  constexpr std::size_t kLongest = 200;
  constexpr std::string_view kDots = "...";
  std::size_t letters = 0;
  std::size_t cut = description.size();
  for (std::size_t i = 0; i < description.size(); ++i) {
    if ((static_cast<unsigned char>(description[i]) & 0xC0U) == 0x80U) continue;
    if (letters == kLongest - kDots.size()) cut = i;
    ++letters;
  }
  return letters <= kLongest ? description : description.substr(0, cut).append(kDots);
}

Result<std::vector<Script>> in_order(std::vector<Script> unordered) {
  // A script is large and a pointer is not, so those are sorted, and each script is moved once.
  std::vector<Script*> order;
  order.reserve(unordered.size());
  for (Script& script : unordered) order.push_back(&script);
  std::ranges::stable_sort(order,
                           [](const Script* a, const Script* b) { return runs_before(*a, *b); });
  std::vector<Script> scripts;
  scripts.reserve(order.size());
  for (Script* const script : order) scripts.push_back(std::move(*script));
  const auto twins = std::ranges::adjacent_find(scripts, collide);
  if (twins != scripts.end()) return duplicate(*twins, *std::next(twins));
  return scripts;
}

}  // namespace dunlin
