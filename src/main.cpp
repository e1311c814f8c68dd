// Hands the arguments to cli/, catches what nobody expected, returns the exit code.
#include "base/alarm.hpp"
#include "base/error.hpp"
#include "cli/program.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace {

/// Standard output or standard error. What cannot be written any more is dropped: the migration
/// goes on. A pipe that its reader has closed (`| head`) is no problem: he has what he wanted.
class Stream final : public dunlin::Output::Sink {
 public:
  Stream(std::FILE* file, const char* name) : file_(file), name_(name) {}
  void write(std::string_view text) override {
    const bool written =
        std::fwrite(text.data(), 1, text.size(), file_) == text.size() && std::fflush(file_) == 0;
    if (!written && errno != EPIPE) problem_ = std::string(name_) + ": " + dunlin::reason_of(errno);
  }
  [[nodiscard]] std::string problem() const override { return problem_; }

 private:
  std::FILE* file_;
  const char* name_;
  std::string problem_;
};

// The one global: a signal handler can reach nothing else.
dunlin::Interrupt* asked_to_stop = nullptr;

extern "C" void on_signal(int signal) {
  // The second one does not wait for anything; a deadline is not a first one.
  const int before = asked_to_stop->signal();
  if (before != 0 && before != dunlin::kDeadlinePassed) _exit(128 + signal);
  asked_to_stop->request(signal);
}

void listen_for_signals(dunlin::Interrupt& interrupt) {
  asked_to_stop = &interrupt;
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A terminal or an SSH session that goes away; nohup has it ignored, and that stays.
  struct sigaction before{};
  sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);
}

/// A standard stream that was closed becomes /dev/null. Else the next file or socket that is opened
/// would get its number, and what is printed would go there: into the database's connection.
void fill_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) == -1) (void)open("/dev/null", O_RDWR);
  }
}

int run(const std::vector<std::string>& words) {
  dunlin::Interrupt interrupt;
  listen_for_signals(interrupt);
  Stream out(stdout, "standard output");
  Stream error(stderr, "standard error");
  std::error_code unknown_folder;
  return dunlin::run_program(
      words, {.environment = dunlin::Environment::of_process(),
              .interrupt = interrupt,
              .out = out,
              .error = error,
              .working_directory = std::filesystem::current_path(unknown_folder).string(),
              .out_is_terminal = isatty(STDOUT_FILENO) == 1,
              .ask = dunlin::ask_at_terminal(interrupt)});
}

}  // namespace

int main(int count, char** words) {
  // Secrets must not end up in a core dump, nor be read by another process of the same user.
  prctl(PR_SET_DUMPABLE, 0);
  fill_standard_streams();
  try {
    return run(std::vector<std::string>(words + 1, words + count));
  } catch (const std::exception& defect) {
    (void)std::fprintf(stderr, "ERROR: dunlin has a defect: %s\n", defect.what());
    return 1;
  }
}
