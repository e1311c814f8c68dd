// pg_dump and pg_restore as children. They are told where to connect in their arguments, where all
// users of the machine can read it; the password stands in a memfd, which libpq takes for a
// password file: /proc/self/fd/N is a regular file, and with mode 0600 it is private enough for it.
#include "snapshot/dump.hpp"

#include "base/descriptor.hpp"
#include "base/environment.hpp"
#include "base/text.hpp"
#include "snapshot/files.hpp"
#include "snapshot/tool.hpp"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <iterator>

namespace dunlin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".dump";
constexpr int kBeatsBetweenLines = 10;

// What somebody made in the database; what extensions brought along does not count.
constexpr std::string_view kObjects = R"(
WITH own(class, id, schema, name) AS (
  SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, oid, relnamespace, relname
  FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, pronamespace, proname
  FROM pg_catalog.pg_proc
  UNION ALL
  SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid, typnamespace, typname
  FROM pg_catalog.pg_type WHERE typtype IN ('d', 'e'))
SELECT s.nspname || '.' || own.name, pg_catalog.count(*) OVER ()
FROM own JOIN pg_catalog.pg_namespace s ON s.oid = own.schema
WHERE s.nspname !~ '^pg_' AND s.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
    WHERE d.classid = own.class AND d.objid = own.id AND d.deptype = 'e')
ORDER BY 1 LIMIT 1)";

constexpr std::string_view kSchemas = R"(
SELECT nspname FROM pg_catalog.pg_namespace
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1)";

Error failed(std::string message, std::string hint = "") {
  return {
      .code = ErrorCode::snapshot_failed, .message = std::move(message), .hint = std::move(hint)};
}

Error refused(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

Error with_hint(Error error, std::string hint) {
  error.hint = std::move(hint);
  return error;
}

/// A file in memory that holds the text and that nobody but its owner may read.
Result<Descriptor> file_in_memory(const Secret& text) {
  Descriptor file(memfd_create("passfile", MFD_CLOEXEC));
  const std::string_view bytes = text.reveal();
  const bool is_written =
      file && fchmod(file.get(), S_IRUSR | S_IWUSR) == 0 &&
      write(file.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  if (is_written) return file;
  return failed(fmt::format("cannot hand over the password: {}", reason_of(errno)));
}

/// The one line of a password file (libpq, "The Password File"), for whatever is connected to.
Secret passfile_line(std::string_view password) {
  std::vector<char> line;
  line.reserve(password.size() * 2 + 9);  // as long as it may get: growing would leave copies
  for (const char c : std::string_view("*:*:*:*:")) line.push_back(c);
  for (const char c : password) {
    if (c == ':' || c == '\\') line.push_back('\\');
    line.push_back(c);
  }
  line.push_back('\n');
  Secret result(std::string_view(line.data(), line.size()));
  explicit_bzero(line.data(), line.size());
  return result;
}

/// One keyword of a connection string (libpq, "Keyword/Value Connection Strings").
std::string keyword(std::string_view name, std::string_view value) {
  std::string quoted;
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return fmt::format("{}='{}' ", name, quoted);
}

/// How a child connects.
struct Login {
  std::string connection;  ///< without the password
  Descriptor passfile;     ///< none if there is no password
};

Result<Login> login_of(const postgresql::Target& target) {
  if (!target.key_password.empty()) {
    return refused("a client key with a passphrase cannot be used by pg_dump and pg_restore",
                   "use a key without one for snapshots");
  }
  Login login;
  for (const auto& [name, value] : target.parameters) login.connection += keyword(name, value);
  // libpq would take the password of the environment too.
  const auto own = Environment::of_process().find("PGPASSWORD");
  const std::string_view password =
      target.password.empty() && own ? std::string_view(*own) : target.password.reveal();
  if (password.empty()) return login;
  login.passfile = DUNLIN_TRY(file_in_memory(passfile_line(password)));
  login.connection += keyword("passfile", fmt::format("/proc/self/fd/{}", login.passfile.get()));
  return login;
}

/// 15 of "pg_dump (PostgreSQL) 15.20 (Debian 15.20-1)"; 0 if there is no such number.
int major_version(std::string_view text) {
  const auto at = text.find_first_of("0123456789");
  int number = 0;
  if (at != std::string_view::npos)
    std::from_chars(text.data() + at, text.data() + text.size(), number);
  return number;
}

class DumpSnapshots final : public Snapshots {
 public:
  DumpSnapshots(DumpedDatabase database, SnapshotEdges edges)
      : database_(std::move(database)), edges_(std::move(edges)) {}

  Result<Snapshot> create(const SnapshotLabel& label) override {
    const Database& session = *DUNLIN_TRY(database_.session());
    const Facts& facts = session.facts();
    DUNLIN_TRY(check_version(facts));
    SnapshotFile file = DUNLIN_TRY(SnapshotFile::create(
        database_.folder, snapshot_name(facts.database, label.commit, edges_.clock.now()),
        kEnding));
    const std::string name = file.name();
    edges_.say(fmt::format("Taking snapshot {} of database {}", name, facts.database));
    const DumpTarget way = DUNLIN_TRY(database_.target());
    const Login login = DUNLIN_TRY(login_of(way.target));
    const Tool dump = connecting_tool("pg_dump", facts, login, words_to_dump(login), file.fd());
    int beats = 0;
    const auto tell = [&] {
      if (++beats % kBeatsBetweenLines != 0) return;
      edges_.say(fmt::format("snapshot {}: {} so far", name, shown_size(file.size())));
    };
    const ToolRun run = DUNLIN_TRY(run_tool(dump, edges_.interrupt, tell));
    if (run.exit_code == 0) return file.finish();
    const std::string complaint = complaint_of(run);
    return failed("pg_dump failed: " + complaint,
                  complaint.contains("timeout")
                      ? "if somebody keeps a table locked, let him end, or raise tableLockTimeout"
                      : "");
  }

  Result<std::vector<Snapshot>> list() override {
    if (!database_.name.empty()) {
      return snapshot_files(database_.folder, snapshot_prefix(database_.name), kEnding);
    }
    const Database& session = *DUNLIN_TRY(database_.session());
    return snapshot_files(database_.folder, snapshot_prefix(session.facts().database), kEnding);
  }

  Result<Restored> restore(const std::string& name, const RestoreOptions& options) override {
    if (!options.to.empty()) {
      return refused("a snapshot of PostgreSQL is restored into the database that url names",
                     "leave --into out, and name the database in url");
    }
    const fs::path file =
        fs::absolute(DUNLIN_TRY(find_snapshot_file(database_.folder, name, kEnding)));
    Database* const session = DUNLIN_TRY(database_.session());
    const Facts& facts = session->facts();
    // All that may fail comes before something is thrown away.
    DUNLIN_TRY(check_readable(file, facts));
    const DumpTarget way = DUNLIN_TRY(database_.target());
    const Login login = DUNLIN_TRY(login_of(way.target));
    DUNLIN_TRY(make_room(*session, options));
    edges_.say(
        fmt::format("Restoring {} into database {}", file.filename().string(), facts.database));
    const Tool restoring =
        connecting_tool("pg_restore", facts, login, words_to_restore(login, file, options));
    const std::string what_is_there =
        options.replace
            ? "the database is empty now, and the snapshot is still there: restore again"
            : "nothing of the snapshot is in the database";
    auto run = run_tool(restoring, edges_.interrupt);
    if (!run) return with_hint(std::move(run).error(), what_is_there);
    if (run->exit_code == 0) return Restored{.what = "database " + facts.database, .endpoint = ""};
    return failed(fmt::format("pg_restore failed: {}", complaint_of(*run)), what_is_there);
  }

 private:
  static Tool tool(const Facts& facts, std::vector<std::string> words) {
    return {.words = std::move(words),
            .variables = variables_for_tools(),
            .package = fmt::format("postgresql-client-{}", facts.version_number / 10000)};
  }

  static Tool connecting_tool(std::string_view name, const Facts& facts, const Login& login,
                              const std::vector<std::string>& more, int output = -1) {
    Tool result = tool(facts, {std::string(name), "--no-password"});
    std::ranges::copy(more, std::back_inserter(result.words));
    result.output = output;
    if (login.passfile) result.kept.push_back(login.passfile.get());
    return result;
  }

  [[nodiscard]] std::vector<std::string> words_to_dump(const Login& login) const {
    std::vector<std::string> words = {"--format=custom", "--dbname=" + login.connection};
    if (const auto time = database_.table_lock_timeout) {
      words.push_back(fmt::format("--lock-wait-timeout={}", time->count()));
    }
    return words;
  }

  static std::vector<std::string> words_to_restore(const Login& login, const fs::path& file,
                                                   const RestoreOptions& options) {
    std::vector<std::string> words = {"--single-transaction", "--dbname=" + login.connection};
    // For what stands outside of schemas, such as publications.
    if (options.replace) words.insert(words.end(), {"--clean", "--if-exists"});
    words.push_back(file.string());
    return words;
  }

  /// pg_dump refuses a server that is newer than itself, in words about itself.
  Result<void> check_version(const Facts& facts) {
    const Tool asked = tool(facts, {"pg_dump", "--version"});
    const ToolRun run = DUNLIN_TRY(run_tool(asked, edges_.interrupt));
    const int own = major_version(run.output);
    const int server = facts.version_number / 10000;
    if (run.exit_code != 0 || own == 0) {
      return failed(fmt::format("pg_dump does not say its version: {}", complaint_of(run)));
    }
    if (own >= server) return {};
    return failed(fmt::format("pg_dump has version {} and the server {}, and an older pg_dump "
                              "cannot read a newer server",
                              own, server),
                  fmt::format("install PostgreSQL's client of version {} (Debian: {}), and put it "
                              "first on the PATH",
                              server, asked.package));
  }

  /// Before anything is thrown away for it.
  Result<void> check_readable(const fs::path& file, const Facts& facts) {
    const Tool asked = tool(facts, {"pg_restore", "--list", file.string()});
    const ToolRun run = DUNLIN_TRY(run_tool(asked, edges_.interrupt));
    if (run.exit_code == 0) return {};
    return failed(
        fmt::format("the snapshot {} cannot be read: {}", file.string(), complaint_of(run)));
  }

  /// Sees to it that the database is empty.
  static Result<void> make_room(Database& session, const RestoreOptions& options) {
    const Query question{.text = std::string(kObjects), .parameters = {}};
    const auto found = DUNLIN_TRY(session.query({&question, 1}));
    if (found.front().empty()) return {};
    if (options.replace) return drop_everything(session);
    const Row& first = found.front().front();
    return refused(
        fmt::format("database {} is not empty: it has {} object(s), such as {}",
                    session.facts().database, first[1].value_or(""), first[0].value_or("")),
        "restore into an empty database, or let --replace drop everything in this one");
  }

  static Result<void> drop_everything(Database& session) {
    const Query question{.text = std::string(kSchemas), .parameters = {}};
    const auto names = DUNLIN_TRY(session.query({&question, 1}));
    std::vector<Query> statements;
    for (const Row& row : names.front()) {
      const std::string name = row.front().value_or("");
      if (name != "public") {
        statements.push_back(session.drop_schema(name));
        continue;
      }
      // With its owner and its privileges, which pg_dump leaves out where they are the usual ones.
      std::ranges::move(DUNLIN_TRY(session.clean_statements(name)), std::back_inserter(statements));
    }
    DUNLIN_TRY(session.query(statements));
    return {};
  }

  DumpedDatabase database_;
  SnapshotEdges edges_;
};

}  // namespace

std::unique_ptr<Snapshots> dump_snapshots(DumpedDatabase database, SnapshotEdges edges) {
  return std::make_unique<DumpSnapshots>(std::move(database), std::move(edges));
}

}  // namespace dunlin
