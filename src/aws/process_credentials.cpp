#include "aws/process_credentials.hpp"

#include "base/descriptor.hpp"
#include "base/join_secrets.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace dunlin {
namespace {

constexpr std::size_t kLargest = 1UL << 20U;

/// A child with a pipe from its standard output; ended and awaited in any case.
class Child {
 public:
  Child(pid_t pid, Descriptor out) noexcept : pid_(pid), out_(std::move(out)) {}
  ~Child() {
    out_ = Descriptor();  // so that a child that still writes ends
    if (pid_ > 0) kill(pid_, SIGTERM);
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Until the end of the output; absent when interrupted or too long.
  std::optional<Secret> read_all(const Interrupt& interrupt) const {
    std::vector<Secret> pieces;
    std::array<char, 4096> buffer{};
    for (std::size_t size = 0; size <= kLargest;) {
      std::array<pollfd, 2> both = {pollfd{.fd = out_.get(), .events = POLLIN, .revents = 0},
                                    pollfd{.fd = interrupt.fd(), .events = POLLIN, .revents = 0}};
      poll(both.data(), both.size(), -1);
      if (interrupt.requested()) return std::nullopt;
      const ssize_t count = read(out_.get(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) {
        explicit_bzero(buffer.data(), buffer.size());
        return joined(pieces);
      }
      pieces.emplace_back(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
      size += static_cast<std::size_t>(count);
    }
    return std::nullopt;
  }
  /// Its exit code, or -1.
  int wait() {
    if (pid_ <= 0) return -1;
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_;
  Descriptor out_;
};

/// The process id, or a negative errno.
pid_t start(std::vector<std::string>& words, int out, const Environment& environment) {
  std::vector<std::string> variables;
  variables.reserve(environment.all().size());
  for (const auto& [name, value] : environment.all()) {
    variables.push_back(fmt::format("{}={}", name, value));
  }
  std::vector<char*> argv;
  std::vector<char*> envp;
  argv.reserve(words.size() + 1);
  envp.reserve(variables.size() + 1);
  for (std::string& each : words) argv.push_back(each.data());
  for (std::string& each : variables) envp.push_back(each.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t child = -1;
  const int failed =
      posix_spawnp(&child, argv.front(), &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  return failed != 0 ? -failed : child;
}

constexpr std::string_view kBlanks = " \t";

/// Adds to `word` what begins at `at`, without quotes and backslashes.
/// @returns the place after it
std::size_t read_word(std::string_view command, std::size_t at, std::string& word) {
  char quote = '\0';
  for (; at < command.size(); ++at) {
    const char c = command[at];
    if (quote == '\0' && kBlanks.contains(c)) break;
    if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote) {
      quote = '\0';
    } else {
      const bool escapes = c == '\\' && quote != '\'' && at + 1 < command.size();
      word += escapes ? command[++at] : c;
    }
  }
  return at;
}

}  // namespace

std::vector<std::string> command_words(std::string_view command) {
  std::vector<std::string> words;
  for (auto at = command.find_first_not_of(kBlanks); at != std::string_view::npos;
       at = command.find_first_not_of(kBlanks, at)) {
    at = read_word(command, at, words.emplace_back());
  }
  return words;
}

Result<AwsCredentials> process_credentials(const AwsEdges& edges, std::string_view command) {
  auto words = command_words(command);
  if (words.empty()) return credentials_error("credential_process names no program");
  const std::string shown = fmt::format("credential_process {}", words.front());
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return credentials_error(fmt::format("{} cannot be started: {}", shown, reason_of(errno)));
  }
  Descriptor ours(ends[0]);
  Descriptor theirs(ends[1]);
  const pid_t pid = start(words, theirs.get(), edges.environment);
  theirs = Descriptor();  // else the end of the child would not be the end of its output
  Child child(pid, std::move(ours));
  if (pid < 0) {
    return credentials_error(fmt::format("{} cannot be started: {}", shown, reason_of(-pid)));
  }
  const auto output = child.read_all(edges.interrupt);
  if (edges.interrupt.requested()) {
    return Error{.code = ErrorCode::interrupted, .message = "interrupted"};
  }
  if (!output) return credentials_error(fmt::format("{} prints more than 1 MiB", shown));
  if (const int code = child.wait(); code != 0) {
    return credentials_error(fmt::format("{} ends with exit code {}", shown, code));
  }
  return parse_credentials(output->reveal(), shown);
}

}  // namespace dunlin
