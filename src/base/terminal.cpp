#include "base/terminal.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>

namespace dunlin {
namespace {

constexpr std::size_t kLongestLine = 1000;

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

}  // namespace

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
