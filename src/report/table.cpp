#include "report/table.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <numeric>

namespace dunlin {
namespace {

void append_visible(std::string& line, std::string_view text) {
  const std::size_t from = line.size();
  line += text;
  std::replace_if(
      line.begin() + static_cast<std::ptrdiff_t>(from), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
}

void append_line(std::string& table, const std::vector<std::string>& cells,
                 const std::vector<std::size_t>& widths) {
  table += '|';
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string_view cell = i < cells.size() ? std::string_view(cells[i]) : "";
    table += ' ';
    append_visible(table, cell);
    table.append(widths[i] - utf8_letters(cell), ' ');
    table += " |";
  }
  table += '\n';
}

}  // namespace

std::string ascii_table(const std::vector<std::string>& header,
                        const std::vector<std::vector<std::string>>& rows, std::string_view empty) {
  std::vector<std::size_t> widths;
  std::string rule = "+";
  for (std::size_t i = 0; i < header.size(); ++i) {
    std::size_t width = utf8_letters(header[i]);
    for (const auto& row : rows) width = std::max(width, i < row.size() ? utf8_letters(row[i]) : 0);
    widths.push_back(width);
    rule += std::string(width + 2, '-') + '+';
  }
  rule += '\n';
  std::string result;
  result.reserve(rule.size() * (rows.size() + 5));
  result += rule;
  append_line(result, header, widths);
  result += rule;
  if (rows.empty()) {
    const std::size_t inner = rule.size() - 5;  // without "| ", " |" and the line end
    const std::string text(empty.substr(0, inner));
    result += "| " + text + std::string(inner - text.size(), ' ') + " |\n";
  }
  for (const auto& row : rows) append_line(result, row, widths);
  return result += rule;
}

}  // namespace dunlin
