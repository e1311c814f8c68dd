#pragma once

#include "base/result.hpp"
#include "engine/reports.hpp"
#include "report/json.hpp"
#include "report/output.hpp"
#include "report/output_file.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// The report of a run (options reportEnabled, reportFilename): a page for people and a document
/// for programs, side by side. Both pass the redactor.
class RunReport {
 public:
  /// configuration when the files could not be written, or are scripts by `naming`.
  static Result<RunReport> create(const std::filesystem::path& folder, const std::string& name,
                                  const NamingOptions& naming);

  void add(const CommandReport& report, const DocumentContext& context);
  void add_failure(std::string_view command, const Error& error);
  /// Writes NAME.html and NAME.json over what is there, and says so; a failure is a warning on
  /// standard error, since the commands have run.
  void write(std::string_view timestamp, Output& output) const;

 private:
  explicit RunReport(std::filesystem::path stem) : stem_(std::move(stem)) {}
  [[nodiscard]] std::filesystem::path file(std::string_view suffix) const;

  std::filesystem::path stem_;  // without .html
  std::vector<std::string> sections_, documents_;
};

}  // namespace dunlin
