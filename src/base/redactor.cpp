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

/// As JSON writers escape it, ours among them: what is not ASCII stays.
std::string json_text(std::string_view text) {
  constexpr std::string_view kControls = "\b\f\n\r\t";
  constexpr std::string_view kLetters = "bfnrt";
  std::string result;
  for (const char c : text) {
    if (const auto at = kControls.find(c); at != std::string_view::npos) {
      result += {'\\', kLetters[at]};
    } else if (static_cast<unsigned char>(c) < ' ') {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result;
}

/// Where a secret stands in a text.
struct Place {
  std::size_t begin, end;
};

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
}

std::string Redactor::clean(std::string_view text) const {
  const std::lock_guard guard(mutex_);
  std::vector<Place> places;  // in the text as it came: secrets may overlap
  for (const Secret& form : forms_) {
    const std::string_view secret = form.reveal();
    for (auto at = text.find(secret); at != std::string_view::npos;
         at = text.find(secret, at + 1)) {
      places.push_back({at, at + secret.size()});
    }
  }
  std::ranges::sort(places, {}, &Place::begin);
  std::string cleaned;
  std::size_t done = 0;
  for (const auto& [begin, end] : places) {
    if (begin >= done) cleaned.append(text, done, begin - done).append(kMask);
    done = std::max(done, end);
  }
  return cleaned.append(text.substr(done));
}

}  // namespace dunlin
