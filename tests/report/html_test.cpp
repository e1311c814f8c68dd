#include "report/html.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(HtmlTest, EscapesWhateverItShows) {
  MigrateReport report;
  report.migrations.push_back({.version = "1",
                               .description = "<script>alert(1)</script>",
                               .type = "SQL",
                               .shown = "a&b\""});
  report.error = Error{.message = "column <x> is missing"};
  const std::string text = html_section(report, {.database = "<db>", .warnings = {"a < b"}});
  EXPECT_EQ(text.find("<script>"), std::string::npos);
  EXPECT_NE(text.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
  EXPECT_NE(text.find("a&amp;b&quot;"), std::string::npos);
  EXPECT_NE(text.find("column &lt;x&gt; is missing"), std::string::npos);
  EXPECT_NE(text.find("&lt;db&gt;"), std::string::npos);
  EXPECT_NE(text.find("Warning: a &lt; b"), std::string::npos);
}

TEST(HtmlTest, LoadsNothingAndIsTheSameForTheSameValues) {
  const auto page = [] {
    return html_page({html_section(MigrateReport{}, {}), html_section("info", Error{})}, "now",
                     "1");
  };
  EXPECT_EQ(page(), page());
  for (const char* const link : {"src=", "href=", "url(", "@import", "http"}) {
    EXPECT_EQ(page().find(link), std::string::npos) << link;
  }
}

TEST(HtmlTest, SaysWhetherACommandFailed) {
  EXPECT_NE(html_section(MigrateReport{}, {}).find("class=\"ok\">migrate"), std::string::npos);
  EXPECT_NE(html_section(MigrateReport{.undo = true}, {}).find(">undo"), std::string::npos);
  const ValidateReport findings{.findings = {{.version = "1", .message = "differs"}}};
  EXPECT_NE(html_section(findings, {}).find("class=\"failed\">validate"), std::string::npos);
  EXPECT_NE(html_section("clean", Error{.message = "no"}).find("class=\"failed\">clean"),
            std::string::npos);
}

}  // namespace
}  // namespace dunlin
