#include "base/redactor.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::size_t kShortest = 4;
constexpr std::string_view kMask = "****";
constexpr std::string_view kCut = "...";  // where a long text is cut off

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

/// Lines of a text of several (a key) that are worth hiding by themselves: an error shows one line.
std::vector<std::string> long_lines(std::string_view text) {
  constexpr std::size_t kLong = 16;
  if (!text.contains('\n')) return {};
  auto lines = split(text, '\n');
  for (std::string& line : lines) line = trim(line);
  std::erase_if(lines, [](std::string_view line) {
    return line.size() < kLong || line.starts_with("-----");  // the frame of a key is known to all
  });
  return lines;
}

/// Fewer bytes at an end of a secret say little, and stand in many a text.
std::size_t least_piece(std::string_view secret) { return std::min(kShortest, secret.size() / 2); }

/// How many bytes at the end of `text` are the beginning of `secret`; 0 if too few.
std::size_t begun_in(std::string_view text, std::string_view secret) {
  for (auto size = std::min(text.size(), secret.size()); size >= least_piece(secret); --size) {
    if (text.ends_with(secret.substr(0, size))) return size;
  }
  return 0;
}

/// How many bytes at the start of `text` are the end of `secret`, or stand within it and are all
/// there is; 0 if too few.
std::size_t ended_in(std::string_view text, std::string_view secret) {
  if (text.size() >= least_piece(secret) && secret.contains(text)) return text.size();
  for (auto size = std::min(text.size(), secret.size()); size >= least_piece(secret); --size) {
    if (text.starts_with(secret.substr(secret.size() - size))) return size;
  }
  return 0;
}

/// Where a secret stands in a text.
struct Place {
  std::size_t begin, end;
};

/// What is left of `secret` where the text is cut off.
void append_pieces(std::string_view text, std::string_view secret, std::vector<Place>& places) {
  for (auto cut = text.find(kCut); cut != std::string_view::npos;
       cut = text.find(kCut, cut + kCut.size())) {
    if (const auto before = begun_in(text.substr(0, cut), secret); before > 0) {
      places.push_back({cut - before, cut});
    }
    const std::size_t begin = cut + kCut.size();
    const auto end = std::min(text.find('\n', begin), text.find(kCut, begin));
    if (const auto after = ended_in(text.substr(begin, end - begin), secret); after > 0) {
      places.push_back({begin, begin + after});
    }
  }
}

}  // namespace

void Redactor::learn(std::string_view secret) {
  if (secret.size() < kShortest) return;
  const std::lock_guard guard(mutex_);
  learn_forms(secret);
  for (const std::string& line : long_lines(secret)) learn_forms(line);
}

void Redactor::learn_forms(std::string_view secret) {
  const std::array forms = {std::string(secret), sql_literal(secret), sql_escape(secret),
                            json_text(secret), percent_encode(secret)};
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
    append_pieces(text, secret, places);
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
