#pragma once

#include "aws/api.hpp"
#include "base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dunlin::fargate {

/// Takes one event of a log, as the container wrote it, without the end of its line.
using TakeLine = std::function<void(std::string_view)>;

/// One stream of CloudWatch Logs, read from its beginning, in order, nothing twice.
class LogStream {
 public:
  /// `api` outlives the object.
  LogStream(AwsApi& api, std::string region, std::string group, std::string stream)
      : api_(api),
        region_(std::move(region)),
        group_(std::move(group)),
        stream_(std::move(stream)) {}

  /// Everything that is there and was not read before: pages, until GetLogEvents gives back the
  /// token it was asked with (Amazon CloudWatch Logs API Reference, "GetLogEvents"). A page may be
  /// empty and not the last. A stream or group that is not there has nothing yet.
  /// @returns how many events that were. The cause of an Error is AWS's code when it refused to
  /// show them
  Result<std::size_t> read(const TakeLine& take);
  /// Did the last read find the stream?
  [[nodiscard]] bool exists() const noexcept { return exists_; }

 private:
  Result<std::optional<JsonDocument>> page();
  AwsApi& api_;
  std::string region_, group_, stream_;
  std::string token_;  ///< leads to what comes next; empty: the beginning
  bool exists_ = false;
};

/// Where CloudWatch Logs keeps streams.
struct LogPlace {
  std::string region, group;
};

/// The stream written to last; nothing when the group has none. aws_failed when there is no group.
Result<std::optional<std::string>> newest_stream(AwsApi& api, const LogPlace& place);
/// The names of streams that begin so: at most two, since all beyond one is too many.
Result<std::vector<std::string>> streams_like(AwsApi& api, const LogPlace& place,
                                              std::string_view beginning);

}  // namespace dunlin::fargate
