#include "job/perform.hpp"

#include "base/text.hpp"
#include "base/version_of_dunlin.hpp"
#include "database/dry_run/dry_run.hpp"
#include "job/dry_run_file.hpp"
#include "job/ending.hpp"
#include "job/run_report.hpp"
#include "report/error_text.hpp"
#include "report/json.hpp"

namespace dunlin {
namespace {

Result<CommandReport> run_command(std::string_view name, Session& session) {
  if (name == "info") return info(session);
  if (name == "migrate") return migrate(session);
  if (name == "validate") return validate(session);
  if (name == "baseline") return baseline(session);
  if (name == "repair") return repair(session);
  if (name == "clean") return clean(session);
  if (name == "undo") return undo(session);
  return Error{.code = ErrorCode::internal,
               .message = fmt::format("{} cannot be carried out", name)};
}

/// Why a report counts as a failure, or nothing.
std::optional<Error> failure_of(const CommandReport& report) {
  if (const auto* const migrated = std::get_if<MigrateReport>(&report)) return migrated->error;
  if (const auto* const listed = std::get_if<InfoReport>(&report)) return listed->error;
  const auto* const validated = std::get_if<ValidateReport>(&report);
  if (validated != nullptr && !validated->findings.empty()) return validation_error(*validated);
  return std::nullopt;
}

std::string timestamp(const Clock& clock) {
  const auto now = clock.now();
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::microseconds>(now - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

DocumentContext context_of(const Session& session, const Reporting& reporting) {
  const bool named = !session.options.schemas.schemas.empty();
  return {.timestamp = timestamp(session.clock),
          .version = std::string(kVersion),
          // A SQLite file has no name of a database (observed with Flyway 11, sqlite-basic).
          .database = session.database.dialect() == sql::Dialect::sqlite
                          ? std::string()
                          : session.database.facts().database,
          .database_type = session.database.facts().product,
          .schema_names = named ? join(session.options.schemas.schemas, ", ") : std::string(),
          .warnings = reporting.console.take_warnings(),
          .origins = session.scripts.origins};
}

LookedAt looked_at(const Session& session) {
  const ScriptOptions& options = session.options.scripts;
  return {.locations = session.scripts.locations,
          .callback_locations = options.callback_locations,
          .working_directory = options.working_directory,
          .repeatable_prefix = options.naming.repeatable_prefix,
          .sql_prefix = options.naming.sql_prefix,
          .baseline_prefix = options.naming.baseline_prefix,
          .separator = options.naming.separator,
          .suffixes = options.naming.suffixes};
}

/// What a call leaves at its end: JSON documents on standard output, a report in files.
class Documents {
 public:
  Documents(const Reporting& reporting, const Clock& clock, std::optional<RunReport> report)
      : reporting_(reporting), clock_(clock), report_(std::move(report)) {}

  void add(const CommandReport& report, const Session& session) {
    if (!reporting_.json && !report_) return;
    const DocumentContext context = context_of(session, reporting_);
    // Of a migrate that failed Flyway prints the document alone.
    const auto* const migrated = std::get_if<MigrateReport>(&report);
    if (migrated != nullptr && migrated->error) documents_.clear();
    if (reporting_.json) documents_.push_back(json_document(report, context));
    if (report_) report_->add(report, context);
  }
  /// The command that ends the call, and left no report of its own.
  int fail(const std::string& command, const Error& error) {
    if (report_) {
      report_->add_failure(command, with_reason(error, reporting_.interrupt, reporting_.deadline));
      report_->write(timestamp(clock_), reporting_.output);
    }
    return report_failure(error, reporting_);
  }
  void end() const {
    if (!documents_.empty()) {
      reporting_.output.answer(documents_.size() == 1 ? documents_.front()
                                                      : json_documents(documents_));
    }
    if (report_) report_->write(timestamp(clock_), reporting_.output);
  }

 private:
  const Reporting& reporting_;
  const Clock& clock_;
  std::optional<RunReport> report_;
  std::vector<std::string> documents_;
};

void print_text(const CommandReport& report, const Session& session, const Reporting& reporting) {
  const auto* const listed = std::get_if<InfoReport>(&report);
  if (listed == nullptr) return;
  if (reporting.migration_ids) {
    print_ids(*listed, reporting.output);
  } else {
    print(*listed, looked_at(session), reporting.output);
  }
}

/// What to call the secret that stands in a text; empty when none does.
std::string secret_in(std::string_view text, const ScriptOptions& scripts, const Output& output) {
  if (!output.holds_secret(text)) return "";
  for (const auto& [name, value] : scripts.placeholders) {
    if (output.holds_secret(value.reveal()) && text.contains(value.reveal())) {
      return fmt::format("placeholder {}", name);
    }
  }
  return "a secret that stands in the script itself";
}

}  // namespace

int report_failure(const Error& failure, const Reporting& reporting) {
  const Error error = with_reason(failure, reporting.interrupt, reporting.deadline);
  if (reporting.json) {
    reporting.output.answer(json_error(error));
  } else {
    reporting.output.fail(error_text(error));
  }
  return exit_code(error, reporting.interrupt);
}

namespace {

std::int64_t milliseconds_since(const Session& session,
                                std::chrono::steady_clock::time_point start) {
  const auto time = session.clock.steady() - start;
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

/// What stopped the work goes into a report that tells of a failure itself.
void give_reason(CommandReport& report, const Reporting& reporting) {
  auto* const migrated = std::get_if<MigrateReport>(&report);
  if (migrated == nullptr || !migrated->error) return;
  migrated->error =
      with_reason(*std::move(migrated->error), reporting.interrupt, reporting.deadline);
}

int run_commands(const std::vector<std::string>& commands, Database& database,
                 const ScriptFiles& files, const EngineOptions& options, const Reporting& reporting,
                 const TakeSnapshot& take_snapshot) {
  const Facts& facts = database.facts();
  reporting.output.info(
      fmt::format("Database: {} ({} {})", facts.url, facts.product, facts.version));
  std::optional<RunReport> run_report;
  if (!options.report_file.empty()) {
    auto made = RunReport::create(options.scripts.working_directory, options.report_file,
                                  options.scripts.naming);
    if (!made) return report_failure(made.error(), reporting);
    run_report = *std::move(made);
  }
  Documents documents(reporting, reporting.clock, std::move(run_report));
  auto session = open_session(database, files, reporting.console, reporting.clock, options);
  if (!session) return documents.fail(commands.front(), session.error());
  if (take_snapshot) {
    const auto& origins = session->scripts.origins;
    const std::string commit = origins.empty() ? "" : origins.front().commit;
    session->take_snapshot = [&, commit] { return take_snapshot(database, commit); };
  }
  for (const Script& script : session->scripts.migrations) {
    reporting.output.debug(fmt::format("script {}, checksum {}", script.shown, script.checksum));
  }
  for (const std::string& name : commands) {
    const auto start = session->clock.steady();
    auto report = run_command(name, *session);
    reporting.output.debug(fmt::format("{} took {} ms", name, milliseconds_since(*session, start)));
    if (!report) return documents.fail(name, report.error());
    give_reason(*report, reporting);
    documents.add(*report, *session);
    print_text(*report, *session, reporting);
    const auto failure = failure_of(*report);
    if (!failure) continue;
    if (!reporting.json) reporting.output.fail(error_text(*failure));
    documents.end();
    return exit_code(*failure, reporting.interrupt);
  }
  documents.end();
  return 0;
}

/// The commands on a database that only seems to change; what they would do goes to a file.
Result<int> rehearse(const std::vector<std::string>& commands, Database& database,
                     const ScriptFiles& files, const EngineOptions& options,
                     const Reporting& reporting) {
  DryRunFile file =
      DUNLIN_TRY(DryRunFile::create(options.scripts.working_directory, options.dry_run.file));
  const auto database_seen = DUNLIN_TRY(
      dry_run(database, file,
              {.init_sql = options.dry_run.init_sql, .secret_in = [&](std::string_view text) {
                 return secret_in(text, options.scripts, reporting.output);
               }}));
  reporting.output.info(
      fmt::format("Dry run: the database stays as it is, and what would be run "
                  "is written to {}",
                  options.dry_run.file));
  const int code = run_commands(commands, *database_seen, files, options, reporting, {});
  if (code == 0) DUNLIN_TRY(file.finish());
  return code;
}

}  // namespace

int perform(const std::vector<std::string>& commands, Database& database, const ScriptFiles& files,
            const EngineOptions& options, const Reporting& reporting,
            const TakeSnapshot& take_snapshot) {
  if (options.dry_run.file.empty()) {
    return run_commands(commands, database, files, options, reporting, take_snapshot);
  }
  const auto code = rehearse(commands, database, files, options, reporting);
  return code ? *code : report_failure(code.error(), reporting);
}

}  // namespace dunlin
