#include "base/redactor.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::size_t kShortest = 4;
constexpr std::string_view kMask = "****";

std::string sql_literal(std::string_view text) { return replace_all(text, "'", "''"); }

std::string sql_escape(std::string_view text) {
  return replace_all(replace_all(text, "\\", "\\\\"), "'", "\\'");
}

std::string json_text(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "\\", "\\\\"), "\"", "\\\""), "\n", "\\n");
}

}  // namespace

void Redactor::learn(std::string_view secret) {
  if (secret.size() < kShortest) return;
  const std::array forms = {std::string(secret), sql_literal(secret), sql_escape(secret),
                            json_text(secret), percent_encode(secret)};
  const std::lock_guard guard(mutex_);
  for (const std::string& form : forms) {
    const auto known = [&](const Secret& each) { return each.reveal() == form; };
    if (std::ranges::none_of(forms_, known)) forms_.emplace_back(form);
  }
  std::ranges::sort(forms_, std::ranges::greater{},
                    [](const Secret& each) { return each.reveal().size(); });
}

std::string Redactor::clean(std::string_view text) const {
  const std::lock_guard guard(mutex_);
  std::string cleaned(text);
  for (const Secret& form : forms_) {
    if (cleaned.contains(form.reveal())) cleaned = replace_all(cleaned, form.reveal(), kMask);
  }
  return cleaned;
}

}  // namespace dunlin
