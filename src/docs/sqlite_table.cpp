// A table's own text is cut into words, quoted names and parenthesised groups. CHECK, AS,
// CONSTRAINT and GENERATED are reserved or stand where no name may stand
// (https://sqlite.org/lang_createtable.html), so finding them outside of quotes and deeper
// parentheses is enough.
#include "docs/sqlite_table.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace dunlin::docs {
namespace {

struct Word {
  std::string_view text;  ///< as written; a whole group with its parentheses
  std::size_t start = 0;  ///< in the text that was cut
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// Behind the quoted text, comment or letter at `at`. A quote in quotes is doubled: two texts, one
/// after the other.
std::size_t behind(std::string_view text, std::size_t at) {
  const auto rest = text.substr(at);
  const auto past = [&](std::string_view end, std::size_t from) {
    const auto found = text.find(end, from);
    return found == std::string_view::npos ? text.size() : found + end.size();
  };
  if (rest.starts_with("--")) return past("\n", at);
  if (rest.starts_with("/*")) return past("*/", at + 2);
  if (rest.front() == '[') return past("]", at);
  if (std::string_view("'\"`").contains(rest.front())) return past(rest.substr(0, 1), at + 1);
  return at + 1;
}

bool is_comment(std::string_view text) { return text.starts_with("--") || text.starts_with("/*"); }

bool is_quote(char c) { return std::string_view("'\"`[").contains(c); }

/// Behind the parenthesis that closes the one at `at`.
std::size_t behind_group(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    if (text[at] == '(') ++depth;
    const bool closes = text[at] == ')';
    at = behind(text, at);
    if (closes && --depth == 0) return at;
  }
  return at;
}

std::size_t behind_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  do at = behind(text, at);
  while (quote != '[' && at < text.size() && text[at] == quote);
  return at;
}

bool ends_word(std::string_view rest) {
  return is_blank(rest.front()) || is_quote(rest.front()) || is_comment(rest) ||
         std::string_view("(),").contains(rest.front());
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (is_blank(text[at]) || is_comment(text.substr(at))) {
      at = behind(text, at);
      continue;
    }
    if (is_quote(text[at])) {
      at = behind_quotes(text, at);
    } else if (text[at] == '(') {
      at = behind_group(text, at);
    } else if (text[at] == ',' || text[at] == ')') {
      ++at;
    } else {
      while (at < text.size() && !ends_word(text.substr(at))) ++at;
    }
    words.push_back({text.substr(start, at - start), start});
  }
  return words;
}

std::string name_of(std::string_view word) {
  if (word.size() < 2 || !is_quote(word.front())) return std::string(word);
  const std::string_view inside = word.substr(1, word.size() - 2);
  const std::string quote(1, word.front());
  return word.front() == '[' ? std::string(inside) : replace_all(inside, quote + quote, quote);
}

bool is(std::string_view word, std::string_view keyword) {
  return equals_ignoring_case(word, keyword);
}

/// Reads what stands between two commas: a column, or a constraint of the table.
class Definition {
 public:
  Definition(std::vector<Word> words, TableText& result)
      : words_(std::move(words)), result_(result) {}

  void read() {
    for (at_ = 0; at_ + 1 < words_.size(); ++at_) {
      const std::string_view word = words_[at_].text;
      const std::string_view next = words_[at_ + 1].text;
      if (is(word, "CONSTRAINT")) {
        constraint_ = name_of(next);
      } else if (is(word, "CHECK") && next.starts_with('(')) {
        result_.checks.push_back(
            {.name = std::exchange(constraint_, {}), .definition = std::string(next)});
      } else if (is(word, "AS") && next.starts_with('(')) {
        const bool stored = at_ + 2 < words_.size() && is(words_[at_ + 2].text, "STORED");
        result_.generated[name_of(words_.front().text)] =
            fmt::format("{} {}", next, stored ? "STORED" : "VIRTUAL");
      } else if (!constraint_.empty() && is_other_constraint(word)) {
        constraint_.clear();
      }
    }
  }

 private:
  static bool is_other_constraint(std::string_view word) {
    return std::ranges::any_of(
        std::initializer_list<std::string_view>{"PRIMARY", "NOT", "NULL", "UNIQUE", "DEFAULT",
                                                "COLLATE", "REFERENCES", "GENERATED", "FOREIGN"},
        [&](std::string_view known) { return is(word, known); });
  }

  std::vector<Word> words_;
  TableText& result_;
  std::size_t at_ = 0;
  std::string constraint_;
};

}  // namespace

TableText read_create_table(std::string_view create) {
  TableText result;
  const auto outer = words_of(create);
  const auto body =
      std::ranges::find_if(outer, [](const Word& w) { return w.text.starts_with('('); });
  if (body == outer.end()) return result;
  std::vector<Word> definition;
  for (const Word& word : words_of(body->text.substr(1, body->text.size() - 2))) {
    if (word.text != ",") {
      definition.push_back(word);
      continue;
    }
    Definition(std::exchange(definition, {}), result).read();
  }
  Definition(std::move(definition), result).read();
  return result;
}

std::string from_parenthesis(std::string_view create) {
  for (const Word& word : words_of(create)) {
    if (word.text.starts_with('(')) return std::string(create.substr(word.start));
  }
  return std::string(create);
}

}  // namespace dunlin::docs
