#include "ssh/lines.hpp"

#include "base/text.hpp"

#include <fstream>
#include <iterator>

namespace dunlin::ssh {

Result<std::string> lines_of(const std::string& value, std::string_view what,
                             std::string_view where) {
  const auto text = trim(value);
  if (text.empty() || text.find_first_of(" \t\n") != std::string_view::npos) return value;
  std::ifstream file{std::string(text)};
  if (!file) {
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("cannot read the file of {} {}", what, text),
        .hint = fmt::format("set {} to a path that exists, or to the lines themselves", where)};
  }
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace dunlin::ssh
