#include "job/dry_run_file.hpp"

#include "base/text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>
#include <utility>

namespace dunlin {
namespace {

Error unwritable(const std::filesystem::path& path, std::string_view why) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("dryRunOutput {} cannot be written: {}", path.string(), why),
          .hint = "name a file in a folder that may be written"};
}

Result<void> check_place(const std::filesystem::path& path) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) return unwritable(path, "it is a folder");
  if (!std::filesystem::exists(path, problem)) return {};
  std::string begin(kDryRunMark.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (file.gcount() == 0 || begin == kDryRunMark) return {};
  return unwritable(path, "the file exists, and is not the script of a dry run");
}

}  // namespace

DryRunFile::DryRunFile(std::filesystem::path path) : path_(std::move(path)) {}

DryRunFile::~DryRunFile() {
  if (file_) unlink(unfinished().c_str());
}

std::filesystem::path DryRunFile::unfinished() const {
  auto path = path_;
  path += ".unfinished";
  return path;
}

Result<DryRunFile> DryRunFile::create(const std::filesystem::path& folder, std::string_view name) {
  if (name.starts_with("s3:") || name.starts_with("gcs:")) {
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("dryRunOutput {} is no local file", name),
                 .hint = "write to a local file, and copy it with the tool of that store"};
  }
  const auto path = folder / name;
  DUNLIN_TRY(check_place(path));
  std::error_code problem;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), problem);
  if (problem) return unwritable(path, problem.message());
  DryRunFile made(path);
  constexpr mode_t kOwnerOnly = 0600;
  made.file_ = Descriptor(
      open(made.unfinished().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kOwnerOnly));
  if (!made.file_) return unwritable(path, reason_of(errno));
  return made;
}

Result<void> DryRunFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return unwritable(path_, reason_of(errno));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> DryRunFile::finish() {
  // A full disk may show only now.
  if (close(file_.release()) != 0) return unwritable(path_, reason_of(errno));
  if (rename(unfinished().c_str(), path_.c_str()) != 0) {
    return unwritable(path_, reason_of(errno));
  }
  return {};
}

}  // namespace dunlin
