#include "base/terminal.hpp"

#include "base/text.hpp"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstring>  // explicit_bzero
#include <vector>

namespace dunlin {
namespace {

constexpr std::size_t kLongestLine = 1000;
constexpr std::size_t kLongestSecret = 64UL << 10U;  // what Secrets Manager takes

/// One letter of standard input; nothing at its end, or when a stop is requested.
std::optional<char> next_letter(const Interrupt& interrupt) {
  std::array<pollfd, 2> sources{{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                 {.fd = interrupt.fd(), .events = POLLIN, .revents = 0}}};
  poll(sources.data(), sources.size(), -1);
  if (interrupt.requested()) return std::nullopt;
  char letter = 0;
  if (read(STDIN_FILENO, &letter, 1) != 1) return std::nullopt;
  return letter;
}

/// What is typed is not shown as long as this lives.
class Hiding {
 public:
  Hiding() : is_terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~Hiding() {
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Hiding(const Hiding&) = delete;
  Hiding& operator=(const Hiding&) = delete;

 private:
  termios before_{};
  bool is_terminal_;
};

void say(std::string_view text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

/// Standard input to its end, or to the end of its first line; nothing if it is too long or a stop
/// is requested. Wiped but for what is returned.
std::optional<Secret> read_all(const Interrupt& interrupt, bool is_line) {
  std::vector<char> text(kLongestSecret + 1);  // never grown: that would leave copies
  std::size_t size = 0;
  while (size < text.size()) {
    const auto letter = next_letter(interrupt);
    if (!letter || (is_line && *letter == '\n')) break;
    text[size++] = *letter;
  }
  std::optional<Secret> result;
  const bool is_whole = size <= kLongestSecret && !interrupt.requested();
  if (is_whole) result.emplace(std::string_view(text.data(), size));
  explicit_bzero(text.data(), text.size());
  return result;
}

}  // namespace

Result<Secret> read_secret(std::string_view question, const Interrupt& interrupt) {
  const bool is_terminal = isatty(STDIN_FILENO) == 1;
  if (is_terminal && question.empty()) {
    return Error{.code = ErrorCode::configuration,
                 .message = "a text of several lines is not for a terminal",
                 .hint = "name its file with --from-file, or lead it into standard input"};
  }
  std::optional<Secret> secret;
  if (is_terminal) {
    const Hiding hiding;
    say(question);
    secret = read_all(interrupt, true);
    say("\n");
  } else {
    secret = read_all(interrupt, false);
  }
  if (secret) return *std::move(secret);
  if (interrupt.requested()) {
    return Error{.code = ErrorCode::interrupted, .message = "nothing was stored"};
  }
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format("standard input holds more than {} bytes", kLongestSecret),
               .hint = "Secrets Manager takes no more than that"};
}

Ask ask_at_terminal(const Interrupt& interrupt) {
  return [&interrupt](std::string_view question) -> std::optional<std::string> {
    if (isatty(STDIN_FILENO) != 1 || isatty(STDERR_FILENO) != 1) return std::nullopt;
    [[maybe_unused]] const auto written = write(STDERR_FILENO, question.data(), question.size());
    std::string line;
    while (line.size() < kLongestLine) {
      const auto letter = next_letter(interrupt);
      if (!letter) return std::nullopt;
      if (*letter == '\n') break;
      line += *letter;
    }
    return line;
  };
}

}  // namespace dunlin
