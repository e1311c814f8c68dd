#pragma once

#include "base/error.hpp"
#include "engine/reports.hpp"
#include "report/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// One command of a run as a section of the page: what it did, to what, and what was wrong. Holds
/// no script and loads nothing; every text in it is escaped. The same values give the same bytes.
[[nodiscard]] std::string html_section(const CommandReport& report, const DocumentContext& context);
/// A command that left no report.
[[nodiscard]] std::string html_section(std::string_view command, const Error& error);
/// The sections as one page that needs no other file.
[[nodiscard]] std::string html_page(const std::vector<std::string>& sections,
                                    std::string_view timestamp, std::string_view version);

}  // namespace dunlin
