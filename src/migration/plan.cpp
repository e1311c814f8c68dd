#include "migration/plan.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <ranges>

namespace dunlin {
namespace {

/// The versions that stand in the database and could be undone, newest first.
std::vector<Version> standing_versions(const Info& info) {
  std::vector<Version> versions;
  for (const InfoRow& row : info.rows) {
    const bool stands = row.applied != nullptr && row.version && row.applied->type == "SQL" &&
                        (row.state == State::success || row.state == State::out_of_order ||
                         row.state == State::future_success || row.state == State::missing_success);
    if (stands) versions.push_back(*row.version);
  }
  std::ranges::sort(versions, std::ranges::greater{});
  return versions;
}

const Script* undo_script(std::span<const Script> scripts, const Version& version) {
  const auto found = std::ranges::find_if(scripts, [&](const Script& script) {
    return script.kind == ScriptKind::undo && *script.version == version;
  });
  return found == scripts.end() ? nullptr : &*found;
}

}  // namespace

std::vector<const Script*> plan(const Info& info) {
  std::vector<const Script*> chosen;
  for (const InfoRow& row : info.rows) {
    if (row.applied == nullptr && row.state == State::pending) chosen.push_back(row.script);
  }
  return chosen;
}

Result<std::vector<const Script*>> plan_undo(const Info& info, std::span<const Script> scripts,
                                             const Target& target) {
  std::vector<const Script*> chosen;
  for (const Version& version : standing_versions(info)) {
    const bool wanted =
        target.kind == Target::Kind::version ? version >= *target.version : chosen.empty();
    if (!wanted) break;
    const Script* const script = undo_script(scripts, version);
    if (script == nullptr) {
      return Error{
          .code = ErrorCode::validation,
          .message = fmt::format("Unable to undo migration to version {} as no undo migration was "
                                 "found",
                                 version.text()),
          .hint = fmt::format("add U{}__description.sql, or write a new versioned migration that "
                              "takes the change back",
                              version.text())};
    }
    chosen.push_back(script);
  }
  return chosen;
}

}  // namespace dunlin
