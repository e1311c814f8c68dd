#include "migration/script_config.hpp"

#include "base/text.hpp"

#include <utility>

namespace dunlin {
namespace {

Error wrong(std::string message, std::string hint) {
  return Error{
      .code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

Result<bool> boolean(std::string_view key, std::string_view value) {
  if (equals_ignoring_case(value, "true")) return true;
  if (equals_ignoring_case(value, "false")) return false;
  return wrong(fmt::format("Invalid value for {} (should be either true or false): {}", key, value),
               fmt::format("write {}=true or {}=false", key, key));
}

Result<void> set(ScriptConfig& config, std::string_view key, std::string_view value) {
  if (key == "executeInTransaction") {
    config.execute_in_transaction = DUNLIN_TRY(boolean(key, value));
  } else if (key == "encoding") {
    config.encoding = value;
  } else if (key == "placeholderReplacement") {
    config.placeholder_replacement = DUNLIN_TRY(boolean(key, value));
  } else if (key == "shouldExecute") {
    config.should_execute = value;
  } else {
    return wrong(fmt::format("Unknown configuration property: {}", key),
                 "a script's .conf file may hold executeInTransaction, encoding, "
                 "placeholderReplacement and shouldExecute");
  }
  return {};
}

/// A reader of expressions: or := and {"||" and}; and := term {"&&" term}; term := "(" or ")" |
/// side [("==" | "!=") side]. Depth is bounded, so that brackets alone cannot exhaust the stack.
class Expression {
 public:
  explicit Expression(std::string_view text) : text_(text), rest_(text) {}

  Result<bool> value() {
    const bool result = DUNLIN_TRY(disjunction(0));
    if (!trim(rest_).empty()) return malformed();
    return result;
  }

 private:
  static constexpr int kDeepest = 100;

  Result<bool> disjunction(int depth) {
    bool result = DUNLIN_TRY(conjunction(depth));
    while (take("||")) {
      const bool next = DUNLIN_TRY(conjunction(depth));
      result = result || next;
    }
    return result;
  }

  Result<bool> conjunction(int depth) {
    bool result = DUNLIN_TRY(term(depth));
    while (take("&&")) {
      const bool next = DUNLIN_TRY(term(depth));
      result = result && next;
    }
    return result;
  }

  Result<bool> term(int depth) {
    if (take("(")) {
      if (depth == kDeepest) return malformed();
      const bool inner = DUNLIN_TRY(disjunction(depth + 1));
      if (!take(")")) return malformed();
      return inner;
    }
    const std::string_view left = side();
    if (take("==")) return left == side();
    if (take("!=")) return left != side();
    if (equals_ignoring_case(left, "true")) return true;
    if (equals_ignoring_case(left, "false")) return false;
    return malformed();
  }

  /// Up to the next operator or bracket.
  std::string_view side() {
    std::size_t at = 0;
    const auto is_operator = [](std::string_view text) {
      return text.starts_with("==") || text.starts_with("!=") || text.starts_with("&&") ||
             text.starts_with("||") || text.starts_with('(') || text.starts_with(')');
    };
    while (at < rest_.size() && !is_operator(rest_.substr(at))) ++at;
    const std::string_view found = trim(rest_.substr(0, at));
    rest_.remove_prefix(at);
    const bool quoted = found.size() >= 2 && found.front() == found.back() &&
                        (found.front() == '"' || found.front() == '\'');
    return quoted ? found.substr(1, found.size() - 2) : found;
  }

  bool take(std::string_view token) {
    const std::string_view trimmed = trim(rest_);
    if (!trimmed.starts_with(token)) return false;
    rest_ = trimmed.substr(token.size());
    return true;
  }

  [[nodiscard]] Error malformed() const {
    return wrong(fmt::format("shouldExecute is neither true nor false: {}", text_),
                 "write true, false, A==B or A!=B, joined by && and ||");
  }

  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

Result<ScriptConfig> parse_script_config(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  ScriptConfig config;
  while (!text.empty()) {
    const auto end = text.find_first_of("\r\n");
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#') || line.starts_with('!')) continue;
    // an expression holds "==" itself: the first sign ends the key
    const auto equals = line.find('=');
    const bool has_value = equals != std::string_view::npos;
    const auto value = has_value ? trim(line.substr(equals + 1)) : std::string_view{};
    DUNLIN_TRY(set(config, trim(line.substr(0, equals)), value));
  }
  return config;
}

Result<bool> should_execute(std::string_view expression) { return Expression(expression).value(); }

}  // namespace dunlin
