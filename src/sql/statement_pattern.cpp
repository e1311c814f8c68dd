#include "sql/statement_pattern.hpp"

#include "base/text.hpp"

#include <regex.h>

#include <array>
#include <utility>

namespace dunlin::sql {

// POSIX's and not std::regex: that one recurses once per character and can exhaust the stack.
struct StatementPattern::Compiled {
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  Compiled(Compiled&&) = delete;
  Compiled& operator=(Compiled&&) = delete;
  ~Compiled() {
    if (error == 0) regfree(&regex);
  }
  regex_t regex{};
  int error = -1;  ///< of regcomp; 0: `regex` holds something
};

StatementPattern::StatementPattern(std::shared_ptr<const Compiled> compiled)
    : compiled_(std::move(compiled)) {}

Result<StatementPattern> StatementPattern::parse(std::string_view expression) {
  auto compiled = std::make_shared<Compiled>();
  const std::string text(expression);
  compiled->error = regcomp(&compiled->regex, text.c_str(), REG_EXTENDED | REG_ICASE | REG_NOSUB);
  if (compiled->error != 0) {
    std::array<char, 256> reason{};
    regerror(compiled->error, &compiled->regex, reason.data(), reason.size());
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("regular expression {} cannot be read: {}", expression,
                                        reason.data()),
                 .hint = "POSIX extended expressions are meant, such as ^call +archive"};
  }
  return StatementPattern(std::move(compiled));
}

bool StatementPattern::matches(const std::string& squeezed) const noexcept {
  return regexec(&compiled_->regex, squeezed.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace dunlin::sql
