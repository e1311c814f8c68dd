// A folder of scripts and a SQLite file beside it, on which commands run as often as a test likes.
// Each call opens the database anew, as a program of its own would.
#pragma once

#include "base/text.hpp"
#include "database/sqlite/open.hpp"
#include "engine/commands.hpp"
#include "engine/session.hpp"
#include "source/filesystem.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace dunlin::test {

/// Keeps the warnings, and which scripts and callbacks were begun.
class Record final : public Listener {
 public:
  void hear(const Event& event) override {
    if (const auto* const started = std::get_if<StepStarted>(&event)) {
      if (!started->step.title.empty()) begun.push_back(started->step.title);
    } else if (const auto* const callback = std::get_if<CallbackStarted>(&event)) {
      begun.push_back(callback->name);
    } else if (const auto* const note = std::get_if<Note>(&event)) {
      notes.push_back(note->text);
      if (note->level == Note::Level::warning) warnings.push_back(note->text);
    }
  }
  void hear(const CommandEvent& event) override {
    if (const auto* const warned = std::get_if<Warned>(&event)) warnings.push_back(warned->text);
    if (const auto* const bad = std::get_if<MigrationFailed>(&event)) failed.push_back(bad->title);
    if (const auto* const aside = std::get_if<WarnedAside>(&event)) warnings.push_back(aside->text);
    if (std::holds_alternative<NothingToDo>(event)) warnings.emplace_back("nothing to do");
    if (std::holds_alternative<NothingFound>(event)) warnings.emplace_back("nothing found");
  }

  std::vector<std::string> begun, warnings, notes, failed;
};

class Project {
 public:
  Project() { options.scripts.locations = {"filesystem:" + (folder_ / "sql")}; }

  void write(std::string_view name, std::string_view text) const {
    folder_.write("sql/" + std::string(name), text);
  }
  void remove(std::string_view name) const {
    std::filesystem::remove(folder_ / ("sql/" + std::string(name)));
  }

  /// The report of one command, or why there is none.
  template <class Report>
  Result<Report> run(Result<Report> (*command)(Session&)) {
    Result<Report> report = Error{.message = "the session did not open"};
    in_session([&](Session& session) { report = command(session); });
    return report;
  }

  /// `info` as "1 Success, 2 Pending". Its rows point into the session, so only the text is kept.
  std::string states() {
    std::string text = "(no info)";
    in_session([&](Session& session) {
      const auto report = info(session);
      ASSERT_TRUE(report) << report.error().message;
      std::vector<std::string> lines;
      for (const InfoRow& row : report->info.rows) {
        lines.push_back(fmt::format("{} {}", row.version ? row.version->text() : row.description(),
                                    traits(row.state).name));
      }
      text = join(lines, ", ");
    });
    return text;
  }

  /// The rows of a query: fields between blanks, rows between commas; or what the database says.
  std::string ask(std::string_view sql) {
    const auto database = open();
    const Query query{.text = std::string(sql), .parameters = {}};
    const auto answers = database->query(std::span(&query, 1));
    if (!answers) return answers.error().message;
    std::vector<std::string> lines;
    for (const Row& row : answers->front()) {
      std::vector<std::string> fields;
      for (const auto& field : row) fields.push_back(field.value_or("null"));
      lines.push_back(join(fields, " "));
    }
    return join(lines, ", ");
  }
  /// Why no command can begin; empty when one can.
  std::string refusal() {
    const auto database = open();
    FilesystemSource source;
    const SystemClock clock;
    const auto files = list_scripts(source, options.scripts, record);
    EXPECT_TRUE(files) << files.error().message;
    const auto session = open_session(*database, *files, record, clock, options);
    return session ? std::string() : session.error().message;
  }
  /// The history as "1 1 a SQL 1": rank, version, description, type, success.
  std::string history() {
    return ask(
        "SELECT installed_rank, version, description, type, success FROM flyway_schema_history "
        "ORDER BY installed_rank");
  }

  EngineOptions options;
  Record record;  ///< of all calls
  /// What somebody else does between the reading of the scripts and the first change.
  std::function<void()> meanwhile = [] {};
  std::function<Result<std::string>()> take_snapshot;

 private:
  std::unique_ptr<Database> open() {
    const auto url = sqlite::parse_url("jdbc:sqlite:" + (folder_ / "test.db"));
    auto database = sqlite::open({.url = url.value()}, record);
    EXPECT_TRUE(database) << database.error().message;
    return *std::move(database);
  }

  void in_session(const std::function<void(Session&)>& use) {
    const auto database = open();
    FilesystemSource source;
    const SystemClock clock;
    const auto files = list_scripts(source, options.scripts, record);
    ASSERT_TRUE(files) << files.error().message;
    auto session = open_session(*database, *files, record, clock, options);
    ASSERT_TRUE(session) << session.error().message;
    session->before_first_change = [this]() -> Result<void> {
      meanwhile();
      return {};
    };
    session->take_snapshot = take_snapshot;
    use(*session);
  }

  TemporaryFolder folder_;
};

}  // namespace dunlin::test
