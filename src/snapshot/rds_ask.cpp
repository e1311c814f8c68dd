#include "snapshot/rds_ask.hpp"

#include "aws/pause.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::chrono::seconds kSaidAgainAfter{30};
constexpr int kLooksUntilKnown = 5;

/// A state out of which nothing comes by itself.
bool is_hopeless(std::string_view state) {
  constexpr std::array<std::string_view, 13> kHopeless = {
      "failed",
      "deleting",
      "stopped",
      "inaccessible-encryption-credentials",
      "inaccessible-encryption-credentials-recoverable",
      "incompatible-create",
      "incompatible-credentials",
      "incompatible-network",
      "incompatible-option-group",
      "incompatible-parameters",
      "incompatible-restore",
      "insufficient-capacity",
      "restore-error",
  };
  return std::ranges::find(kHopeless, state) != kHopeless.end();
}

/// "snapshot x: creating, 40 %"
std::string progress_line(const std::string& what, std::string_view state,
                          const std::optional<RdsThing>& thing) {
  const std::string percent = thing ? thing->text("PercentProgress") : "";
  const bool knows_percent = !percent.empty() && percent != "0";
  return fmt::format("{}: {}{}", what, state, knows_percent ? fmt::format(", {} %", percent) : "");
}

Error lost(std::string message) {
  return {.code = ErrorCode::aws_failed,
          .message = std::move(message),
          .hint = "the console of RDS tells more, under Logs & events"};
}

/// The marker of the page after the one that `marker` led to; empty behind the last.
Result<std::string> next_page(const XmlDocument& answer, const std::string& marker) {
  std::string next(answer.root().find("Marker").text());
  if (!next.empty() && next == marker) return lost("RDS gives a page of its list again and again");
  return next;
}

/// What is said while something is being made.
class Waiting {
 public:
  Waiting(std::string what, const SnapshotEdges& edges) : what_(std::move(what)), edges_(edges) {}

  /// When it has changed, and now and then so that nobody wonders.
  void tell(const std::string& line) {
    const auto now = edges_.clock.steady();
    if (line == said_ && now - said_at_ < kSaidAgainAfter) return;
    edges_.say(line);
    said_ = line;
    said_at_ = now;
  }

  [[nodiscard]] Error ended_by(Error error) const {
    if (error.code != ErrorCode::interrupted) return error;
    error.message = "stopped waiting for " + what_;
    error.hint = "RDS goes on with it; its console and `dunlin snapshot list` show how far";
    return error;
  }

 private:
  std::string what_;
  const SnapshotEdges& edges_;
  std::string said_;
  std::chrono::steady_clock::time_point said_at_;
};

}  // namespace

AwsCall RdsAsk::call(std::string_view operation, const QueryForm& form) const {
  return {
      .service = kRds, .region = region_, .operation = std::string(operation), .body = form.body()};
}

Result<XmlDocument> RdsAsk::ask(std::string_view operation, const QueryForm& form,
                                std::string_view failing) {
  return api_.ask_xml(call(operation, form), failing);
}

Result<std::optional<XmlDocument>> RdsAsk::ask_unless(std::string_view operation,
                                                      const QueryForm& form,
                                                      std::string_view failing,
                                                      std::string_view expected) {
  const AwsCall asked = call(operation, form);
  auto replies = api_.call({&asked, 1});
  AwsReply reply = DUNLIN_TRY(std::move(replies.front()));
  if (reply.fault && reply.fault->code == expected) return std::optional<XmlDocument>();
  if (reply.fault) return aws_error(asked, *reply.fault, failing);
  auto document = XmlDocument::parse(reply.body.reveal());
  if (document) return document;
  return Error{
      .code = ErrorCode::aws_failed,
      .message = fmt::format("{}: RDS answers {} with what is no XML", failing, operation)};
}

Result<std::optional<RdsThing>> RdsAsk::find(const RdsKind& kind, const std::string& id) {
  auto answer =
      DUNLIN_TRY(ask_unless(kind.describe, QueryForm().add(kind.id, id),
                            fmt::format("{} {} cannot be looked at", kind.word, id), kind.missing));
  if (!answer) return std::optional<RdsThing>();
  const auto found = answer->root().find(kind.list).children();
  if (found.empty()) return std::optional<RdsThing>();
  return std::optional(
      RdsThing{.kind = kind, .answer = *std::move(answer), .node = found.front(), .asked = id});
}

Result<std::optional<RdsThing>> RdsAsk::find_if(const RdsKind& kind,
                                                const std::function<bool(XmlNode)>& is_it) {
  std::string marker;
  do {
    QueryForm form;
    if (!marker.empty()) form.add("Marker", marker);
    auto answer =
        DUNLIN_TRY(ask(kind.describe, form, fmt::format("{}s cannot be listed", kind.word)));
    const auto things = answer.root().find(kind.list).children();
    const auto found = std::ranges::find_if(things, is_it);
    if (found != things.end()) {
      const XmlNode node = *found;
      return std::optional(
          RdsThing{.kind = kind, .answer = std::move(answer), .node = node, .asked = {}});
    }
    marker = DUNLIN_TRY(next_page(answer, marker));
  } while (!marker.empty());
  return std::optional<RdsThing>();
}

Result<std::optional<RdsThing>> RdsAsk::find_snapshot(const RdsKind& kind, const std::string& id) {
  auto answer =
      DUNLIN_TRY(ask_unless(kind.snapshots, QueryForm().add(kind.snapshot_id, id),
                            fmt::format("snapshot {} cannot be looked at", id), kind.no_snapshot));
  if (!answer) return std::optional<RdsThing>();
  const auto found = answer->root().find(kind.snapshot_list).children();
  if (found.empty()) return std::optional<RdsThing>();
  return std::optional(
      RdsThing{.kind = kind, .answer = *std::move(answer), .node = found.front(), .asked = id});
}

Result<void> RdsAsk::each(std::string_view operation, std::string_view list,
                          const std::vector<std::pair<std::string, std::string>>& criteria,
                          const std::function<void(XmlNode)>& take) {
  std::string marker;
  do {
    QueryForm form;
    for (const auto& [name, value] : criteria) form.add(name, value);
    if (!marker.empty()) form.add("Marker", marker);
    const auto answer = DUNLIN_TRY(ask(operation, form, "snapshots cannot be listed"));
    std::ranges::for_each(answer.root().find(list).children(), take);
    marker = DUNLIN_TRY(next_page(answer, marker));
  } while (!marker.empty());
  return {};
}

Result<RdsThing> RdsAsk::wait_for(const std::function<Result<std::optional<RdsThing>>()>& look,
                                  std::string_view status, const std::string& what) {
  Waiting waiting(what, edges_);
  int looks = 0;
  for (std::chrono::milliseconds between{1000};;
       between = std::min<std::chrono::milliseconds>(between * 3 / 2, kLongestBetween)) {
    auto thing = look();
    if (!thing) return waiting.ended_by(std::move(thing).error());
    // What was just asked for may be known a moment later.
    ++looks;
    if (!*thing && looks >= kLooksUntilKnown) {
      return lost(fmt::format("{} is gone before it was complete", what));
    }
    const std::string state = *thing ? (*thing)->text(status) : "creating";
    if (state == "available") return **std::move(thing);
    if (is_hopeless(state)) {
      return lost(fmt::format("{} will not become available: it is {}", what, state));
    }
    waiting.tell(progress_line(what, state, *thing));
    if (!pause(edges_.interrupt, between)) {
      return waiting.ended_by({.code = ErrorCode::interrupted, .message = {}});
    }
  }
}

}  // namespace dunlin
