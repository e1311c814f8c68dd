#include "cli/schema_docs.hpp"

#include "base/text.hpp"
#include "docs/file.hpp"
#include "docs/page.hpp"
#include "docs/read.hpp"
#include "docs/render.hpp"
#include "job/engine_options.hpp"
#include "report/output_file.hpp"

namespace dunlin {
namespace {

Error unfit(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

Result<void> check_options(const Configuration& configuration, const std::filesystem::path& file) {
  if (configuration.text("outputType") == "json") {
    return unfit("docs writes Markdown, and outputType is json", "leave -outputType out");
  }
  if (configuration.text("into").empty() && configuration.boolean("check")) {
    return unfit("check compares a file with the schema, and into names none",
                 "write dunlin docs --into README.md --check");
  }
  if (configuration.text("into").empty()) return {};
  return check_output_file("into", file, naming_options(configuration));
}

Result<docs::Wanted> wanted(const Configuration& configuration, const Facts& facts) {
  docs::Wanted result{.schemas = configuration.list("schemas"),
                      .history = {.schema = configuration.text("defaultSchema"),
                                  .name = configuration.text("table")}};
  if (!configuration.has("schemas")) result.schemas.clear();
  if (result.history.schema.empty()) {
    result.history.schema = result.schemas.empty() ? facts.schema : result.schemas.front();
  }
  if (result.schemas.empty()) result.schemas.push_back(result.history.schema);
  if (!result.schemas.front().empty()) return result;
  return unfit("the session has no default schema to document", "set -schemas=NAME");
}

Result<std::string> document(const Configuration& configuration, const OpenDatabase& open,
                             const Reporting& reporting) {
  const auto database = DUNLIN_TRY(open());
  const docs::Wanted what = DUNLIN_TRY(wanted(configuration, database->facts()));
  auto schemas = DUNLIN_TRY(docs::read(*database, what));
  std::string markdown = docs::markdown(schemas);
  if (!reporting.output.holds_secret(markdown)) return markdown;
  reporting.output.warn("a secret stands in the schema, and is masked in its documentation");
  return reporting.output.clean(markdown);
}

Error outdated(const std::string& name, const std::vector<std::string>& differences) {
  return {.code = ErrorCode::validation,
          .message = fmt::format("{} does not show the schema as it is", name),
          .hint = fmt::format("write it anew: dunlin docs --into {}", name),
          .excerpt = "  " + join(differences, "\n  ")};
}

}  // namespace

Result<int> write_docs(const Configuration& configuration, const std::filesystem::path& here,
                       const OpenDatabase& open, const Reporting& reporting) {
  const std::string name = configuration.text("into");
  const auto file = here / name;
  DUNLIN_TRY(check_options(configuration, file));
  std::string before;
  if (!name.empty()) {
    before = DUNLIN_TRY(docs::read_file(file));
    DUNLIN_TRY(docs::cut(before, name));  // before anybody waits for a database
  }
  const std::string markdown = DUNLIN_TRY(document(configuration, open, reporting));
  if (name.empty()) {
    reporting.output.answer(markdown);
    return 0;
  }
  const docs::Page page = DUNLIN_TRY(docs::cut(before, name));
  const std::string after = docs::filled(page, markdown);
  if (after == before) {
    reporting.output.info(fmt::format("{} shows the schema as it is", name));
    return 0;
  }
  if (configuration.boolean("check")) {
    return outdated(name, docs::differences(page.inside, markdown));
  }
  DUNLIN_TRY(docs::replace_file(file, after));
  reporting.output.info(fmt::format("The schema is written into {}", name));
  return 0;
}

}  // namespace dunlin
