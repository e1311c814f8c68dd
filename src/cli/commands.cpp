#include "cli/commands.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::string_view kPaid = "it belongs to the paid editions of Flyway";

constexpr std::array kCommands = {
    CommandRow{"run", "The whole job: fetch secrets and a branch, then info, migrate, info",
               "dunlin run [branch]\n\n"
               "The branch is master if none is named; a tag or a full commit id will do too.\n"
               "Everything else comes from the environment: DB_HOST, DB_NAME, REPOSITORY_OWNER,\n"
               "REPOSITORY_PATH, REPOSITORY_DEPLOY_KEY_SECRET, REGION and so on.",
               ""},
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
               ""},
    CommandRow{"tunnel", "Keeps an SSH tunnel to the database open, for psql or pgAdmin",
               "dunlin -sshTunnel=USER@BASTION -url=jdbc:postgresql://HOST:5432/DB tunnel\n\n"
               "Prints the port of this machine that leads to the database, and what psql takes\n"
               "to use it with the database's own name. Ends with Ctrl-C or SIGTERM.",
               ""},
    CommandRow{"version", "Prints the version", "", ""},
    CommandRow{"help", "Prints this text, or what there is to say of a command or an option",
               "dunlin help [command | option | options]", ""},
    CommandRow{"completion", "Prints what makes a shell complete commands and options",
               "source <(dunlin completion bash)", ""},
    CommandRow{"check", "", "", kPaid},
    CommandRow{"snapshot", "", "", kPaid},
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

}  // namespace

std::span<const CommandRow> commands() noexcept { return kCommands; }
std::span<const FlagRow> flags() noexcept { return kFlags; }

const CommandRow* find_command(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kCommands, name, &CommandRow::name);
  return found == kCommands.end() ? nullptr : found;
}

std::vector<std::string> near_commands(std::string_view name) {
  std::vector<std::string> names;
  for (const CommandRow& command : kCommands) {
    if (command.left_out.empty()) names.emplace_back(command.name);
  }
  return nearest(name, names);
}

}  // namespace dunlin
