#pragma once

#include <string>
#include <string_view>

/// Texts of a database as GitHub's Markdown shows them letter by letter, whatever stands in them.
/// (GitHub Flavored Markdown Spec 0.29: 2.4 and 6.1 escapes, 4.5 fences, 4.10 tables, 6.3 code.)
/// Bytes that are no UTF-8 become U+FFFD everywhere.
namespace dunlin::docs {

/// UTF-8 in any case; of control characters only the line feed stays, the others become pictures
/// (U+2400 and on).
[[nodiscard]] std::string printable(std::string_view text);

/// For headings, paragraphs and cells; one line, line ends become `<br>`.
[[nodiscard]] std::string plain(std::string_view text);

/// In the type of code. One line: a line feed shows as U+240A. Fits into cells too.
[[nodiscard]] std::string code(std::string_view text);

/// SQL in one line: outside of its quotes, blanks and line ends are one blank.
[[nodiscard]] std::string one_line(std::string_view sql);

/// A block of code between fences that are longer than any in it, with its line end.
[[nodiscard]] std::string fenced(std::string_view language, std::string_view text);

}  // namespace dunlin::docs
