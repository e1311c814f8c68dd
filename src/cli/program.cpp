// One call: arguments, configuration, then the answers that need no database, the job, or commands.
#include "cli/program.hpp"

#include "base/alarm.hpp"
#include "base/clock.hpp"
#include "base/redactor.hpp"
#include "base/text.hpp"
#include "base/version_of_dunlin.hpp"
#include "cli/arguments.hpp"
#include "cli/fargate.hpp"
#include "cli/help.hpp"
#include "cli/references.hpp"
#include "cli/schema_docs.hpp"
#include "cli/snapshot.hpp"
#include "config/load.hpp"
#include "job/connect.hpp"
#include "job/engine_options.hpp"
#include "job/perform.hpp"
#include "job/repositories.hpp"
#include "job/resolve.hpp"
#include "job/run.hpp"
#include "job/tunnel.hpp"
#include "report/json.hpp"
#include "report/output_file.hpp"
#include "secrets/rds_tokens.hpp"
#include "source/filesystem.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>

namespace dunlin {
namespace {

/// The exit code of a call that could not write what it was asked for.
constexpr int kOutputLost = 1;

/// outputFile: a copy of what is printed.
class FileSink final : public Output::Sink {
 public:
  explicit FileSink(const std::string& path)
      : path_(path), file_(path, std::ios::binary | std::ios::trunc) {}
  [[nodiscard]] bool good() const { return file_.good(); }
  void write(std::string_view text) override {
    file_.write(text.data(), static_cast<std::streamsize>(text.size())).flush();
    if (!file_ && problem_.empty()) {
      problem_ = fmt::format("outputFile {}: {}", path_, reason_of(errno));
    }
  }
  [[nodiscard]] std::string problem() const override { return problem_; }

 private:
  std::string path_;
  std::ofstream file_;
  std::string problem_;
};

class Call {
 public:
  explicit Call(const World& world)
      : world_(world),
        output_(redactor_, world.out, world.error),
        console_(output_),
        reporting_{
            .output = output_, .console = console_, .clock = clock_, .interrupt = world.interrupt} {
  }

  int run(std::span<const std::string> words) {
    reporting_.json = asks_for_json(words);
    output_.set_document_mode(reporting_.json);
    auto arguments = parse_arguments(words);
    if (!arguments) return fail(arguments.error());
    output_.set_verbosity(arguments->verbosity);
    if (const auto answered = answer(*arguments)) return if_written(*answered);
    const int code = work(*arguments);
    return reporting_.json || only_reads(*arguments) ? if_written(code) : code;
  }

 private:
  /// The call has done nothing but write, or its document is what it did, and that is lost.
  [[nodiscard]] int if_written(int code) const {
    return code == 0 && output_.has_lost() ? kOutputLost : code;
  }

  static bool only_reads(const Arguments& arguments) {
    return std::ranges::all_of(arguments.commands, [](const std::string& command) {
      return command == "info" || command == "validate" || command == "docs" ||
             command == "fargate template" || command == "fargate logs" ||
             command == "fargate status" || command == "snapshot list";
    });
  }

  int fail(const Error& error) {
    output_.set_document_mode(reporting_.json);
    return report_failure(error, reporting_);
  }

  /// What needs no configuration: the answer to a question, or the usage when nothing is said.
  std::optional<int> answer(const Arguments& arguments) {
    switch (arguments.asks) {
      case Asks::help:
        return print(help_text(arguments.help_topic));
      case Asks::version:
        return print(reporting_.json ? json_version(kVersion)
                                     : fmt::format("dunlin {}\n", kVersion));
      case Asks::completion:
        return print(completion(arguments.shell));
      case Asks::nothing:
        break;
    }
    if (!arguments.commands.empty()) return std::nullopt;
    const std::string& family = arguments.family;
    world_.error.write(family.empty() ? usage_text() : help_text(family).value_or(""));
    return kind_of(ErrorCode::usage).exit_code;
  }

  int print(const Result<std::string>& text) {
    if (!text) return fail(text.error());
    output_.answer(*text);
    return 0;
  }

  int work(const Arguments& arguments) {
    auto configuration = load_configuration({.folder = world_.working_directory,
                                             .home = home(),
                                             .environment = world_.environment,
                                             .options = arguments.options});
    if (!configuration) return fail(configuration.error());
    if (const auto set = set_up_output(*configuration, arguments); !set) return fail(set.error());
    // The Markdown that is printed is for a file or a pipe: nothing else stands beside it.
    const bool prints_docs =
        arguments.commands.front() == "docs" && configuration->text("into").empty();
    if (prints_docs) output_.set_document_mode(true);
    for (const std::string& warning : configuration->warnings) output_.warn(warning);
    for (const std::string& note : configuration->notes) output_.debug(note);
    // Names and origins only: a URL, a placeholder or an initSql may hold a password.
    configuration->each_value([&](auto key, auto /*value*/, auto origin) {
      output_.debug(fmt::format("{} is set by {}", key, origin));
    });
    const auto code = carry_out(*std::move(configuration), arguments);
    return code ? *code : fail(code.error());
  }

  Result<void> set_up_output(const Configuration& configuration, const Arguments& arguments) {
    reporting_.json = configuration.text("outputType") == "json";
    reporting_.migration_ids = arguments.migration_ids;
    output_.set_document_mode(reporting_.json);
    const std::string color = configuration.text("color");
    const bool colored = color == "always" || (color == "auto" && world_.out_is_terminal);
    output_.set_color(colored ? Output::Color::always : Output::Color::never);
    console_.show_query_results(configuration.boolean("outputQueryResults"));
    const std::string file = configuration.text("outputFile");
    if (file.empty()) return {};
    DUNLIN_TRY(check_output_file("outputFile", file, naming_options(configuration)));
    copy_.emplace(file);
    if (!copy_->good()) {
      return Error{.code = ErrorCode::configuration,
                   .message = fmt::format("outputFile {} cannot be written", file),
                   .hint = "check that its folder exists and may be written"};
    }
    output_.set_copy(&*copy_);
    return {};
  }

  Result<int> carry_out(Configuration configuration, const Arguments& arguments) {
    // First what needs no store: it may say which store to ask.
    Resolver local(nullptr, nullptr, world_.environment, redactor_);
    DUNLIN_TRY(resolve_references(configuration, local, {"env", "file"}));
    reporting_.deadline = configuration.seconds("deadline");
    std::optional<Alarm> alarm;
    if (reporting_.deadline.count() > 0) alarm.emplace(reporting_.deadline, world_.interrupt);
    DUNLIN_TRY(check_store(configuration));
    if (arguments.commands.front().starts_with("fargate ")) {
      return run_fargate({.command = arguments.commands.front(),
                          .operand = arguments.operand,
                          .operands = arguments.operands,
                          .configuration = configuration,
                          .world = world_,
                          .output = output_,
                          .redactor = redactor_,
                          .clock = clock_});
    }
    const bool is_job = arguments.commands.front() == "run";
    References references(configuration, is_job ? DefaultProvider::aws : DefaultProvider::none,
                          world_.environment, redactor_, world_.interrupt, clock_);
    const auto tokens = std::make_shared<RdsTokens>(world_.environment, clock_, world_.interrupt,
                                                    redactor_, configuration.text("region"));
    by_iam_ = [tokens](const std::string& host, const std::string& port, const std::string& user) {
      return tokens->token(host, port, user);
    };
    if (is_job) {
      return run_job(std::move(configuration), arguments.operand,
                     {.resolver = references.resolver(),
                      .interrupt = world_.interrupt,
                      .http = &references.http(),
                      .by_iam = by_iam_,
                      .aws = references.aws(),
                      .working_directory = world_.working_directory},
                     reporting_);
    }
    DUNLIN_TRY(resolve_references(configuration, references.resolver()));
    // A password that is the user's own name hides nothing, and would hide the name everywhere.
    const std::string_view password = configuration.secret("password").reveal();
    if (password != configuration.text("user")) redactor_.learn(password);
    DUNLIN_TRY(add_tunnel_key(configuration, references.resolver()));
    if (arguments.commands.front() == "tunnel") {
      DUNLIN_TRY(check_url(configuration));
      return keep_tunnel(configuration, world_.interrupt,
                         [&](std::string_view line) { output_.info(line); });
    }
    if (arguments.commands.front() == "docs") {
      const auto log_in_to_what_is_there = [&] {
        return log_in(configuration, references, sqlite::IfMissing::refuse);
      };
      return write_docs(configuration, working_directory(configuration), log_in_to_what_is_there,
                        reporting_);
    }
    if (arguments.commands.front().starts_with("snapshot ")) {
      return run_snapshot(
          arguments.commands.front(), arguments.operand, snapshot_needs(configuration, references),
          [&] { return log_in(configuration, references, sqlite::IfMissing::refuse); }, reporting_);
    }
    return run_commands(configuration, arguments.commands, references);
  }

  /// Where relative names of files start.
  [[nodiscard]] std::string working_directory(const Configuration& configuration) const {
    const std::string folder = configuration.text("workingDirectory");
    return folder.empty() ? world_.working_directory : folder;
  }

  /// What says where secrets are cannot be one.
  static Result<void> check_store(const Configuration& configuration) {
    for (const Option& option : options()) {
      const bool says_where = option.group == OptionGroup::secrets || option.key == "region";
      if (!says_where || option.type == OptionType::map) continue;
      const std::string_view key = option.key;
      if (!configuration.is_unresolved(key)) continue;
      return Error{.code = ErrorCode::configuration,
                   .message = fmt::format("{} ({}) refers to a secret, and it is what says where "
                                          "secrets are",
                                          key, configuration.origin(key)),
                   .hint = "write the value itself, or refer to ${env:NAME} or ${file:PATH}"};
    }
    return {};
  }

  /// The session; once more if the password was refused and the secret that it came from has
  /// another one by now: it may just have been rotated.
  Result<std::unique_ptr<Database>> log_in(Configuration& configuration, References& references,
                                           sqlite::IfMissing if_missing) {
    const auto connect = [&]() -> Result<std::unique_ptr<Database>> {
      DatabaseTarget target = DUNLIN_TRY(target_of(configuration, by_iam_));
      auto* const file = std::get_if<sqlite::OpenOptions>(&target.options);
      if (file != nullptr) file->if_missing = if_missing;
      return open(std::move(target), world_.interrupt, console_);
    };
    auto database = connect();
    const Secret& written = configuration.as_written("password");
    if (database || database.error().code != ErrorCode::login_refused || written.empty())
      return database;
    const Secret password = DUNLIN_TRY(references.resolver().resolve_anew(written.reveal()));
    if (password.reveal() == configuration.secret("password").reveal()) return database;
    redactor_.learn(password.reveal());
    output_.info(
        "The database refused the password, and its secret holds another one by now: trying that");
    DUNLIN_TRY(configuration.put({.key = "password",
                                  .values = {std::string(password.reveal())},
                                  .origin = configuration.origin("password"),
                                  .is_confidential = true,
                                  .is_literal = true}));
    return connect();
  }

  Result<int> run_commands(Configuration& configuration, const std::vector<std::string>& commands,
                           References& references) {
    const std::string here = working_directory(configuration);
    const EngineOptions options = DUNLIN_TRY(engine_options(configuration, here));
    DUNLIN_TRY(check_url(configuration));
    const ScriptFiles files = DUNLIN_TRY(list_files(configuration, options.scripts, references));
    const auto database = DUNLIN_TRY(log_in(configuration, references, sqlite::IfMissing::create));
    const SnapshotNeeds needs = snapshot_needs(configuration, references);
    return perform(commands, *database, files, options, reporting_, snapshot_before_migrate(needs));
  }

  SnapshotNeeds snapshot_needs(const Configuration& configuration, References& references) {
    return {.configuration = configuration,
            .aws = references.aws(),
            .by_iam = by_iam_,
            .interrupt = world_.interrupt,
            .clock = clock_,
            .output = output_,
            .here = working_directory(configuration)};
  }

  Result<ScriptFiles> list_files(const Configuration& configuration, const ScriptOptions& options,
                                 References& references) {
    FilesystemSource folders(configuration.text("workingDirectory"));
    MixedSource source(folders, repository_opener(configuration, {.resolver = references.resolver(),
                                                                  .http = &references.http(),
                                                                  .interrupt = world_.interrupt,
                                                                  .output = output_}));
    return list_scripts(source, options, console_);
  }

  [[nodiscard]] std::optional<std::filesystem::path> home() const {
    const auto found = world_.environment.find("HOME");
    return found ? std::optional<std::filesystem::path>(*found) : std::nullopt;
  }

  const World& world_;
  Redactor redactor_;
  SystemClock clock_;
  Output output_;
  Console console_;
  Reporting reporting_;
  IamPassword by_iam_;
  std::optional<FileSink> copy_;
};

}  // namespace

int run_program(std::span<const std::string> words, const World& world) {
  return Call(world).run(words);
}

}  // namespace dunlin
