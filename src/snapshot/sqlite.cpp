#include "snapshot/sqlite.hpp"

#include "base/text.hpp"
#include "database/sqlite/copy.hpp"
#include "snapshot/files.hpp"

namespace dunlin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".db";
constexpr std::chrono::seconds kBetweenLines{10};

Error refused(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

class SqliteSnapshots final : public Snapshots {
 public:
  SqliteSnapshots(CopiedFile database, SnapshotEdges edges)
      : database_(std::move(database)), edges_(std::move(edges)) {}

  Result<Snapshot> create(const SnapshotLabel& label) override {
    DUNLIN_TRY(check_is_file(database_.path));
    std::error_code problem;
    if (!fs::exists(database_.path, problem)) {
      return Error{.code = ErrorCode::database_unreachable,
                   .message = fmt::format("there is no database {}", database_.path),
                   .hint = "correct the path in -url"};
    }
    SnapshotFile file = DUNLIN_TRY(SnapshotFile::create(
        database_.folder, snapshot_name(stem(), label.commit, edges_.clock.now()), kEnding));
    const std::string name = file.name();
    edges_.say(fmt::format("Taking snapshot {} of {}", name, database_.path));
    DUNLIN_TRY(copy("snapshot " + name, database_.path, file.unfinished().string()));
    return file.finish();
  }

  Result<std::vector<Snapshot>> list() override {
    return snapshot_files(database_.folder, snapshot_prefix(stem()), kEnding);
  }

  Result<Restored> restore(const std::string& name, const RestoreOptions& options) override {
    const std::string to = options.to.empty() ? database_.path : options.to;
    DUNLIN_TRY(check_is_file(to));
    const fs::path from = DUNLIN_TRY(find_snapshot_file(database_.folder, name, kEnding));
    DUNLIN_TRY(check_is_snapshot(from, to));
    if (!options.replace && DUNLIN_TRY(sqlite::holds_something(to, edges_.interrupt))) {
      return refused(
          fmt::format("{} is not empty", to),
          "restore into another file with --into FILE, or let --replace put the snapshot "
          "in the place of what is there");
    }
    edges_.say(fmt::format("Restoring {} into {}", from.filename().string(), to));
    DUNLIN_TRY(copy(to, from.string(), to));
    return Restored{.what = "file " + to, .endpoint = ""};
  }

 private:
  [[nodiscard]] std::string stem() const { return fs::path(database_.path).stem().string(); }

  static Result<void> check_is_file(const std::string& path) {
    if (!path.empty() && path != ":memory:" && !path.starts_with("file:")) return {};
    return refused("a database in memory, or one that a URI names, has no snapshots",
                   "name a file in -url");
  }

  /// SQLite takes an empty file for an empty database, and would restore that.
  static Result<void> check_is_snapshot(const fs::path& from, const std::string& to) {
    std::error_code problem;
    if (fs::equivalent(from, to, problem)) {
      return refused(fmt::format("{} is the database itself, not a snapshot of it", from.string()),
                     "`dunlin snapshot list` shows the snapshots");
    }
    if (fs::file_size(from, problem) > 0) return {};
    return refused(fmt::format("{} holds no database: it is empty", from.string()),
                   "`dunlin snapshot list` shows the snapshots");
  }

  Result<void> copy(const std::string& what, const std::string& from, const std::string& to) {
    auto said_at = edges_.clock.steady();
    return sqlite::copy(from, to, edges_.interrupt, [&](std::uint64_t done, std::uint64_t all) {
      if (all == 0 || edges_.clock.steady() - said_at < kBetweenLines) return;
      edges_.say(fmt::format("{}: {} %", what, done * 100 / all));
      said_at = edges_.clock.steady();
    });
  }

  CopiedFile database_;
  SnapshotEdges edges_;
};

}  // namespace

std::unique_ptr<Snapshots> sqlite_snapshots(CopiedFile database, SnapshotEdges edges) {
  return std::make_unique<SqliteSnapshots>(std::move(database), std::move(edges));
}

}  // namespace dunlin
