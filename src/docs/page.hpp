#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

/// A Markdown file of somebody else's that holds the schema between two lines:
///
///     <!-- dunlin docs: begin -->
///     <!-- dunlin docs: end -->
///
/// Each stands alone on its line, blanks around it aside; what stands in a fenced block of code is
/// no marker.
namespace dunlin::docs {

inline constexpr std::string_view kBegin = "<!-- dunlin docs: begin -->";
inline constexpr std::string_view kEnd = "<!-- dunlin docs: end -->";

/// A page cut at its markers: before + inside + after is the page.
struct Page {
  std::string_view before;  ///< with the line of the first marker
  std::string_view inside;
  std::string_view after;  ///< from the line of the second marker on
};

/// configuration when a marker is missing, there
/// twice, or the second stands before the first; it names the lines.
/// @param name  of the file, for messages
/// @returns views of `page`
Result<Page> cut(std::string_view page, std::string_view name);

/// The page with `markdown` between its markers, an empty line before and after it, and with the
/// page's own line ends.
[[nodiscard]] std::string filled(const Page& page, std::string_view markdown);

/// Which sections differ, a line each in the order of the page: "changed  Schema app / Tables /
/// bird". A section is a heading and what follows up to the next, without those below it. Headings
/// are as Markdown has them. Line ends do not count.
[[nodiscard]] std::vector<std::string> differences(std::string_view before, std::string_view after);

}  // namespace dunlin::docs
