#include "fargate/logs.hpp"

#include "base/text.hpp"
#include "fargate/ecs.hpp"
#include "fargate/log_stream.hpp"

#include <optional>

namespace dunlin::fargate {
namespace {

Error no_log(std::string message) {
  return {.code = ErrorCode::configuration,
          .message = std::move(message),
          .hint = "dunlin fargate status shows the tasks; a log begins when its container starts"};
}

/// The whole name of the stream that is meant.
Result<std::string> find_stream(AwsApi& api, const LogPlace& place, const Definition& definition,
                                const std::string& task) {
  if (task.empty()) {
    const auto newest = DUNLIN_TRY(newest_stream(api, place));
    if (newest) return *newest;
    return no_log(fmt::format("log group {} holds no log", place.group));
  }
  const std::string beginning = definition.stream_of(last_part(task));
  const auto found = DUNLIN_TRY(streams_like(api, place, beginning));
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    return no_log(fmt::format("log group {} has no stream {}", place.group, beginning));
  }
  return no_log(fmt::format("log group {} has several streams that begin with {}: {}", place.group,
                            beginning, join(found, ", ")));
}

}  // namespace

Result<int> print_log(const Names& names, const std::string& task, Follow follow,
                      const Context& context, Pace pace) {
  Ecs ecs(context.aws, context.region, names.cluster);
  const Definition definition = DUNLIN_TRY(ecs.definition(names.task));
  if (definition.log_group.empty()) {
    return no_log(fmt::format("{} does not log to CloudWatch", definition.revision()));
  }
  const LogPlace where{.region = definition.log_region, .group = definition.log_group};
  const std::string stream = DUNLIN_TRY(find_stream(context.aws, where, definition, task));
  const std::string id(last_part(stream));
  LogStream log(context.aws, where.region, where.group, stream);
  if (follow == Follow::yes) {
    auto known = DUNLIN_TRY(ecs.describe({&id, 1}));
    if (!known.empty() && !known.front().is_stopped()) {
      Follower follower(ecs, &log, context.clock, context.output, std::move(known.front()), pace);
      DUNLIN_TRY(follower.until_stopped(context.interrupt));
      return 0;
    }
  }
  DUNLIN_TRY(log.read([&](std::string_view line) { context.output.line(line); }));
  return 0;
}

}  // namespace dunlin::fargate
