#pragma once

#include "aws/api.hpp"
#include "aws/query.hpp"
#include "snapshot/rds.hpp"
#include "snapshot/rds_kind.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// A cluster, an instance or a snapshot as RDS describes it.
struct RdsThing {
  RdsKind kind;
  XmlDocument answer;
  XmlNode node;  ///< inside of it
  /// The name or ARN that led here; a snapshot shared by another account has only the latter.
  std::string asked;

  [[nodiscard]] std::string text(std::string_view field) const {
    return std::string(node[field].text());
  }
};

/// Asking RDS: single questions, lists page by page, and waiting.
class RdsAsk {
 public:
  RdsAsk(AwsApi& api, std::string region, const SnapshotEdges& edges)
      : api_(api), region_(std::move(region)), edges_(edges) {}

  /// See AwsApi::ask.
  Result<XmlDocument> ask(std::string_view operation, const QueryForm& form,
                          std::string_view failing);
  /// As ask(); nothing when the fault is `expected`.
  Result<std::optional<XmlDocument>> ask_unless(std::string_view operation, const QueryForm& form,
                                                std::string_view failing,
                                                std::string_view expected);
  /// The cluster or instance of that name, if there is one.
  Result<std::optional<RdsThing>> find(const RdsKind& kind, const std::string& id);
  /// The first cluster or instance for which `is_it` holds.
  Result<std::optional<RdsThing>> find_if(const RdsKind& kind,
                                          const std::function<bool(XmlNode)>& is_it);
  /// The snapshot of that name or ARN, if there is one.
  Result<std::optional<RdsThing>> find_snapshot(const RdsKind& kind, const std::string& id);
  /// Calls `take` with each element of the list in the operation's answers.
  /// @param criteria  what the list is narrowed to: names and values
  Result<void> each(std::string_view operation, std::string_view list,
                    const std::vector<std::pair<std::string, std::string>>& criteria,
                    const std::function<void(XmlNode)>& take);

  /// Asks again and again until the state is "available", telling how far it is.
  /// @param look  gives the thing anew
  /// @param what  "snapshot dunlin-app-..."
  /// aws_failed for a state that leads nowhere, and for what vanishes meanwhile.
  Result<RdsThing> wait_for(const std::function<Result<std::optional<RdsThing>>()>& look,
                            std::string_view status, const std::string& what);

 private:
  [[nodiscard]] AwsCall call(std::string_view operation, const QueryForm& form) const;
  AwsApi& api_;
  std::string region_;
  const SnapshotEdges& edges_;
};

}  // namespace dunlin
