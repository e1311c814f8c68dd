#include "git/advertisement.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace dunlin::git {
namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kTags = "refs/tags/";

Error failed(std::string message) {
  return {.code = ErrorCode::source_failed, .message = std::move(message)};
}

Result<void> refuse_sha256(const Advertisement& found) {
  for (const auto& capability : found.capabilities) {
    if (capability.starts_with("object-format=") && capability != "object-format=sha1") {
      return failed(fmt::format("the repository names its objects by {}, which is not supported",
                                capability.substr(capability.find('=') + 1)));
    }
  }
  return {};
}

// "ID NAME"; nothing for a peeled tag and for the placeholder of an empty repository.
Result<std::optional<Ref>> parse_ref(std::string_view line) {
  const auto id = ObjectId::parse(line.substr(0, 40));
  if (line.size() > 65 && line[64] == ' ' && !id)
    return failed("the repository names its objects by sha256, which is not supported");
  if (!id || line.size() < 42 || line[40] != ' ')
    return failed("the Git server sent a list of branches that cannot be read");
  const auto name = line.substr(41, line.substr(41).find(' '));
  if (name.ends_with("^{}")) return std::optional<Ref>();
  Ref ref{.name = std::string(name), .id = *id};
  constexpr std::string_view attribute = " symref-target:";
  if (const auto at = line.find(attribute); at != std::string_view::npos)
    ref.target = line.substr(at + attribute.size());
  return std::optional(std::move(ref));
}

Result<void> read_capabilities(PacketReader& reader, Advertisement& found) {
  while (true) {
    const auto packet = DUNLIN_TRY(reader.next());
    if (!packet.is_data()) return refuse_sha256(found);
    found.capabilities.emplace_back(packet.line());
  }
}

/// In v0 a capability says which branch HEAD is.
void point_head(Advertisement& found) {
  constexpr std::string_view head = "symref=HEAD:";
  for (const auto& capability : found.capabilities) {
    if (!capability.starts_with(head)) continue;
    const auto ref = std::ranges::find(found.refs, "HEAD", &Ref::name);
    if (ref != found.refs.end()) ref->target = capability.substr(head.size());
  }
}

Result<void> read_v0(PacketReader& reader, Packet packet, Advertisement& found) {
  for (bool first = true; packet.is_data(); first = false) {
    auto line = packet.line();
    if (const auto zero = line.find('\0'); first && zero != std::string_view::npos) {
      found.capabilities = split_list(line.substr(zero + 1), ' ');
      line = line.substr(0, zero);
    }
    DUNLIN_TRY(refuse_sha256(found));
    if (!line.starts_with("shallow ")) {
      if (auto ref = DUNLIN_TRY(parse_ref(line))) found.refs.push_back(*std::move(ref));
    }
    packet = DUNLIN_TRY(reader.next());
  }
  point_head(found);
  return {};
}

std::string short_name(std::string_view name) {
  for (const auto prefix : {kBranches, kTags}) {
    if (name.starts_with(prefix)) return std::string(name.substr(prefix.size()));
  }
  return std::string(name);
}

// The two names that most repositories give their first branch are near each other, too.
std::vector<std::string> near(std::string_view asked, const std::vector<std::string>& names) {
  auto result = nearest(asked, names);
  if (asked != "main" && asked != "master") return result;
  for (const auto* const usual : {"main", "master"}) {
    const bool there = std::ranges::find(names, usual) != names.end();
    if (there && std::ranges::find(result, usual) == result.end()) result.emplace_back(usual);
  }
  return result;
}

Error missing(const std::vector<Ref>& refs, std::string_view asked) {
  std::vector<std::string> names;
  for (const auto& ref : refs) {
    if (ref.name.starts_with(kBranches) || ref.name.starts_with(kTags))
      names.push_back(short_name(ref.name));
  }
  if (names.empty()) {
    return {.code = ErrorCode::missing_branch,
            .message = fmt::format("there is no branch {}: the repository is empty", asked),
            .hint = "push a branch first"};
  }
  auto alike = near(asked, names);
  const bool guess = !alike.empty();
  if (!guess)
    alike.assign(names.begin(), names.begin() + std::min<std::ptrdiff_t>(5, std::ssize(names)));
  return {.code = ErrorCode::missing_branch,
          .message = fmt::format("there is no branch or tag {} in the repository", asked),
          .hint = fmt::format("{}: {}", guess ? "did you mean" : "there is", join(alike, ", "))};
}

}  // namespace

bool Advertisement::has(std::string_view capability) const {
  return std::ranges::find(capabilities, capability) != capabilities.end();
}

bool Advertisement::can_filter() const {
  if (version != 2) return has("filter");
  return std::ranges::any_of(capabilities, [](const std::string& capability) {
    if (!capability.starts_with("fetch=")) return false;
    const auto features = split(std::string_view(capability).substr(6), ' ');
    return std::ranges::find(features, "filter") != features.end();
  });
}

Result<Advertisement> read_advertisement(PacketReader& reader, bool is_http) {
  Advertisement found;
  auto packet = DUNLIN_TRY(reader.next());
  if (is_http && packet.line().starts_with("# service=")) {
    packet = DUNLIN_TRY(reader.next());  // a flush
    packet = DUNLIN_TRY(reader.next());
  }
  if (packet.line() == "version 2") {
    found.version = 2;
    DUNLIN_TRY(read_capabilities(reader, found));
    return found;
  }
  if (packet.line() == "version 1") packet = DUNLIN_TRY(reader.next());
  DUNLIN_TRY(read_v0(reader, std::move(packet), found));
  std::erase_if(found.refs, [](const Ref& ref) { return ref.name == "capabilities"; });
  return found;
}

Result<std::vector<Ref>> read_refs(PacketReader& reader) {
  std::vector<Ref> refs;
  while (true) {
    const auto packet = DUNLIN_TRY(reader.next());
    if (!packet.is_data()) return refs;
    if (auto ref = DUNLIN_TRY(parse_ref(packet.line()))) refs.push_back(*std::move(ref));
  }
}

Result<Wanted> choose(const std::vector<Ref>& refs, std::string_view asked) {
  // Who names a commit by its full id means that one, though a branch may be called so.
  if (const auto id = ObjectId::parse(asked)) {
    return Wanted{.id = *id,
                  .name = id->text(),
                  .is_commit = std::ranges::find(refs, *id, &Ref::id) == refs.end()};
  }
  for (const auto prefix : {kBranches, kTags, std::string_view()}) {
    const auto name = std::string(prefix) + std::string(asked);
    if (prefix.empty() && name != "HEAD" && !name.starts_with("refs/")) continue;
    const auto found = std::ranges::find(refs, name, &Ref::name);
    if (found != refs.end())
      return Wanted{.id = found->id, .name = found->target.empty() ? name : found->target};
  }
  return missing(refs, asked);
}

}  // namespace dunlin::git
