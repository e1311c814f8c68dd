#include "docs/page.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace dunlin::docs {
namespace {

struct Line {
  std::string_view text;  ///< with its end
  std::size_t start = 0;
  std::size_t number = 0;  ///< from 1
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size() - 1) + 1;
    lines.push_back({text.substr(start, end - start), start, lines.size() + 1});
    start = end;
  }
  return lines;
}

std::size_t run_at_start(std::string_view text) {
  return std::min(text.find_first_not_of(text.substr(0, 1)), text.size());
}

/// Follows the lines of a page and knows which of them stand in a fenced block, fences included
/// (GitHub Flavored Markdown Spec 4.5; with any indentation, since a block may stand in a list).
class Fences {
 public:
  bool hold(std::string_view line) {
    constexpr std::size_t kShortest = 3;
    const std::string_view text = trim(line);
    const bool is_tick = text.starts_with('`');
    const std::size_t run = is_tick || text.starts_with('~') ? run_at_start(text) : 0;
    if (!open_.empty()) {
      const bool closes = run >= open_.size() && text.front() == open_.front();
      if (closes && run == text.size()) open_ = {};
      return true;
    }
    if (run < kShortest || (is_tick && text.substr(run).contains('`'))) return false;
    open_ = text.substr(0, run);
    return true;
  }

 private:
  std::string_view open_;
};

/// The lines that are this marker.
std::vector<Line> marked(std::string_view page, std::string_view marker) {
  std::vector<Line> found;
  Fences fences;
  for (const Line& line : lines_of(page)) {
    if (!fences.hold(line.text) && trim(line.text) == marker) found.push_back(line);
  }
  return found;
}

Error no_place(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

Result<Line> one_line_of(std::string_view page, std::string_view marker, std::string_view name) {
  const auto found = marked(page, marker);
  if (found.empty()) {
    return no_place(
        fmt::format("{} has no line {}", name, marker),
        fmt::format("write the lines {} and {} where the schema is to stand", kBegin, kEnd));
  }
  if (found.size() > 1) {
    return no_place(fmt::format("{} has {} twice, in lines {} and {}", name, marker,
                                found[0].number, found[1].number),
                    "leave one of them");
  }
  return found.front();
}

/// What stands below one heading.
struct Section {
  std::string path;  ///< "Schema app / Tables / bird"
  std::string body;
};

std::size_t level_of(std::string_view line) {
  const std::size_t level = line.starts_with('#') ? run_at_start(line) : 0;
  return level > 0 && line.substr(level).starts_with(' ') ? level : 0;
}

std::vector<Section> sections_of(std::string_view text) {
  std::vector<Section> sections = {{}};
  std::vector<std::string> path;
  Fences fences;
  for (const Line& line : lines_of(text)) {
    const std::size_t level = fences.hold(line.text) ? 0 : level_of(line.text);
    if (level == 0) {
      sections.back().body += std::string(trim(line.text)) + "\n";
      continue;
    }
    // The first level of what is written here is two.
    path.resize(std::max<std::size_t>(level, 2) - 1);
    path.back() = trim(line.text.substr(level));
    sections.push_back({.path = join(path, " / "), .body = {}});
  }
  for (Section& section : sections) section.body = trim(section.body);
  // A heading that only leads to others changes with them.
  std::vector<Section> told;
  for (std::size_t at = 0; at < sections.size(); ++at) {
    const bool leads = at == 0 || (at + 1 < sections.size() &&
                                   sections[at + 1].path.starts_with(sections[at].path + " / "));
    if (!leads || !sections[at].body.empty()) told.push_back(std::move(sections[at]));
  }
  return told;
}

const Section* find(const std::vector<Section>& sections, const std::string& path) {
  const auto found = std::ranges::find(sections, path, &Section::path);
  return found == sections.end() ? nullptr : &*found;
}

std::string shown(const Section& section) {
  return section.path.empty() ? "the text before the first heading" : section.path;
}

}  // namespace

Result<Page> cut(std::string_view page, std::string_view name) {
  const Line begin = DUNLIN_TRY(one_line_of(page, kBegin, name));
  const Line end = DUNLIN_TRY(one_line_of(page, kEnd, name));
  if (end.start < begin.start) {
    return no_place(fmt::format("{} has {} in line {}, before {} in line {}", name, kEnd,
                                end.number, kBegin, begin.number),
                    "swap the two lines");
  }
  const std::size_t inside = begin.start + begin.text.size();
  return Page{.before = page.substr(0, inside),
              .inside = page.substr(inside, end.start - inside),
              .after = page.substr(end.start)};
}

std::string filled(const Page& page, std::string_view markdown) {
  const bool is_crlf = page.before.ends_with("\r\n");
  const std::string inside = "\n" + std::string(markdown) + "\n";
  return std::string(page.before) + (is_crlf ? replace_all(inside, "\n", "\r\n") : inside) +
         std::string(page.after);
}

std::vector<std::string> differences(std::string_view before, std::string_view after) {
  const auto old_sections = sections_of(before);
  const auto new_sections = sections_of(after);
  std::vector<std::string> lines;
  for (const Section& section : new_sections) {
    const Section* const was = find(old_sections, section.path);
    if (was == nullptr) {
      lines.push_back("new      " + shown(section));
    } else if (was->body != section.body) {
      lines.push_back("changed  " + shown(section));
    }
  }
  for (const Section& section : old_sections) {
    if (find(new_sections, section.path) == nullptr) lines.push_back("gone     " + shown(section));
  }
  if (lines.empty() && before != after) lines.emplace_back("changed  blanks, line ends or order");
  return lines;
}

}  // namespace dunlin::docs
