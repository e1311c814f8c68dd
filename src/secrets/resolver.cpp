#include "secrets/resolver.hpp"

#include "aws/secret_file.hpp"
#include "base/join_secrets.hpp"
#include "base/text.hpp"
#include "secrets/field.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace dunlin {
namespace {

Error configuration(std::string message, std::string hint = {}) {
  return Error{
      .code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

/// Without the line break that editors and `echo` put at the end.
Result<Secret> read_file(const std::string& path) {
  auto text = read_secret_file(path);
  if (!text) {
    return configuration(fmt::format("the file of the reference ${{file:{}}} cannot be read: {}",
                                     path, text.error().message));
  }
  std::string_view kept = text->reveal();
  if (kept.ends_with('\n')) kept.remove_suffix(1);
  if (kept.ends_with('\r')) kept.remove_suffix(1);
  return Secret(kept);
}

Result<Secret> read_variable(const Environment& environment, const std::string& name) {
  if (const auto value = environment.find(name)) return Secret(*value);
  return configuration(
      fmt::format("the variable of the reference ${{env:{}}} is not set or empty", name),
      fmt::format("set {} in the environment (on ECS in the task definition)", name));
}

/// What an RDS secret holds besides its password: known to everyone who reads the log.
bool is_secret_field(std::string_view key) {
  constexpr std::array<std::string_view, 7> kPlain = {
      "username",           "host", "port", "dbname", "engine", "dbInstanceIdentifier",
      "dbClusterIdentifier"};
  return std::ranges::find(kPlain, key) == kPlain.end();
}

/// Hiding every value of the environment would hide "prod" and the host's name in the whole log.
bool is_secret_variable(std::string_view name) {
  constexpr std::array<std::string_view, 7> kSigns = {"PASS", "SECRET",     "TOKEN", "KEY",
                                                      "PWD",  "CREDENTIAL", "AUTH"};
  const std::string capitals = upper(name);
  return std::ranges::any_of(kSigns,
                             [&](std::string_view sign) { return capitals.contains(sign); });
}

void append_references(const ReferenceText& parts, std::vector<Reference>& references) {
  for (const auto& part : parts) {
    if (const auto* reference = std::get_if<Reference>(&part)) references.push_back(*reference);
  }
}

}  // namespace

Resolver::Resolver(SecretStore* secrets, SecretStore* parameters, const Environment& environment,
                   Redactor& redactor)
    : secrets_(secrets), parameters_(parameters), environment_(environment), redactor_(redactor) {}

void Resolver::fetch(ReferenceKind kind, std::span<const std::string> names) {
  SecretStore* const store = store_of(kind);
  if (names.empty()) return;
  if (store == nullptr) {
    for (const std::string& name : names) {
      fetched_.insert_or_assign(
          Source(kind, name),
          configuration(fmt::format("{} {} is referred to, and no provider of it is set up",
                                    kind == ReferenceKind::secret ? "secret" : "parameter", name),
                        "set secrets.provider to aws, vault or file"));
    }
    return;
  }
  auto values = store->fetch(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (values[i]) redactor_.learn(values[i]->reveal());
    fetched_.insert_or_assign(Source(kind, names[i]), std::move(values[i]));
  }
}

Result<Secret> Resolver::read(const Reference& reference) const {
  return reference.kind == ReferenceKind::file ? read_file(reference.name)
                                               : read_variable(environment_, reference.name);
}

Result<Secret> Resolver::value_of(const Reference& reference, Form form) {
  const bool stored =
      reference.kind == ReferenceKind::secret || reference.kind == ReferenceKind::parameter;
  if (!stored) {
    Secret value = DUNLIN_TRY(read(reference));
    const bool plain =
        reference.kind == ReferenceKind::environment && !is_secret_variable(reference.name);
    if (!plain) redactor_.learn(value.reveal());
    return value;
  }
  const Source source(reference.kind, reference.name);
  if (!fetched_.contains(source)) fetch(reference.kind, std::span(&reference.name, 1));
  const Result<Secret>& whole = fetched_.at(source);
  if (!whole) return whole.error();
  if (reference.key.empty()) {
    Secret text =
        form == Form::document ? whole->duplicate() : store_of(reference.kind)->whole(*whole);
    redactor_.learn(text.reveal());
    return text;
  }
  Secret field = DUNLIN_TRY(json_field(*whole, reference.name, reference.key, FieldKind::scalar));
  if (is_secret_field(reference.key)) redactor_.learn(field.reveal());
  return field;
}

void Resolver::learn_if_secret(std::string_view name, std::string_view value) {
  constexpr std::array<std::string_view, 5> kEnds = {"PASSWORD", "PASSWD", "PWD", "SECRET",
                                                     "TOKEN"};
  const std::string capitals = upper(name);
  const auto ends = [&](std::string_view end) { return capitals.ends_with(end); };
  if (std::ranges::any_of(kEnds, ends)) redactor_.learn(value);
}

Result<void> Resolver::prefetch(std::span<const std::string> texts) {
  std::vector<Reference> references;
  for (const std::string& text : texts) {
    append_references(DUNLIN_TRY(parse_references(text)), references);
  }
  for (const ReferenceKind kind : {ReferenceKind::secret, ReferenceKind::parameter}) {
    std::vector<std::string> names;
    for (const Reference& each : references) {
      const bool wanted = each.kind == kind && !fetched_.contains(Source(kind, each.name)) &&
                          std::ranges::find(names, each.name) == names.end();
      if (wanted) names.push_back(each.name);
    }
    fetch(kind, names);
  }
  for (const Reference& each : references) {
    auto value = value_of(each);
    if (!value) return std::move(value).error();
  }
  return {};
}

Result<Secret> Resolver::resolve(std::string_view text) { return assemble(text, Form::value); }

Result<Secret> Resolver::document(std::string_view text) { return assemble(text, Form::document); }

Result<Secret> Resolver::assemble(std::string_view text, Form form) {
  const ReferenceText parts = DUNLIN_TRY(parse_references(text));
  std::vector<Secret> pieces;
  for (const auto& part : parts) {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      pieces.emplace_back(*literal);
    } else {
      pieces.push_back(DUNLIN_TRY(value_of(std::get<Reference>(part), form)));
    }
  }
  return joined(pieces);
}

Result<Secret> Resolver::resolve_anew(std::string_view text) {
  const ReferenceText parts = DUNLIN_TRY(parse_references(text));
  std::vector<Reference> references;
  append_references(parts, references);
  for (const Reference& each : references) fetched_.erase(Source(each.kind, each.name));
  const std::string whole(text);
  if (auto fetched = prefetch(std::span(&whole, 1)); !fetched) return std::move(fetched).error();
  return resolve(text);
}

}  // namespace dunlin
