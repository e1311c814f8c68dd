// The report of a run as one page: sections of facts and tables, a style sheet, nothing else.
#include "report/html.hpp"

#include "base/text.hpp"
#include "report/error_text.hpp"

#include <initializer_list>
#include <utility>

namespace dunlin {
namespace {

constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2.5rem 0 .5rem; }
.ok::after { content: "done"; } .failed::after { content: "failed"; }
.ok::after, .failed::after { font-size: .7em; padding: .15em .6em; border-radius: 1em;
  margin-left: .6em; color: #fff; vertical-align: middle; }
.ok::after { background: #2a7d3f; } .failed::after { background: #b3261e; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { opacity: .7; } dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8885;
  overflow-wrap: anywhere; }
pre { padding: .8rem; background: #8882; overflow-x: auto; white-space: pre-wrap; }
)";

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

using Facts = std::initializer_list<std::pair<std::string_view, std::string>>;

std::string heading(std::string_view command, bool ok) {
  return fmt::format("<h2 class=\"{}\">{}</h2>\n", ok ? "ok" : "failed", escaped(command));
}

/// Facts that are known.
std::string list_of(const DocumentContext& context, const Facts& facts) {
  std::string text = "<dl>\n";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    text += fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, escaped(value));
  };
  add("Database", context.database.empty()
                      ? context.database_type
                      : fmt::format("{} ({})", context.database, context.database_type));
  add("Schemas", context.schema_names);
  for (const ScriptOrigin& origin : context.origins) {
    add("Scripts from", fmt::format("{}, {}", origin.repository, origin.ref));
    add("Commit",
        fmt::format("{}: {} ({}, {})", origin.commit, origin.subject, origin.author, origin.date));
    add("Signed by", origin.signer);
  }
  for (const auto& [name, value] : facts) add(name, value);
  text += "</dl>\n";
  for (const std::string& warning : context.warnings) {
    text += fmt::format("<p>Warning: {}</p>\n", escaped(warning));
  }
  return text;
}

std::string table(const std::vector<std::string_view>& header,
                  const std::vector<std::vector<std::string>>& rows) {
  if (rows.empty()) return "";
  std::string text = "<table>\n<tr>";
  for (const std::string_view name : header) text += fmt::format("<th>{}</th>", name);
  text += "</tr>\n";
  for (const auto& row : rows) {
    text += "<tr>";
    for (const std::string& cell : row) text += fmt::format("<td>{}</td>", escaped(cell));
    text += "</tr>\n";
  }
  return text + "</table>\n";
}

std::string failure(const Error& error) {
  return fmt::format("<pre>{}</pre>\n", escaped(error_text(error)));
}

std::string milliseconds(std::chrono::milliseconds time) {
  return fmt::format("{} ms", time.count());
}

std::string table(const std::vector<MigrationEntry>& entries, std::string_view what) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(entries.size());
  for (const MigrationEntry& entry : entries) {
    rows.push_back({std::string(what), entry.version, entry.description, entry.type, entry.shown,
                    milliseconds(entry.execution_time)});
  }
  return table({"", "Version", "Description", "Type", "File", "Time"}, rows);
}

std::string section(const InfoReport& report, const DocumentContext& context) {
  std::vector<std::vector<std::string>> rows;
  for (const InfoRow& row : report.info.rows) {
    const bool applied = row.applied != nullptr;
    rows.push_back({std::string(row.category()), row.version ? row.version->text() : "",
                    row.description(), std::string(row.type()),
                    applied ? row.applied->installed_on.substr(0, 19) : "",
                    std::string(traits(row.state).name)});
  }
  return heading("info", true) +
         list_of(context, {{"Schema version", report.schema_version.value_or("none")}}) +
         table({"Category", "Version", "Description", "Type", "Installed on", "State"}, rows);
}

std::string section(const MigrateReport& report, const DocumentContext& context) {
  return heading(report.undo ? "undo" : "migrate", !report.error) +
         list_of(context, {{"From version", report.initial_version.value_or("")},
                           {"To version", report.target_version.value_or("")},
                           {"Time", milliseconds(report.time)},
                           {"Snapshot before", report.snapshot}}) +
         (report.error ? failure(*report.error) : "") +
         table(report.migrations, report.undo ? "undone" : "applied");
}

std::string section(const ValidateReport& report, const DocumentContext& context) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(report.findings.size());
  for (const Finding& finding : report.findings) {
    std::string message = finding.message;
    if (!finding.difference.empty()) message += '\n' + finding.difference;
    rows.push_back({finding.version, finding.description, finding.shown, std::move(message)});
  }
  return heading("validate", report.findings.empty()) +
         list_of(context, {{"Validated", fmt::format("{}", report.validated)}}) +
         table({"Version", "Description", "File", "What does not fit"}, rows);
}

std::string section(const BaselineReport& report, const DocumentContext& context) {
  return heading("baseline", true) +
         list_of(context, {{"Version", report.version},
                           {"Outcome", report.done ? "baselined" : "it was there already"}});
}

std::string section(const RepairReport& report, const DocumentContext& context) {
  return heading("repair", true) + list_of(context, {}) + table(report.removed, "removed") +
         table(report.deleted, "marked as deleted") + table(report.aligned, "aligned");
}

std::string section(const CleanReport& report, const DocumentContext& context) {
  return heading("clean", true) + list_of(context, {{"Cleaned", join(report.cleaned, ", ")},
                                                    {"Dropped", join(report.dropped, ", ")}});
}

}  // namespace

std::string html_section(const CommandReport& report, const DocumentContext& context) {
  return std::visit([&](const auto& each) { return section(each, context); }, report);
}

std::string html_section(std::string_view command, const Error& error) {
  return heading(command, false) + failure(error);
}

std::string html_page(const std::vector<std::string>& sections, std::string_view timestamp,
                      std::string_view version) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>dunlin report</title>\n<style>{}</style>\n</head>\n<body>\n<h1>dunlin</h1>\n"
      "<p>{}, dunlin {}</p>\n{}</body>\n</html>\n",
      kStyle, escaped(timestamp), escaped(version), join(sections, ""));
}

}  // namespace dunlin
