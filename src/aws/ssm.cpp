#include "aws/ssm.hpp"

#include "aws/json.hpp"
#include "base/text.hpp"

#include <charconv>
#include <map>
#include <set>
#include <vector>

namespace dunlin {
namespace {

constexpr std::size_t kNamesACall = 10;

Error unavailable(std::string message, std::string hint = {}) {
  return Error{.code = ErrorCode::secret_unavailable,
               .message = std::move(message),
               .hint = std::move(hint)};
}

/// Some of the names, all of one region.
struct Batch {
  AwsCall call;
  std::vector<std::string> names;
};

std::vector<Batch> batches(std::span<const std::string> names, const std::string& usual_region) {
  std::map<std::string, std::set<std::string>> by_region;  // AWS refuses a name given twice
  for (const std::string& name : names) {
    const std::string_view own = region_of_arn(name);
    by_region[own.empty() ? usual_region : std::string(own)].insert(name);
  }
  std::vector<Batch> result;
  for (const auto& [region, those] : by_region) {
    for (const std::string& name : those) {
      const bool full = result.empty() || result.back().call.region != region ||
                        result.back().names.size() == kNamesACall;
      if (full) {
        result.push_back(
            {.call = {.service = kSsm, .region = region, .operation = "GetParameters", .body = {}},
             .names = {}});
      }
      result.back().names.push_back(name);
    }
  }
  for (Batch& batch : result) {
    std::vector<std::string> quoted;
    quoted.reserve(batch.names.size());
    for (const std::string& name : batch.names) quoted.push_back(json_quoted(name));
    batch.call.body =
        Secret(fmt::format(R"({{"Names":[{}],"WithDecryption":true}})", join(quoted, ",")));
  }
  return result;
}

Error failed(const std::string& name, const AwsFault& fault) {
  if (!fault.code.starts_with("AccessDenied")) {
    return unavailable(
        fmt::format("parameter {} cannot be fetched: {} ({})", name, fault.message, fault.code));
  }
  AccessDenied what = parse_access_denied(fault.message);
  if (what.action.empty()) what.action = "ssm:GetParameters";
  if (what.resource.empty()) what.resource = name;
  const std::string who = what.principal.empty() ? "the role of these credentials" : what.principal;
  return unavailable(
      fmt::format("parameter {} may not be read: {} lacks {} on {}", name, who, what.action,
                  what.resource),
      fmt::format("allow {} on {} to that role (on ECS the task role, not the execution role)",
                  what.action, what.resource));
}

/// 0 for what is absent.
long version_of(JsonNode parameter) {
  const std::string text = parameter["Version"].scalar();
  long version = parameter.kind() == JsonKind::absent ? 0 : 1;
  std::from_chars(text.data(), text.data() + text.size(), version);
  return version;
}

bool is_named(JsonNode parameter, const std::string& name) {
  return parameter["Name"].text() == name || parameter["ARN"].text() == name;
}

/// The parameter that `name` asks for: by name or ARN, with a version or label behind a colon. AWS
/// repeats that as Selector; the version is compared too, for servers that leave it out.
JsonNode find(JsonNode parameters, const std::string& name) {
  const auto colon = name.rfind(':');
  const std::string before = name.substr(0, colon);
  const std::string selector = colon == std::string::npos ? "" : name.substr(colon);
  JsonNode chosen;
  for (const JsonNode each : parameters.items()) {
    const bool selected =
        is_named(each, before) && !selector.empty() &&
        (each["Selector"].text() == selector || ":" + each["Version"].scalar() == selector);
    if (selected) return each;
    const bool latest = is_named(each, name) && each["Selector"].text().empty() &&
                        version_of(each) > version_of(chosen);
    if (latest) chosen = each;
  }
  return chosen;
}

Result<Secret> value_of(const std::string& name, const Result<AwsReply>& reply,
                        const std::string& region) {
  if (!reply) {
    Error error = reply.error();
    if (error.code == ErrorCode::aws_failed) {
      error.code = ErrorCode::secret_unavailable;
      error.message = fmt::format("parameter {} cannot be fetched: {}", name, error.message);
    }
    return error;
  }
  if (reply->fault) return failed(name, *reply->fault);
  const auto document = JsonDocument::parse(reply->body.reveal());
  const JsonNode found = document ? find(document->root()["Parameters"], name) : JsonNode();
  if (found.kind() != JsonKind::absent) return Secret(found["Value"].text());
  return unavailable(fmt::format("parameter {} does not exist in {}", name, region),
                     "check its name (with the leading slash), its version and the region");
}

}  // namespace

ParameterStore::ParameterStore(AwsApi& api, std::string region)
    : api_(api), region_(std::move(region)) {}

std::vector<Result<Secret>> ParameterStore::fetch(std::span<const std::string> names) {
  std::vector<Batch> asked = batches(names, region_);
  std::vector<AwsCall> calls;
  calls.reserve(asked.size());
  for (Batch& batch : asked) calls.push_back(std::move(batch.call));
  const auto replies = api_.call(calls);

  std::map<std::string, std::size_t> batch_of;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    for (const std::string& name : asked[i].names) batch_of[name] = i;
  }
  std::vector<Result<Secret>> values;
  for (const std::string& name : names) {
    const std::size_t i = batch_of[name];
    values.push_back(value_of(name, replies[i], calls[i].region));
  }
  return values;
}

}  // namespace dunlin
