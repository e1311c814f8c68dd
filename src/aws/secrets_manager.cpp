#include "aws/secrets_manager.hpp"

#include "aws/json.hpp"
#include "base/text.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <vector>

namespace dunlin {
namespace {

Error unavailable(std::string message, std::string hint = {}) {
  return Error{.code = ErrorCode::secret_unavailable,
               .message = std::move(message),
               .hint = std::move(hint)};
}

AwsCall call_for(const SecretId& id, std::string_view usual_region) {
  const std::string_view own = region_of_arn(id.name);
  std::string body = fmt::format("{{\"SecretId\":{}", json_quoted(id.name));
  if (!id.stage.empty()) body += fmt::format(",\"VersionStage\":{}", json_quoted(id.stage));
  if (!id.version.empty()) body += fmt::format(",\"VersionId\":{}", json_quoted(id.version));
  return {.service = kSecretsManager,
          .region = std::string(own.empty() ? usual_region : own),
          .operation = "GetSecretValue",
          .body = Secret(body + "}")};
}

Error denied(const SecretId& id, const AwsFault& fault) {
  if (fault.message.contains("KMS")) {
    return unavailable(fmt::format("secret {} cannot be read: {}", id.name, fault.message),
                       "allow kms:Decrypt on the secret's key to the role that runs this");
  }
  AccessDenied what = parse_access_denied(fault.message);
  if (what.action.empty()) what.action = "secretsmanager:GetSecretValue";
  if (what.resource.empty()) what.resource = id.name;
  const std::string who = what.principal.empty() ? "the role of these credentials" : what.principal;
  return unavailable(
      fmt::format("secret {} may not be read: {} lacks {} on {}", id.name, who, what.action,
                  what.resource),
      fmt::format("allow {} on {} to that role (on ECS the task role, not the execution role)",
                  what.action, what.resource));
}

Error failed(const SecretId& id, const AwsFault& fault, std::string_view region) {
  if (fault.code == "ResourceNotFoundException" && (!id.stage.empty() || !id.version.empty())) {
    return unavailable(fmt::format("secret {} has no such version in {}: {}", id.name, region,
                                   id.stage.empty() ? id.version : id.stage));
  }
  if (fault.code == "ResourceNotFoundException") {
    // "arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-AbCdEf" and more: task definitions of ECS
    const bool is_of_ecs = id.name.starts_with("arn:") && std::ranges::count(id.name, ':') > 6;
    if (is_of_ecs) {
      return unavailable(fmt::format("secret {} does not exist in {}", id.name, region),
                         "in task definitions :KEY:: follows the ARN; write ${secret:ARN#KEY}");
    }
    return unavailable(fmt::format("secret {} does not exist in {}", id.name, region),
                       "check its name and the region; a secret of another account is named by its "
                       "full ARN");
  }
  if (fault.code.starts_with("AccessDenied")) return denied(id, fault);
  if (fault.code == "InvalidRequestException" && fault.message.contains("delet")) {
    return unavailable(fmt::format("secret {} is marked for deletion", id.name),
                       "restore it with aws secretsmanager restore-secret, or name another");
  }
  if (fault.code == "DecryptionFailure") {
    return unavailable(fmt::format("secret {} cannot be decrypted: {}", id.name, fault.message),
                       "check that the secret's KMS key exists, is enabled and allows kms:Decrypt");
  }
  return unavailable(
      fmt::format("secret {} cannot be fetched: {} ({})", id.name, fault.message, fault.code));
}

Result<Secret> decoded(std::string_view base64, const std::string& name) {
  std::vector<unsigned char> bytes(base64.size());
  const int size =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(base64.data()),
                      static_cast<int>(base64.size()));
  if (size < 0) return unavailable(fmt::format("secret {} holds invalid base64", name));
  const auto padding = static_cast<std::size_t>(std::ranges::count(base64, '='));
  Secret result(std::string_view(reinterpret_cast<const char*>(bytes.data()),
                                 static_cast<std::size_t>(size) - padding));
  explicit_bzero(bytes.data(), bytes.size());
  return result;
}

Result<Secret> text_of(const SecretId& id, const Secret& answer) {
  const auto document = JsonDocument::parse(answer.reveal());
  const JsonNode root = document ? document->root() : JsonNode();
  if (const JsonNode text = root["SecretString"]; text.kind() == JsonKind::string) {
    return Secret(text.text());
  }
  const JsonNode binary = root["SecretBinary"];
  if (binary.kind() != JsonKind::string) {
    return unavailable(fmt::format("secret {} came without a value", id.name));
  }
  if (id.form == SecretId::Form::bytes) return decoded(binary.text(), id.name);
  return unavailable(fmt::format("secret {} is binary, and text is wanted", id.name),
                     fmt::format("store it as a string, or ask for its bytes: {}?binary", id.name));
}

}  // namespace

Result<SecretId> parse_secret_id(std::string_view id) {
  const auto question = std::min(id.find('?'), id.size());
  SecretId result{.name = std::string(id.substr(0, question)), .stage = {}, .version = {}};
  for (const std::string& each : split(id.substr(std::min(question + 1, id.size())), '&')) {
    if (each.starts_with("stage=")) {
      result.stage = each.substr(6);
    } else if (each.starts_with("version=")) {
      result.version = each.substr(8);
    } else if (each == "binary") {
      result.form = SecretId::Form::bytes;
    } else {
      return Error{
          .code = ErrorCode::configuration,
          .message = fmt::format("secret {} is asked with an unknown \"{}\"", result.name, each),
          .hint = "known are stage=, version= and binary"};
    }
  }
  return result;
}

SecretsManager::SecretsManager(AwsApi& api, std::string region)
    : api_(api), region_(std::move(region)) {}

std::vector<Result<Secret>> SecretsManager::fetch(std::span<const std::string> ids) {
  std::vector<Result<SecretId>> parsed;
  std::vector<AwsCall> calls;
  for (const std::string& each : ids) {
    parsed.push_back(parse_secret_id(each));
    if (parsed.back()) calls.push_back(call_for(*parsed.back(), region_));
  }
  auto replies = api_.call(calls);

  std::vector<Result<Secret>> results;
  std::size_t next = 0;
  for (const auto& id : parsed) {
    if (!id) {
      results.emplace_back(id.error());
      continue;
    }
    auto& reply = replies[next];
    const std::string& region = calls[next++].region;
    if (!reply) {
      Error error = std::move(reply).error();
      if (error.code == ErrorCode::aws_failed) {
        error.code = ErrorCode::secret_unavailable;
        error.message = fmt::format("secret {} cannot be fetched: {}", id->name, error.message);
      }
      results.emplace_back(std::move(error));
    } else if (reply->fault) {
      results.emplace_back(failed(*id, *reply->fault, region));
    } else {
      results.push_back(text_of(*id, reply->body));
    }
  }
  return results;
}

}  // namespace dunlin
