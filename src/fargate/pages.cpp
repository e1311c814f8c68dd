#include "fargate/pages.hpp"

#include "base/text.hpp"

namespace dunlin::fargate {

Result<void> each_page(const Context& context, const PagedQuestion& question,
                       const std::function<Go(const XmlNode& result)>& visit) {
  constexpr int kMostPages = 1000;
  std::string token;
  for (int page = 0; page < kMostPages; ++page) {
    QueryForm form;
    question.fill(form);
    if (!token.empty()) form.add(question.token, token);
    const auto document = DUNLIN_TRY(context.aws.ask_xml({.service = question.service,
                                                          .region = context.region,
                                                          .operation = question.operation,
                                                          .body = form.body()},
                                                         question.failing));
    const XmlNode result = document.root()[question.operation + "Result"];
    if (!result.exists()) {
      return Error{.code = ErrorCode::aws_failed,
                   .message = fmt::format("{}: the answer has no {}Result", question.failing,
                                          question.operation)};
    }
    if (visit(result) == Go::no_further) return {};
    token = result[question.token].text();
    if (token.empty()) return {};
  }
  return Error{.code = ErrorCode::aws_failed,
               .message = fmt::format("{}: the answer has more than {} pages", question.failing,
                                      kMostPages)};
}

}  // namespace dunlin::fargate
