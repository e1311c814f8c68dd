// GET MOUNT/data/PATH for each secret, all at once. Vault says little when it refuses: 403 for a
// bad token and for a missing policy alike, 404 for a missing secret and for an engine of another
// kind. So on the way to an error, and only there, the token and the mount are looked up.
#include "secrets/vault_store.hpp"

#include "aws/json.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace dunlin {
namespace {

Error unavailable(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::secret_unavailable,
          .message = std::move(message),
          .hint = std::move(hint)};
}

Error configuration(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

std::string_view without_slashes(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

/// Each part between slashes percent-encoded.
std::string encoded(std::string_view path) {
  std::vector<std::string> parts = split(path, '/');
  for (std::string& part : parts) part = percent_encode(part);
  return join(parts, "/");
}

bool is_path(std::string_view path) {
  const auto parts = split(path, '/');
  return !parts.empty() && std::ranges::none_of(parts, [](const std::string& part) {
    return part.empty() || part == "." || part == "..";
  });
}

Result<int> parse_version(const std::string& path, std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number > 0) return number;
  return configuration(fmt::format("secret {} is asked with version={}", path, text),
                       "versions are numbers from 1 on");
}

}  // namespace

Result<VaultId> parse_vault_id(std::string_view id) {
  const auto question = std::min(id.find('?'), id.size());
  VaultId result{.path = std::string(without_slashes(id.substr(0, question))), .mount = {}};
  if (!is_path(result.path)) {
    return configuration(fmt::format("secret {} is no path of Vault's", id),
                         "write it as app/db, without the mount and without data/");
  }
  for (const std::string& each : split(id.substr(std::min(question + 1, id.size())), '&')) {
    if (each.starts_with("version=")) {
      result.version = DUNLIN_TRY(parse_version(result.path, each.substr(8)));
    } else if (each.starts_with("mount=") && is_path(without_slashes(each.substr(6)))) {
      result.mount = without_slashes(std::string_view(each).substr(6));
    } else {
      return configuration(
          fmt::format("secret {} is asked with an unknown \"{}\"", result.path, each),
          "known are version= and mount=");
    }
  }
  return result;
}

/// A secret and how it is asked for.
struct VaultStore::Asked {
  VaultId id;
  std::string policy_path;  ///< as policies write it: "secret/data/app/db"
  std::string request;      ///< encoded, with its query
  [[nodiscard]] std::string shown() const {
    return id.version == 0 ? id.path : fmt::format("{} (version {})", id.path, id.version);
  }
};

VaultStore::Asked VaultStore::asked(VaultId id) const {
  if (id.mount.empty()) id.mount = without_slashes(client_.options().mount);
  Asked asked{.id = std::move(id), .policy_path = {}, .request = {}};
  asked.policy_path = fmt::format("{}/data/{}", asked.id.mount, asked.id.path);
  asked.request = encoded(asked.policy_path);
  if (asked.id.version > 0) asked.request += fmt::format("?version={}", asked.id.version);
  return asked;
}

/// As the client, but with a new login if a token that came by one is refused: it may have run out
/// since the last fetch.
std::vector<Result<HttpResponse>> VaultStore::read(std::span<const std::string> paths) {
  auto answers = client_.get(paths);
  const auto is_refused = [](const Result<HttpResponse>& answer) {
    return answer && answer->status == 403;
  };
  if (std::ranges::none_of(answers, is_refused)) return answers;
  const std::string self = "auth/token/lookup-self";
  auto look = client_.get(std::span(&self, 1));
  if (is_refused(look[0]) && client_.forget_login()) return client_.get(paths);
  return answers;
}

Error VaultStore::denied(const Asked& asked) {
  const std::string self = "auth/token/lookup-self";
  const auto look = std::move(client_.get(std::span(&self, 1))[0]);
  const std::string who = client_.token_name();
  if (!look || look->status != 200) {
    return unavailable(
        fmt::format("secret {} may not be read: Vault does not know {}, or that has expired",
                    asked.shown(), who),
        "get a new token; is it one of this Vault and this namespace?");
  }
  const auto document = JsonDocument::parse(look->body.reveal());
  const std::string& space = client_.options().space;
  const std::string where = space.empty() ? "" : fmt::format(" in the namespace {}", space);
  std::vector<std::string> policies;
  if (document) {
    for (const JsonNode each : document->root()["data"]["policies"].items())
      policies.emplace_back(each.text());
  }
  return unavailable(
      fmt::format("secret {} may not be read: {} lacks read on {}{}", asked.shown(), who,
                  asked.policy_path, where),
      fmt::format(R"(its policies are {}: add path "{}" {{ capabilities = ["read"] }} to one)",
                  join(policies, ", "), asked.policy_path));
}

/// What is wrong with the mount, if anything is; else the message.
Error VaultStore::without_mount(const Asked& asked, std::string message, std::string hint) {
  const std::string path = "sys/internal/ui/mounts/" + encoded(asked.id.mount);
  const auto answer = std::move(client_.get(std::span(&path, 1))[0]);
  if (!answer || answer->status != 200) return unavailable(std::move(message), std::move(hint));
  const auto document = JsonDocument::parse(answer->body.reveal());
  const JsonNode data = document ? document->root()["data"] : JsonNode();
  const std::string_view type = data["type"].text();
  const std::string other = "name another mount by secrets.vault.mount";
  if (type != "kv" && type != "generic" && !type.empty()) {
    return unavailable(fmt::format("secret {} cannot be read: the mount {} holds {}, not kv",
                                   asked.shown(), asked.id.mount, type),
                       other);
  }
  if (!type.empty() && data["options"]["version"].text() != "2") {
    return unavailable(
        fmt::format("secret {} cannot be read: the mount {} is KV version 1, and dunlin reads "
                    "version 2",
                    asked.shown(), asked.id.mount),
        fmt::format("vault kv enable-versioning {}, or {}", asked.id.mount, other));
  }
  return unavailable(std::move(message), std::move(hint));
}

Error VaultStore::not_found(const Asked& asked, const HttpResponse& answer) {
  const auto document = JsonDocument::parse(answer.body.reveal());
  const JsonNode metadata = document ? document->root()["data"]["metadata"] : JsonNode();
  if (metadata["destroyed"].scalar() == "true") {
    return unavailable(fmt::format("secret {} is destroyed for good", asked.shown()),
                       "write it anew with vault kv put, or name another version");
  }
  if (metadata.kind() == JsonKind::object) {
    const std::string version = metadata["version"].scalar();
    return unavailable(
        fmt::format("secret {} is deleted since {}", asked.shown(),
                    metadata["deletion_time"].text()),
        fmt::format("vault kv undelete -mount={} -versions={} {}, or name another version",
                    asked.id.mount, version, asked.id.path));
  }
  const std::string words = vault_words(answer);
  if (words.contains("no handler for route")) {
    return unavailable(fmt::format("secret {} cannot be read: there is no mount {}", asked.shown(),
                                   asked.id.mount),
                       "secrets.vault.mount names it, and VAULT_NAMESPACE where it is");
  }
  if (words.contains("namespace not found")) {
    return unavailable(fmt::format("secret {} cannot be read: there is no namespace {}",
                                   asked.shown(), client_.options().space),
                       "check VAULT_NAMESPACE");
  }
  if (!words.empty()) {
    return without_mount(asked, fmt::format("secret {} cannot be read: {}", asked.shown(), words),
                         "");
  }
  std::string hint = fmt::format("see vault kv list -mount={}", asked.id.mount);
  for (const std::string& start : {asked.id.mount + "/", std::string("data/")}) {
    if (asked.id.path.starts_with(start)) {
      hint = fmt::format("leave out {} before it: paths start below the mount {}", start,
                         asked.id.mount);
    }
  }
  return without_mount(
      asked, fmt::format("secret {} does not exist in the mount {}", asked.shown(), asked.id.mount),
      hint);
}

Result<Secret> VaultStore::value_of(const Asked& asked, Result<HttpResponse> answer) {
  if (!answer) {
    Error error = std::move(answer).error();
    if (error.code == ErrorCode::secret_unavailable)
      error.message = fmt::format("secret {} cannot be fetched: {}", asked.shown(), error.message);
    return error;
  }
  if (answer->status == 403) return denied(asked);
  if (answer->status == 404) return not_found(asked, *answer);
  const std::string& address = client_.options().address;
  if (answer->status != 200) {
    const std::string words = vault_words(*answer);
    return unavailable(
        fmt::format("secret {} cannot be fetched: Vault at {} answers {}{}{}", asked.shown(),
                    address, answer->status, words.empty() ? "" : ": ", words),
        words.contains("HTTPS server") ? "write https:// in VAULT_ADDR" : "");
  }
  const auto document = JsonDocument::parse(answer->body.reveal());
  const JsonNode data = document ? document->root()["data"] : JsonNode();
  if (data["data"].kind() != JsonKind::object) {
    return unavailable(fmt::format("secret {} cannot be fetched: what {} answers is not of the KV "
                                   "engine, version 2",
                                   asked.shown(), address),
                       "check VAULT_ADDR and secrets.vault.mount");
  }
  return json_text(data["data"]);
}

std::vector<Result<Secret>> VaultStore::fetch(std::span<const std::string> ids) {
  std::vector<Result<Asked>> wanted;
  std::vector<std::string> paths;
  for (const std::string& each : ids) {
    auto id = parse_vault_id(each);
    if (!id) {
      wanted.emplace_back(std::move(id).error());
      continue;
    }
    wanted.emplace_back(asked(*std::move(id)));
    paths.push_back(wanted.back()->request);
  }
  auto answers = read(paths);
  std::vector<Result<Secret>> results;
  std::size_t next = 0;
  for (const auto& each : wanted) {
    if (each) {
      results.push_back(value_of(*each, std::move(answers[next++])));
    } else {
      results.emplace_back(each.error());
    }
  }
  return results;
}

Secret VaultStore::whole(const Secret& fetched) const {
  const auto document = JsonDocument::parse(fetched.reveal());
  const auto keys = document ? document->root().keys() : std::vector<std::string>();
  if (keys.size() != 1) return fetched.duplicate();
  const JsonNode only = document->root()[keys.front()];
  return only.kind() == JsonKind::string ? Secret(only.text()) : json_text(only);
}

}  // namespace dunlin
