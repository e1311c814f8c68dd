#include "aws/api.hpp"
#include "base/text.hpp"

namespace dunlin {
namespace {

/// The word after `before`, without punctuation at its end; empty when it is not there.
std::string word_after(std::string_view text, std::string_view before) {
  const auto found = text.find(before);
  if (found == std::string_view::npos) return {};
  const std::string_view rest = text.substr(found + before.size());
  std::string_view word = rest.substr(0, rest.find(' '));
  while (word.ends_with('.') || word.ends_with(',')) word.remove_suffix(1);
  return std::string(word);
}

}  // namespace

Error aws_error(const AwsCall& call, const AwsFault& fault, std::string_view failing) {
  if (!is_access_denied(fault)) {
    const std::string words = fault.message.empty() ? "" : fault.message + " ";
    return Error{.code = ErrorCode::aws_failed,
                 .message = fmt::format("{}: {}({})", failing, words, fault.code)};
  }
  AccessDenied what = parse_access_denied(fault.message);
  if (what.action.empty()) what.action = fmt::format("{}:{}", call.service.name, call.operation);
  const std::string who =
      what.principal.empty() ? "these credentials lack" : what.principal + " lacks";
  const std::string on = what.resource.empty() ? "" : " on " + what.resource;
  return Error{.code = ErrorCode::aws_failed,
               .message = fmt::format("{}: {} {}{}", failing, who, what.action, on),
               .hint = fmt::format("allow {}{} to that role or user", what.action, on)};
}

bool is_access_denied(const AwsFault& fault) noexcept {
  return fault.code.starts_with("AccessDenied") || fault.code == "UnauthorizedOperation";
}

AccessDenied parse_access_denied(std::string_view message) {
  // "User: ARN is not authorized to perform: ACTION on resource: ARN because no identity-based ..."
  return {.principal = word_after(message, "User: "),
          .action = word_after(message, "perform: "),
          .resource = word_after(message, "on resource: ")};
}

}  // namespace dunlin
