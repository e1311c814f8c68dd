#include "job/run_report.hpp"

#include "base/text.hpp"
#include "base/version_of_dunlin.hpp"
#include "report/html.hpp"

#include <cerrno>
#include <fstream>

namespace dunlin {

Result<RunReport> RunReport::create(const std::filesystem::path& folder, const std::string& name,
                                    const NamingOptions& naming) {
  std::filesystem::path stem = folder / name;
  if (stem.extension() == ".html" || stem.extension() == ".json") stem.replace_extension();
  RunReport report(std::move(stem));
  // Appends nothing: only to know before anything is run.
  for (const std::string_view suffix : {".html", ".json"}) {
    DUNLIN_TRY(check_output_file("reportFilename", report.file(suffix), naming));
    if (std::ofstream(report.file(suffix), std::ios::app)) continue;
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("reportFilename {} cannot be written", report.file(suffix).string()),
        .hint = "check that its folder exists and may be written"};
  }
  return report;
}

std::filesystem::path RunReport::file(std::string_view suffix) const {
  auto path = stem_;
  path += suffix;
  return path;
}

void RunReport::add(const CommandReport& report, const DocumentContext& context) {
  sections_.push_back(html_section(report, context));
  documents_.push_back(json_document(report, context));
}

void RunReport::add_failure(std::string_view command, const Error& error) {
  sections_.push_back(html_section(command, error));
  documents_.push_back(json_error(error));
}

void RunReport::write(std::string_view timestamp, Output& output) const {
  const auto put = [&](std::string_view suffix, const std::string& text) -> bool {
    std::ofstream stream(file(suffix), std::ios::binary | std::ios::trunc);
    const std::string shown = output.clean(text);
    stream.write(shown.data(), static_cast<std::streamsize>(shown.size())).flush();
    if (stream) return true;
    output.lose(fmt::format("the report {}: {}", file(suffix).string(), reason_of(errno)));
    return false;
  };
  const bool has_page = put(".html", html_page(sections_, timestamp, kVersion));
  put(".json", json_documents(documents_));
  if (!has_page) return;
  output.info(fmt::format("A Flyway report has been generated here: {}", file(".html").string()));
}

}  // namespace dunlin
