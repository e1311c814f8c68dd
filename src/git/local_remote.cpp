// git upload-pack as a child, its standard input and output being one socket pair: unlike a pipe, a
// socket can be written to without a SIGPIPE. What it says beside goes to a file in memory.
#include "base/descriptor.hpp"
#include "base/environment.hpp"
#include "base/text.hpp"
#include "git/remote.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

namespace dunlin::git {
namespace {

Error failed(std::string message, std::string hint = "") {
  return {.code = ErrorCode::source_failed, .message = std::move(message), .hint = std::move(hint)};
}

// What git needs to find itself and its configuration; nothing else of ours, which may be secret.
std::vector<std::string> child_environment(Protocol protocol) {
  std::vector<std::string> variables = {"LC_ALL=C"};
  const auto own = Environment::of_process();
  for (const auto* const name : {"PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "GIT_EXEC_PATH",
                                 "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"}) {
    if (const auto value = own.find(name)) variables.push_back(fmt::format("{}={}", name, *value));
  }
  if (protocol == Protocol::v2) variables.emplace_back("GIT_PROTOCOL=version=2");
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

class ChildStream final : public ByteStream {
 public:
  ChildStream(pid_t pid, Descriptor socket, Descriptor complaints, const Interrupt* interrupt)
      : pid_(pid),
        socket_(std::move(socket)),
        complaints_(std::move(complaints)),
        interrupt_(interrupt) {}
  ChildStream(const ChildStream&) = delete;
  ChildStream& operator=(const ChildStream&) = delete;
  ~ChildStream() override {
    kill(pid_, SIGTERM);  // it has said all that we want to hear
    waitpid(pid_, nullptr, 0);
  }

  Result<std::size_t> read(std::span<char> buffer) override {
    DUNLIN_TRY(wait_for(POLLIN));
    while (true) {
      const auto got = recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == ECONNRESET) return std::size_t{0};
      if (errno != EINTR) return failed("cannot read from git: " + reason_of(errno));
    }
  }

  Result<void> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      DUNLIN_TRY(wait_for(POLLOUT));
      const auto sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return {};  // reading says why
      if (sent < 0 && errno != EINTR) return failed("cannot write to git: " + reason_of(errno));
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
  }

  std::string complaint() override {
    std::array<char, 4096> text{};
    const auto got = pread(complaints_.get(), text.data(), text.size(), 0);
    return got > 0 ? std::string(text.data(), static_cast<std::size_t>(got)) : std::string();
  }

 private:
  [[nodiscard]] Result<void> wait_for(short events) const {
    std::array<pollfd, 2> watched = {pollfd{socket_.get(), events, 0}, pollfd{-1, POLLIN, 0}};
    if (interrupt_ != nullptr) watched[1].fd = interrupt_->fd();
    while (poll(watched.data(), watched.size(), -1) < 0) {
      if (errno != EINTR) return failed("cannot wait for git: " + reason_of(errno));
    }
    if (watched[1].revents != 0) return Error{.code = ErrorCode::interrupted, .message = "stopped"};
    return {};
  }

  pid_t pid_;
  Descriptor socket_;
  Descriptor complaints_;
  const Interrupt* interrupt_;
};

class SpawnActions {
 public:
  SpawnActions() { posix_spawn_file_actions_init(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { posix_spawn_file_actions_destroy(&actions_); }
  void duplicate(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class LocalRemote final : public Remote {
 public:
  LocalRemote(const RepositoryUrl& url, const Interrupt* interrupt)
      : path_(url.path), interrupt_(interrupt) {}

  Result<void> start(Protocol protocol) override {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
      return failed("cannot start git: " + reason_of(errno));
    Descriptor ours(ends[0]);
    const Descriptor theirs(ends[1]);
    Descriptor complaints(memfd_create("git", MFD_CLOEXEC));
    if (complaints.get() < 0) return failed("cannot start git: " + reason_of(errno));
    SpawnActions actions;
    actions.duplicate(theirs.get(), STDIN_FILENO);
    actions.duplicate(theirs.get(), STDOUT_FILENO);
    actions.duplicate(complaints.get(), STDERR_FILENO);
    std::vector<std::string> arguments = {"git", "upload-pack", path_};
    auto variables = child_environment(protocol);
    pid_t pid = -1;
    const int error = posix_spawnp(&pid, "git", actions.get(), nullptr,
                                   pointers_to(arguments).data(), pointers_to(variables).data());
    if (error != 0) {
      return failed(fmt::format("cannot run git to read {}: {}", path_, reason_of(error)),
                    "install git, or use an ssh:// or https:// address");
    }
    stream_ =
        std::make_unique<ChildStream>(pid, std::move(ours), std::move(complaints), interrupt_);
    return {};
  }

  Result<void> ask(std::string_view request, std::size_t) override {
    return stream_->write(request);
  }
  ByteStream& answer() override { return *stream_; }

 private:
  std::string path_;
  const Interrupt* interrupt_;
  std::unique_ptr<ChildStream> stream_;
};

}  // namespace

std::unique_ptr<Remote> local_remote(const RepositoryUrl& url, const Interrupt* interrupt) {
  return std::make_unique<LocalRemote>(url, interrupt);
}

}  // namespace dunlin::git
