#include "fargate/log_stream.hpp"

#include "base/text.hpp"
#include "fargate/reply.hpp"

#include <utility>

namespace dunlin::fargate {
namespace {

constexpr int kMostEmptyPages = 100;  // in a row; then the rest is left for the next look
constexpr std::string_view kNoSuchThing = "ResourceNotFoundException";

AwsCall call_for(std::string_view region, std::string_view operation, std::string_view body) {
  return {.service = kLogs,
          .region = std::string(region),
          .operation = std::string(operation),
          .body = Secret(body)};
}

Result<std::vector<std::string>> streams(AwsApi& api, const LogPlace& place,
                                         std::string_view filter) {
  const auto call =
      call_for(place.region, "DescribeLogStreams",
               fmt::format("{{\"logGroupName\":{},{}}}", json_quoted(place.group), filter));
  const std::string failing = fmt::format("log group {} cannot be read", place.group);
  const auto reply = DUNLIN_TRY(reply_to(api, call));
  if (reply.fault && reply.fault->code == kNoSuchThing) {
    return Error{
        .code = ErrorCode::aws_failed,
        .message = fmt::format("log group {} does not exist in {}", place.group, place.region),
        .hint = "dunlin fargate deploy makes it; dunlin fargate status shows what is there"};
  }
  if (reply.fault) return aws_error(call, *reply.fault, failing);
  std::vector<std::string> names;
  if (const auto document = JsonDocument::parse(reply.body.reveal())) {
    for (const JsonNode& each : document->root()["logStreams"].items()) {
      names.emplace_back(each["logStreamName"].text());
    }
  }
  return names;
}

}  // namespace

Result<std::optional<JsonDocument>> LogStream::page() {
  const std::string from =
      token_.empty() ? "" : fmt::format(",\"nextToken\":{}", json_quoted(token_));
  const auto call =
      call_for(region_, "GetLogEvents",
               fmt::format(R"({{"logGroupName":{},"logStreamName":{},"startFromHead":true{}}})",
                           json_quoted(group_), json_quoted(stream_), from));
  const std::string failing = fmt::format("log {} of {} cannot be read", stream_, group_);
  const auto reply = DUNLIN_TRY(reply_to(api_, call));
  if (reply.fault && reply.fault->code == kNoSuchThing) return std::nullopt;
  if (reply.fault) {
    Error error = aws_error(call, *reply.fault, failing);
    error.cause = reply.fault->code;
    return error;
  }
  auto document = JsonDocument::parse(reply.body.reveal());
  if (document && document->root()["events"].kind() == JsonKind::array) {
    return document;
  }
  return Error{.code = ErrorCode::aws_failed,
               .message = fmt::format("{}: the answer has no events", failing)};
}

Result<std::size_t> LogStream::read(const TakeLine& take) {
  std::size_t count = 0;
  for (int empty = 0; empty < kMostEmptyPages;) {
    const auto answer = DUNLIN_TRY(page());
    exists_ = answer.has_value();
    if (!answer) return count;
    for (const JsonNode& event : answer->root()["events"].items()) {
      take(event["message"].text());
      ++count;
    }
    empty = answer->root()["events"].items().empty() ? empty + 1 : 0;
    const std::string next(answer->root()["nextForwardToken"].text());
    if (next.empty() || std::exchange(token_, next) == next) break;
  }
  return count;
}

Result<std::optional<std::string>> newest_stream(AwsApi& api, const LogPlace& place) {
  const auto names =
      DUNLIN_TRY(streams(api, place, R"("orderBy":"LastEventTime","descending":true,"limit":1)"));
  return names.empty() ? std::nullopt : std::optional(names.front());
}

Result<std::vector<std::string>> streams_like(AwsApi& api, const LogPlace& place,
                                              std::string_view beginning) {
  return streams(api, place,
                 fmt::format(R"("logStreamNamePrefix":{},"limit":2)", json_quoted(beginning)));
}

}  // namespace dunlin::fargate
