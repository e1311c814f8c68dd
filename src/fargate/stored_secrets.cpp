#include "fargate/stored_secrets.hpp"

#include "base/join_secrets.hpp"
#include "base/text.hpp"
#include "fargate/random.hpp"
#include "fargate/reply.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace dunlin::fargate {
namespace {

constexpr std::string_view kNoSuchThing = "ResourceNotFoundException";
constexpr std::string_view kThereAlready = "ResourceExistsException";

Error refused(const AwsCall& call, const AwsFault& fault, const std::string& id,
              std::string_view what) {
  Error error = aws_error(call, fault, fmt::format("secret {} cannot be {}", id, what));
  if (fault.code == "InvalidRequestException" && fault.message.contains("delet")) {
    error.message = fmt::format("secret {} is marked for deletion", id);
    error.hint = fmt::format("aws secretsmanager restore-secret --secret-id {}", id);
  }
  return error;
}

std::optional<std::chrono::system_clock::time_point> time(const JsonNode& node) {
  const std::string text = node.scalar();
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr double last = 253402300799.0;  // the year 9999
  if (error != std::errc{} || seconds <= 0 || seconds > last) return std::nullopt;
  return std::chrono::system_clock::time_point(
      std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

SecretState state_of(const AwsCall& call, const AwsReply& reply, const std::string& id) {
  if (reply.fault && reply.fault->code == kNoSuchThing) return {};
  if (reply.fault) {
    return {.kind = SecretState::Kind::unknown,
            .changed = {},
            .problem = refused(call, *reply.fault, id, "looked at").message};
  }
  const auto document = JsonDocument::parse(reply.body.reveal());
  const JsonNode root = document ? document->root() : JsonNode();
  const bool is_going = root["DeletedDate"].kind() == JsonKind::number;
  return {.kind = is_going ? SecretState::Kind::going : SecretState::Kind::present,
          .changed = time(root["LastChangedDate"]),
          .problem = {}};
}

/// {"SecretId":...,"SecretString":...,...}: what is put and how it is made once only.
Secret body_with(std::string_view name, const std::string& id, const Secret& value,
                 std::string_view more) {
  std::array<Secret, 3> pieces = {
      Secret(fmt::format(R"({{"{}":{},"ClientRequestToken":"{}"{},"SecretString":)", name,
                         json_quoted(id), random_uuid(), more)),
      json_quoted(value), Secret("}")};
  return joined(pieces);
}

}  // namespace

AwsCall StoredSecrets::call(const std::string& id, std::string_view operation, Secret body) const {
  const std::string_view own = region_of_arn(id);
  return {.service = kSecretsManager,
          .region = std::string(own.empty() ? region_ : own),
          .operation = std::string(operation),
          .body = std::move(body)};
}

Result<std::vector<SecretState>> StoredSecrets::look(std::span<const std::string> ids) {
  std::vector<AwsCall> calls;
  for (const std::string& id : ids) {
    calls.push_back(
        call(id, "DescribeSecret", Secret(fmt::format("{{\"SecretId\":{}}}", json_quoted(id)))));
  }
  auto replies = api_.call(calls);
  std::vector<SecretState> states;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!replies[i]) return std::move(replies[i]).error();
    states.push_back(state_of(calls[i], *replies[i], ids[i]));
  }
  return states;
}

Result<std::optional<Secret>> StoredSecrets::read(const std::string& id) {
  const AwsCall asked =
      call(id, "GetSecretValue", Secret(fmt::format("{{\"SecretId\":{}}}", json_quoted(id))));
  const AwsReply reply = DUNLIN_TRY(reply_to(api_, asked));
  if (reply.fault && reply.fault->code == kNoSuchThing) return std::optional<Secret>();
  if (reply.fault) return refused(asked, *reply.fault, id, "compared with what is there");
  const auto document = JsonDocument::parse(reply.body.reveal());
  const JsonNode text = document ? document->root()["SecretString"] : JsonNode();
  return std::optional(Secret(text.text()));
}

Result<bool> StoredSecrets::create(const std::string& id, const std::string& description,
                                   const Secret& value) {
  std::string more = fmt::format(",\"Description\":{}", json_quoted(description));
  if (!key_.empty()) more += fmt::format(",\"KmsKeyId\":{}", json_quoted(key_));
  const AwsCall asked = call(id, "CreateSecret", body_with("Name", id, value, more));
  const AwsReply reply = DUNLIN_TRY(reply_to(api_, asked));
  if (reply.fault && reply.fault->code == kThereAlready) return false;
  if (reply.fault) return refused(asked, *reply.fault, id, "stored");
  return true;
}

Result<void> StoredSecrets::renew(const std::string& id, const Secret& value) {
  const AwsCall asked = call(id, "PutSecretValue", body_with("SecretId", id, value, ""));
  const AwsReply reply = DUNLIN_TRY(reply_to(api_, asked));
  if (reply.fault) return refused(asked, *reply.fault, id, "stored");
  return {};
}

}  // namespace dunlin::fargate
