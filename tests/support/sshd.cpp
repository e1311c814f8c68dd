#include "support/sshd.hpp"

#include "base/text.hpp"
#include "support/shell.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>

namespace dunlin::test {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The child ends when the test does, however that happens.
pid_t start(const std::string& config, const std::string& log) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(1);
  execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-f", config.c_str(), "-E", log.c_str(), nullptr);
  _exit(127);
}

// Until sshd's log says so; inotify tells when the log has grown.
bool wait_until_listening(const std::string& folder, const std::string& log, pid_t pid) {
  const int watch = inotify_init1(IN_CLOEXEC);
  inotify_add_watch(watch, folder.c_str(), IN_MODIFY | IN_CREATE);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  bool listening = false;
  while (!(listening = content_of(log).contains("Server listening")) &&
         std::chrono::steady_clock::now() < deadline && waitpid(pid, nullptr, WNOHANG) == 0) {
    pollfd ready{watch, POLLIN, 0};
    std::array<char, 4096> events{};
    if (poll(&ready, 1, 500) > 0 && read(watch, events.data(), events.size()) < 0) break;
  }
  close(watch);
  return listening;
}

}  // namespace

KeyPair make_key(const std::string& arguments, const std::string& passphrase) {
  const TemporaryFolder folder;
  shell("ssh-keygen -q " + arguments + " -C a-test -N " + quoted(passphrase) + " -f " +
        quoted(folder / "key"));
  return {.private_text = content_of(folder / "key"),
          .public_line = std::string(trim(content_of(folder / "key.pub")))};
}

std::uint16_t unused_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

Sshd::Sshd(const SshdOptions& options) : port_(unused_port()) {
  const auto* const entry = getpwuid(geteuid());
  user_ = entry != nullptr ? entry->pw_name : "root";
  std::string config = fmt::format("Port {}\nListenAddress 127.0.0.1\n", port_);
  int number = 0;
  for (const auto& arguments : split_list(options.host_keys)) {
    const auto pair = make_key(arguments);
    const auto file = folder_.write(fmt::format("host_{}", ++number), pair.private_text);
    std::filesystem::permissions(file, std::filesystem::perms::owner_read);
    config += "HostKey " + file + "\n";
    host_key_lines_ += fmt::format("[127.0.0.1]:{} {}\n", port_, pair.public_line);
  }
  config += "AuthorizedKeysFile " + folder_.write("authorized_keys", options.authorized_keys) +
            "\nPidFile none\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
            "PermitRootLogin prohibit-password\nStrictModes no\nUsePAM no\nUseDNS no\n"
            "LogLevel VERBOSE\nPubkeyAcceptedAlgorithms -ssh-rsa\n" +
            options.extra + "\n";
  if (geteuid() == 0) std::filesystem::create_directories("/run/sshd");
  pid_ = start(folder_.write("config", config), folder_ / "log");
  EXPECT_TRUE(wait_until_listening(folder_.path(), folder_ / "log", pid_)) << log();
}

Sshd::~Sshd() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

std::string Sshd::known_hosts() const { return host_key_lines_; }

std::string Sshd::log() const { return content_of(folder_ / "log"); }

}  // namespace dunlin::test
