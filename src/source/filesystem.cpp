// Walks folders with readdir: most filesystems give names with their kind, so that a file costs no
// system call of its own (a link, or a filesystem that gives no kinds, one). The walk keeps its own
// stack and knows the (device, inode) of each folder above, which is how a link that leads back is
// seen.
#include "source/filesystem.hpp"

#include "base/descriptor.hpp"
#include "base/handle.hpp"
#include "base/text.hpp"
#include "source/location.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace dunlin {
namespace {

int close_folder(DIR* folder) noexcept { return closedir(folder); }
using Folder = Handle<DIR, close_folder>;
using FolderId = std::pair<dev_t, ino_t>;

// A folder still to be read, and those above it.
struct Pending {
  std::string below;            // its path below the root, with '/' at the end; empty for the root
  std::vector<FolderId> above;  // from the root down to its parent
};

// One walk through one location.
class Walk {
 public:
  Walk(const Location& location, std::string root, std::vector<std::string>& notes)
      : location_(location), root_(std::move(root)), notes_(notes) {}

  Result<std::vector<Resource>> run() {
    pending_.push_back({});
    while (!pending_.empty()) {
      const auto next = std::move(pending_.back());
      pending_.pop_back();
      DUNLIN_TRY(visit(next));
    }
    std::ranges::sort(files_, {}, [](const Resource& file) {
      return std::pair<std::string_view, std::string_view>(file.path, file.shown);
    });
    return std::move(files_);
  }

 private:
  [[nodiscard]] std::string full(std::string_view below) const {
    return root_.ends_with('/') ? fmt::format("{}{}", root_, below)
                                : fmt::format("{}/{}", root_, below);
  }

  Result<void> visit(const Pending& folder) {
    const Folder open_folder(opendir(full(folder.below).c_str()));
    if (!open_folder) return cannot_read(folder.below);
    const auto fd = dirfd(open_folder.get());
    struct stat facts{};
    if (fd < 0 || fstat(fd, &facts) != 0) return cannot_read(folder.below);
    const FolderId id{facts.st_dev, facts.st_ino};
    if (std::ranges::find(folder.above, id) != folder.above.end()) return loop(folder.below);
    auto above = folder.above;
    above.push_back(id);
    errno = 0;
    while (const auto* entry = readdir(open_folder.get())) {
      take(fd, *entry, folder.below, above);
      errno = 0;
    }
    if (errno != 0) return cannot_read(folder.below);
    return {};
  }

  void take(int folder, const dirent& entry, const std::string& below,
            const std::vector<FolderId>& above) {
    const std::string_view name = entry.d_name;
    if (name == "." || name == "..") return;
    auto path = fmt::format("{}{}", below, name);
    const auto kind = kind_of(folder, entry);
    if (!kind) {
      // A hidden one is an editor's lock (Emacs makes such links); it is nobody's script.
      if (!name.starts_with('.'))
        notes_.push_back(fmt::format("Skipping {}: {}", full(path), reason_of(errno)));
    } else if (*kind == DT_DIR) {
      if (!name.starts_with('.')) pending_.push_back({.below = path + "/", .above = above});
    } else if (*kind == DT_REG) {
      add(path);
    }
  }

  /// DT_REG, DT_DIR, ...; of a link, what it leads to. Nothing, with errno, when it leads nowhere.
  static std::optional<unsigned char> kind_of(int folder, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN && entry.d_type != DT_LNK) return entry.d_type;
    struct stat facts{};
    if (fstatat(folder, entry.d_name, &facts, 0) != 0) return std::nullopt;
    return static_cast<unsigned char>(IFTODT(facts.st_mode));
  }

  void add(const std::string& path) {
    const auto name = name_below(location_, path);
    if (!name) return;
    auto shown = full(path);
    files_.push_back(
        {.path = std::string(*name), .shown = shown, .read = [shown] { return read_file(shown); }});
  }

  [[nodiscard]] Error cannot_read(std::string_view below) const {
    return {.code = ErrorCode::source_failed,
            .message = fmt::format("cannot read folder {}: {}", full(below), reason_of(errno)),
            .hint = "check its permissions"};
  }
  [[nodiscard]] Error loop(std::string_view below) const {
    return {.code = ErrorCode::source_failed,
            .message = fmt::format("folder {} leads back to a folder above it", full(below)),
            .hint = "remove the symbolic link; its scripts would be found without end"};
  }

  const Location& location_;
  std::string root_;
  std::vector<std::string>& notes_;
  std::vector<Pending> pending_;
  std::vector<Resource> files_;
};

std::string problem_of(const std::string& root) {
  struct stat facts{};
  if (root.empty()) return "not found";  // Flyway looks for a folder without a name
  if (stat(root.c_str(), &facts) != 0) return errno == ENOENT ? "not found" : reason_of(errno);
  return S_ISDIR(facts.st_mode) ? "" : "not a directory";
}

std::string absolute(const std::string& path) {
  std::error_code ignored;  // without a current folder the relative path is all there is
  auto text = std::filesystem::absolute(path, ignored).lexically_normal().string();
  if (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text.empty() ? path : text;
}

std::string join_path(const std::string& folder, const std::string& path) {
  if (folder.empty() || path.starts_with('/')) return path;
  return absolute(folder + "/" + path);
}

Result<Listing::Location> list_one(const Location& location, const std::string& working_directory,
                                   std::vector<std::string>& notes) {
  Listing::Location listed{.text = location.text(), .root = location.root};
  if (location.kind == LocationKind::classpath) {
    listed.found = false;
    listed.problem = no_class_path(location);
    return listed;
  }
  listed.root = join_path(working_directory, location.root);
  if (!working_directory.empty())
    listed.text = "filesystem:" + join_path(working_directory, location.path);
  listed.problem = problem_of(listed.root);
  listed.found = listed.problem.empty();
  if (listed.found) listed.files = DUNLIN_TRY(Walk(location, absolute(listed.root), notes).run());
  return listed;
}

Error unreadable(const std::string& path, std::string_view why) {
  return {.code = ErrorCode::script_unreadable,
          .message = fmt::format("cannot read {}: {}", path, why),
          .hint = "correct or remove the file, then run again"};
}

// What stays the same in a file that nobody writes to.
bool same(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

Result<std::string> read_all(int fd, const std::string& path, std::size_t size) {
  std::string text(size + 1, '\0');  // one more byte shows that the file grew
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto got = ::read(fd, text.data() + filled, text.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(path, reason_of(errno));
    filled += static_cast<std::size_t>(got);
    if (got == 0 || filled == size) break;  // what was appended since, the caller's fstat shows
  }
  text.resize(filled);
  return text;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat before{};
  if (file.get() < 0 || fstat(file.get(), &before) != 0) return unreadable(path, reason_of(errno));
  if (!S_ISREG(before.st_mode)) return unreadable(path, "it is not a regular file");
  auto text = DUNLIN_TRY(read_all(file.get(), path, static_cast<std::size_t>(before.st_size)));
  struct stat after{};
  if (fstat(file.get(), &after) != 0) return unreadable(path, reason_of(errno));
  if (!same(before, after) || text.size() != static_cast<std::size_t>(before.st_size))
    return unreadable(path, "it changed while it was being read");
  return text;
}

Result<Listing> FilesystemSource::list(const std::vector<std::string>& locations) {
  auto parsed = DUNLIN_TRY(parse_locations(locations));
  Listing listing{.notes = std::move(parsed.notes)};
  for (const auto& location : parsed.kept)
    listing.locations.push_back(DUNLIN_TRY(list_one(location, working_directory_, listing.notes)));
  return listing;
}

}  // namespace dunlin
