#include "docs/file.hpp"

#include "base/descriptor.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace dunlin::docs {
namespace {

Error trouble(const std::filesystem::path& path, std::string_view what, std::string_view why) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("into {} cannot be {}: {}", path.string(), what, why),
          .hint = "name a Markdown file that is there, in a folder that may be written"};
}

/// The file while it is being written; gone again unless it took its name.
class Unfinished {
 public:
  explicit Unfinished(const std::filesystem::path& target)
      : name_(target.string() + ".XXXXXX"), file_(mkostemp(name_.data(), O_CLOEXEC)) {}
  ~Unfinished() {
    if (!done_) unlink(name_.c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(file_.get(), text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  bool finish(const std::filesystem::path& target, mode_t mode) {
    if (fchmod(file_.get(), mode) != 0 || fsync(file_.get()) != 0) return false;
    if (close(file_.release()) != 0) return false;
    done_ = rename(name_.c_str(), target.c_str()) == 0;
    return done_;
  }
  [[nodiscard]] bool is_open() const noexcept { return bool(file_); }

 private:
  std::string name_;
  Descriptor file_;
  bool done_ = false;
};

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) return trouble(path, "read", "it is a folder");
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return trouble(path, "read", reason_of(errno));
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) return trouble(path, "read", reason_of(errno));
  return text;
}

Result<void> replace_file(const std::filesystem::path& path, std::string_view text) {
  std::error_code problem;
  const auto target = std::filesystem::canonical(path, problem);
  if (problem) return trouble(path, "written", problem.message());
  struct stat was{};
  if (stat(target.c_str(), &was) != 0) return trouble(path, "written", reason_of(errno));
  Unfinished file(target);
  constexpr mode_t kPermissions = 07777;
  const bool written =
      file.is_open() && file.write(text) && file.finish(target, was.st_mode & kPermissions);
  if (!written) return trouble(path, "written", reason_of(errno));
  return {};
}

}  // namespace dunlin::docs
