#include "cli/commands.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::string_view kPaid = "it belongs to the paid editions of Flyway";

constexpr std::string_view kOneCall = "write one call for each: dunlin A && dunlin B";

constexpr std::array kCommands = {
    CommandRow{"run", "The whole job: fetch secrets and a branch, then info, migrate, info",
               "dunlin run [branch]\n\n"
               "The branch is master if none is named; a tag or a full commit id will do too.\n"
               "Everything else comes from the environment: DB_HOST, DB_NAME, REPOSITORY_OWNER,\n"
               "REPOSITORY_PATH, REPOSITORY_DEPLOY_KEY_SECRET, REGION and so on.",
               "", "[branch]", "run does info, migrate and info by itself"},
    CommandRow{"migrate", "Runs the pending scripts", "", ""},
    CommandRow{"info", "Shows which scripts are applied and which are pending", "", ""},
    CommandRow{"validate", "Compares the applied scripts with the files", "", ""},
    CommandRow{"baseline", "Takes over a database that is already there, at baselineVersion", "",
               ""},
    CommandRow{"repair", "Mends the schema history: failed rows, checksums, deleted scripts", "",
               ""},
    CommandRow{"clean", "Drops everything in the schemas; refused unless cleanDisabled=false", "",
               ""},
    CommandRow{"undo", "Takes back the newest applied script by its undo script", "", ""},
    CommandRow{"docs", "Writes the schema as Markdown, with a diagram",
               "dunlin docs [--into README.md [--check]]\n\n"
               "Without --into it is printed. Into a file it is written between the lines\n"
               "<!-- dunlin docs: begin --> and <!-- dunlin docs: end -->; the rest of the file\n"
               "stays. With --check nothing is written: exit 1 says that the file is out of date.",
               "", "", "write dunlin migrate && dunlin docs"},
    CommandRow{"tunnel", "Keeps an SSH tunnel to the database open, for psql or pgAdmin",
               "dunlin -sshTunnel=USER@BASTION -url=jdbc:postgresql://HOST:5432/DB tunnel\n\n"
               "Prints the port of this machine that leads to the database, and what psql takes\n"
               "to use it with the database's own name. Ends with Ctrl-C or SIGTERM.",
               "", "", "the other commands open a tunnel by themselves where sshTunnel is set"},
    CommandRow{"fargate", "Sets up and runs the job as a task of AWS Fargate", "", ""},
    CommandRow{
        "fargate deploy", "Makes or changes what the job needs at AWS, as one stack",
        "dunlin fargate deploy -fargate.image=IMAGE\n\n"
        "Everything else comes from the environment, as for dunlin run. Shows what would be\n"
        "done, and does it when that is approved. docs/fargate.md says what can be made.",
        "", "", kOneCall},
    CommandRow{"fargate destroy", "Removes that stack, after showing what goes and what stays", "",
               "", "", kOneCall},
    CommandRow{"fargate template", "Prints the CloudFormation template of the stack",
               "dunlin fargate template > dunlin.yaml\n\n"
               "For who deploys stacks in a way of their own.",
               "", "", kOneCall},
    CommandRow{
        "fargate secrets", "Shows which secrets the job needs, and stores them",
        "dunlin fargate secrets\n"
        "dunlin fargate secrets put deploy-key --generate-key\n"
        "dunlin fargate secrets put registry-token\n"
        "dunlin fargate secrets put database-password USER [--generate]\n\n"
        "A value comes from --from-file, from standard input or from the terminal, never from\n"
        "the command line. A secret that is there is not overwritten without --overwrite.",
        "", "[put] [NAME] [USER]", kOneCall},
    CommandRow{"fargate run", "Starts the job as a task and shows its log until it ends",
               "dunlin fargate run [branch]\n\n"
               "The task gets the network of the database (DB_HOST, or fargate.databaseCluster)\n"
               "unless fargate.subnets and fargate.securityGroups name one. Its log is printed as\n"
               "it comes, and its exit code is that of this call. Ctrl-C offers to stop the task;\n"
               "without a terminal it goes on, unless fargate.stopWhenInterrupted is true.",
               "", "[branch]", kOneCall},
    CommandRow{"fargate logs", "Prints the log of a task",
               "dunlin fargate logs [task] [--follow]\n\n"
               "The task is named by its id or the first letters of it; else it is the one that\n"
               "wrote last. With --follow it goes on while the task runs.",
               "", "[task]", kOneCall},
    CommandRow{"fargate status", "Shows the cluster, the image, and the tasks of the last hour", "",
               "", "", kOneCall},
    CommandRow{"snapshot", "Takes, lists and restores snapshots of the database", "", ""},
    CommandRow{"snapshot create", "Takes a snapshot and waits until it is complete",
               "dunlin snapshot create\n\n"
               "Aurora and RDS take it themselves, of the whole cluster or instance; of any other\n"
               "PostgreSQL pg_dump writes a file, and a SQLite file is copied.",
               "", "", kOneCall},
    CommandRow{"snapshot list", "Shows the snapshots of the database", "", "", "", kOneCall},
    CommandRow{
        "snapshot restore", "Makes a database of a snapshot again",
        "dunlin snapshot restore SNAPSHOT [--into NAME] [--replace]\n\n"
        "A snapshot of Aurora or RDS becomes a new cluster or instance, called NAME. A file\n"
        "fills the database that url names, if it is empty; --replace throws away what is\n"
        "in it. For SQLite NAME is another file.",
        "", "SNAPSHOT", kOneCall},
    CommandRow{"version", "Prints the version", "", ""},
    CommandRow{"help", "Prints this text, or what there is to say of a command or an option",
               "dunlin help [command | option | options]", ""},
    CommandRow{"completion", "Prints what makes a shell complete commands and options",
               "source <(dunlin completion bash)", ""},
    CommandRow{"check", "", "", kPaid},
    CommandRow{"diff", "", "", kPaid},
    CommandRow{"diffText", "", "", kPaid},
    CommandRow{"generate", "", "", kPaid},
    CommandRow{"model", "", "", kPaid},
    CommandRow{"prepare", "", "", kPaid},
    CommandRow{"deploy", "", "", kPaid},
    CommandRow{"auth", "", "", "dunlin has no editions and needs no license"},
    CommandRow{"list-engines", "", "", "dunlin speaks to PostgreSQL and SQLite, both built in"},
};

constexpr std::array kFlags = {
    FlagRow{"-X", "Print debug output"},
    FlagRow{"-q", "Print errors and warnings only"},
    FlagRow{"-h -? --help", "Print the help and exit"},
    FlagRow{"-v --version", "Print the version"},
    FlagRow{"-migrationIds", "info: print versions and descriptions only, with commas between"},
    FlagRow{"-skipCheckForUpdate", "Taken and not needed: dunlin never looks for updates"},
    FlagRow{"-communityFallback", "Taken and not needed: there are no editions"},
};

/// "fargate" of "fargate template"; empty for a name of one word.
std::string_view family_of(const CommandRow& row) {
  const auto blank = row.name.rfind(' ');
  return blank == std::string_view::npos ? std::string_view() : row.name.substr(0, blank);
}

}  // namespace

std::span<const CommandRow> commands() noexcept { return kCommands; }
std::span<const FlagRow> flags() noexcept { return kFlags; }

const CommandRow* find_command(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kCommands, name, &CommandRow::name);
  return found == kCommands.end() ? nullptr : found;
}

bool is_family(std::string_view name) noexcept {
  return std::ranges::any_of(
      kCommands, [&](const CommandRow& row) { return row.name != name && family_of(row) == name; });
}

std::vector<CommandRow> callable_commands() {
  std::vector<CommandRow> rows;
  for (const CommandRow& row : kCommands) {
    if (row.left_out.empty() && !is_family(row.name)) rows.push_back(row);
  }
  return rows;
}

std::vector<CommandRow> commands_below(std::string_view family) {
  std::vector<CommandRow> rows;
  for (const CommandRow& row : kCommands) {
    if (family_of(row) == family) rows.push_back(row);
  }
  return rows;
}

std::vector<std::string> near_commands(std::string_view name) {
  const std::string_view family = name.substr(0, std::min(name.rfind(' '), name.size()));
  const bool is_below = family != name && is_family(family);
  const std::string beginning = is_below ? std::string(family) + ' ' : std::string();
  std::vector<std::string> last_words;
  for (const CommandRow& row : kCommands) {
    if (row.left_out.empty() && family_of(row) == (is_below ? family : "")) {
      last_words.emplace_back(row.name.substr(beginning.size()));
    }
  }
  std::vector<std::string> names = nearest(name.substr(beginning.size()), last_words);
  for (std::string& each : names) each.insert(0, beginning);
  return names;
}

}  // namespace dunlin
