#include "support/moto.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>

namespace dunlin::test {
namespace {

std::filesystem::path venv() {
  const char* const named = std::getenv("DUNLIN_TEST_VENV");
  return named != nullptr && *named != '\0'
             ? std::filesystem::path(named)
             : std::filesystem::path(DUNLIN_SOURCE_DIR) / "build/venv";
}

/// Both outputs of the child go to `out`; it ends with this process, however that ends.
pid_t spawn(const std::string& program, int out) {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  dup2(out, 1);
  dup2(out, 2);
  execl(program.c_str(), program.c_str(), "-H", "127.0.0.1", "-p", "0", nullptr);
  _exit(127);
}

/// "http://127.0.0.1:PORT", from the line in which the server says where it listens.
std::string announced_url(int in) {
  FILE* const lines = fdopen(dup(in), "r");
  std::string url;
  char line[512];
  while (url.empty() && fgets(line, sizeof line, lines) != nullptr) {
    const std::string text = line;
    const auto found = text.find("Running on http");
    if (found == std::string::npos) continue;
    url = text.substr(found + 11, text.find_first_of("\r\n", found) - found - 11);
  }
  fclose(lines);
  return url;
}

}  // namespace

Moto* Moto::shared() {
  static Moto moto;
  static const bool started = moto.start();
  if (!started) {
    ADD_FAILURE() << "moto does not start from " << venv()
                  << "; make it by script/test, or by: python3 -m venv build/venv && "
                     "build/venv/bin/pip install -r tests/requirements.txt";
  }
  return started ? &moto : nullptr;
}

bool Moto::start() {
  const std::string program = venv() / "bin/moto_server";
  if (access(program.c_str(), X_OK) != 0) return false;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  server_ = spawn(program, ends[1]);
  close(ends[1]);
  url_ = announced_url(ends[0]);
  // Nobody reads on: the log would fill the pipe, so it is let go. The server ignores EPIPE.
  static const int kept_open = ends[0];
  fcntl(kept_open, F_SETPIPE_SZ, 1 << 20);
  return !url_.empty();
}

Moto::~Moto() {
  if (server_ <= 0) return;
  kill(server_, SIGKILL);
  waitpid(server_, nullptr, 0);
}

Environment Moto::environment(std::map<std::string, std::string, std::less<>> more) const {
  more.emplace("AWS_ENDPOINT_URL", url_);
  more.emplace("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
  more.emplace("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  return Environment(std::move(more));
}

}  // namespace dunlin::test
