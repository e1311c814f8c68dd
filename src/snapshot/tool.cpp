#include "snapshot/tool.hpp"

#include "base/descriptor.hpp"
#include "base/environment.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace dunlin {
namespace {

constexpr std::size_t kMostErrors = 64UL << 10U;
constexpr int kBeat = 1000;      // milliseconds
constexpr int kBeatsToEnd = 10;  // from SIGTERM to SIGKILL

Error failed(std::string message, std::string hint = "") {
  return {
      .code = ErrorCode::snapshot_failed, .message = std::move(message), .hint = std::move(hint)};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  /// Onto itself: it then stays open in the child.
  void duplicate(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void open_nothing(int to) {
    posix_spawn_file_actions_addopen(&actions_, to, "/dev/null", O_RDONLY, 0);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

/// A child and the pipe of its standard error, whose end is the child's; awaited in any case.
class Child {
 public:
  Child(pid_t pid, Descriptor errors) noexcept : pid_(pid), errors_(std::move(errors)) {}
  ~Child() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Reads what it complains of until its end.
  std::string listen(const Interrupt& interrupt, const std::function<void()>& beat) {
    std::string text;
    while (!interrupt.requested()) {
      std::array<pollfd, 2> watched = {
          pollfd{.fd = errors_.get(), .events = POLLIN, .revents = 0},
          pollfd{.fd = interrupt.fd(), .events = POLLIN, .revents = 0}};
      if (poll(watched.data(), watched.size(), kBeat) == 0) beat();
      if (watched[0].revents != 0 && !read_some(text)) return text;
    }
    end(text);
    return text;
  }

  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  /// Lets it clean up behind itself, for a while.
  void end(std::string& text) const {
    kill(pid_, SIGTERM);
    for (int beats = 0; beats < kBeatsToEnd;) {
      pollfd watched{.fd = errors_.get(), .events = POLLIN, .revents = 0};
      if (poll(&watched, 1, kBeat) == 0) ++beats;
      if (watched.revents != 0 && !read_some(text)) return;
    }
    kill(pid_, SIGKILL);
  }

  /// False at the end. What is too long is read and dropped, or the child would wait for ever.
  bool read_some(std::string& text) const {
    std::array<char, 4096> buffer{};
    const ssize_t count = read(errors_.get(), buffer.data(), buffer.size());
    if (count < 0) return errno == EINTR;
    const auto size = std::min(static_cast<std::size_t>(count), kMostErrors - text.size());
    text.append(buffer.data(), size);
    return count > 0;
  }

  pid_t pid_;
  Descriptor errors_;
};

std::string content_of(int file) {
  std::array<char, 64UL << 10U> text{};
  const ssize_t size = pread(file, text.data(), text.size(), 0);
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace

Result<ToolRun> run_tool(const Tool& tool, const Interrupt& interrupt,
                         const std::function<void()>& beat) {
  const std::string& name = tool.words.front();
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return failed(fmt::format("cannot run {}: {}", name, reason_of(errno)));
  }
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  const Descriptor output(memfd_create("output", MFD_CLOEXEC));
  SpawnActions actions;
  actions.open_nothing(STDIN_FILENO);
  actions.duplicate(tool.output < 0 ? output.get() : tool.output, STDOUT_FILENO);
  actions.duplicate(theirs.get(), STDERR_FILENO);
  for (const int each : tool.kept) actions.duplicate(each, each);
  std::vector<std::string> words = tool.words;
  std::vector<std::string> variables = tool.variables;
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, name.c_str(), actions.get(), nullptr,
                                 pointers_to(words).data(), pointers_to(variables).data());
  theirs = Descriptor();  // else the end of the child would not be the end of what it says
  if (error == ENOENT) {
    return failed(
        fmt::format("{} is not there, and snapshots of this database are made with it", name),
        fmt::format("install it (Debian: {}), or put it on the PATH", tool.package));
  }
  if (error != 0) return failed(fmt::format("cannot run {}: {}", name, reason_of(error)));
  Child child(pid, std::move(ours));
  ToolRun run;
  run.errors = child.listen(interrupt, beat);
  run.exit_code = child.wait();
  run.output = content_of(output.get());
  // What it had done before it heard of the signal is done.
  if (!interrupt.requested() || run.exit_code == 0) return run;
  return Error{.code = ErrorCode::interrupted, .message = fmt::format("{} was stopped", name)};
}

std::string complaint_of(const ToolRun& run) {
  std::string last;
  for (const std::string& line : split(run.errors, '\n')) {
    if (const auto at = line.find("error: "); at != std::string::npos) return line.substr(at + 7);
    if (!trim(line).empty()) last = trim(line);
  }
  return last.empty() ? fmt::format("exit code {}", run.exit_code) : last;
}

std::vector<std::string> variables_for_tools() {
  std::vector<std::string> variables = {"LC_ALL=C"};
  const auto own = Environment::of_process();
  for (const auto& [name, value] : own.all()) {
    const bool is_wanted = name == "PATH" || name == "HOME" || name == "TMPDIR" ||
                           (name.starts_with("PG") && name != "PGPASSWORD");
    if (is_wanted) variables.push_back(fmt::format("{}={}", name, value));
  }
  return variables;
}

}  // namespace dunlin
