#include "snapshot/files.hpp"

#include "base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace dunlin {
namespace {

namespace fs = std::filesystem;

// Snapshots that are taken in one second, of databases of one name; one more is refused.
constexpr int kMostOfOneName = 1000;

Error failed(std::string message, std::string hint = "") {
  return {
      .code = ErrorCode::snapshot_failed, .message = std::move(message), .hint = std::move(hint)};
}

/// Behind the prefix stands the time: "dunlin-app-two-20261123t051425z.db" is of app-two, not of
/// app.
bool is_of(std::string_view prefix, std::string_view name) {
  if (!name.starts_with(prefix)) return false;
  const std::string_view day = name.substr(prefix.size(), 9);
  return day.size() == 9 && day[8] == 't' && day.find_first_not_of("0123456789") == day.size() - 1;
}

Snapshot snapshot_of(const fs::path& path) {
  struct stat about{};
  stat(path.c_str(), &about);
  return {.name = path.filename().string(),
          .place = path.string(),
          .state = "available",
          .made_at = shown_time(std::chrono::system_clock::from_time_t(about.st_mtime)),
          .size = shown_size(static_cast<std::uintmax_t>(about.st_size))};
}

}  // namespace

Result<SnapshotFile> SnapshotFile::create(const fs::path& folder, const std::string& name,
                                          std::string_view ending) {
  std::error_code problem;
  if (fs::create_directories(folder, problem)) {
    fs::permissions(folder, fs::perms::owner_all, problem);  // what is in it is whole databases
  }
  if (problem) {
    return failed(fmt::format("the folder for snapshots, {}, cannot be made: {}", folder.string(),
                              problem.message()),
                  "name another one: -snapshot.folder=FOLDER");
  }
  for (int count = 1;; ++count) {
    const std::string stem = count == 1 ? name : fmt::format("{}-{}", name, count);
    SnapshotFile file(folder / (stem + std::string(ending)));
    file.file_ = Descriptor(
        open(file.unfinished().c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    // Who finished one of that name before this moment is seen now; nobody can from here on.
    if (file.file_ && !fs::exists(file.path_, problem)) return file;
    if (!file.file_ && (errno != EEXIST || count == kMostOfOneName)) {
      return failed(fmt::format("the snapshot {} cannot be written: {}", file.path_.string(),
                                reason_of(errno)),
                    "name another folder: -snapshot.folder=FOLDER");
    }
  }
}

SnapshotFile::~SnapshotFile() {
  std::error_code ignored;
  if (file_) fs::remove(unfinished(), ignored);
}

fs::path SnapshotFile::unfinished() const {
  auto path = path_;
  path += ".part";
  return path;
}

std::uintmax_t SnapshotFile::size() const {
  struct stat about{};
  return fstat(fd(), &about) == 0 ? static_cast<std::uintmax_t>(about.st_size) : 0;
}

Result<Snapshot> SnapshotFile::finish() {
  const bool is_there = fsync(fd()) == 0 && rename(unfinished().c_str(), path_.c_str()) == 0;
  if (!is_there) {
    return failed(
        fmt::format("the snapshot {} cannot be written: {}", path_.string(), reason_of(errno)));
  }
  const Descriptor folder(open(path_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder) fsync(folder.get());  // its name too
  file_ = Descriptor();
  return snapshot_of(path_);
}

std::vector<Snapshot> snapshot_files(const fs::path& folder, std::string_view prefix,
                                     std::string_view ending) {
  std::vector<Snapshot> all;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder, problem)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(ending) && is_of(prefix, name)) {
      all.push_back(snapshot_of(entry.path()));
    }
  }
  std::ranges::sort(all, [](const Snapshot& a, const Snapshot& b) {
    return std::tie(a.made_at, a.name) < std::tie(b.made_at, b.name);
  });
  return all;
}

Result<fs::path> find_snapshot_file(const fs::path& folder, const std::string& name,
                                    std::string_view ending) {
  std::error_code problem;
  for (const fs::path& path :
       {folder / name, folder / (name + std::string(ending)), fs::path(name)}) {
    if (fs::is_regular_file(path, problem)) return path;
  }
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format("there is no snapshot {} in {}", name, folder.string()),
               .hint = "`dunlin snapshot list` shows them; -snapshot.folder says where they are"};
}

}  // namespace dunlin
