#include "fargate/task.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace dunlin::fargate {
namespace {

template <class Number>
std::optional<Number> number(const JsonNode& node) {
  const std::string text = node.scalar();
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

/// Seconds since 1970 with a fraction, as JSON 1.1 of AWS writes times.
Task::Time time(const JsonNode& node) {
  constexpr double last = 253402300799.0;  // the year 9999
  const auto seconds = number<double>(node);
  if (!seconds || *seconds < 0 || *seconds > last) return std::nullopt;
  return std::chrono::system_clock::time_point(
      std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000)));
}

Container read_container(const JsonNode& node) {
  return {.name = std::string(node["name"].text()),
          .reason = std::string(node["reason"].text()),
          .exit_code = number<int>(node["exitCode"])};
}

std::string subnet_of(const JsonNode& task) {
  for (const JsonNode& attachment : task["attachments"].items()) {
    for (const JsonNode& detail : attachment["details"].items()) {
      if (detail["name"].text() == "subnetId") return std::string(detail["value"].text());
    }
  }
  return {};
}

std::vector<std::string> command_of(const JsonNode& task) {
  std::vector<std::string> words;
  for (const JsonNode& override : task["overrides"]["containerOverrides"].items()) {
    for (const JsonNode& word : override["command"].items()) words.emplace_back(word.text());
  }
  return words;
}

}  // namespace

std::string_view last_part(std::string_view arn) noexcept {
  return arn.substr(arn.rfind('/') + 1);  // npos + 1 is 0: all of it
}

std::string_view Task::id() const noexcept { return last_part(arn); }

const Container* Task::container(std::string_view name) const noexcept {
  const auto found = std::ranges::find(containers, name, &Container::name);
  if (found != containers.end()) return &*found;
  return containers.size() == 1 ? &containers.front() : nullptr;
}

Result<Task> read_task(const JsonNode& node) {
  Task task{.arn = std::string(node["taskArn"].text()),
            .definition = std::string(node["taskDefinitionArn"].text()),
            .status = std::string(node["lastStatus"].text()),
            .stop_code = std::string(node["stopCode"].text()),
            .stopped_reason = std::string(node["stoppedReason"].text()),
            .subnet = subnet_of(node),
            .command = command_of(node),
            .created = time(node["createdAt"]),
            .started = time(node["startedAt"]),
            .stopped = time(node["stoppedAt"]),
            .containers = {}};
  for (const auto& [name, value] :
       {std::pair{"taskArn", &task.arn}, std::pair{"lastStatus", &task.status}}) {
    if (!value->empty()) continue;
    return Error{.code = ErrorCode::aws_failed,
                 .message = fmt::format("ECS described a task without {}", name)};
  }
  for (const JsonNode& each : node["containers"].items()) {
    task.containers.push_back(read_container(each));
  }
  return task;
}

}  // namespace dunlin::fargate
