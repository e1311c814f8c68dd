#pragma once

#include "base/result.hpp"
#include "job/perform.hpp"
#include "job/snapshots.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace dunlin {

/// `dunlin snapshot create|list|restore`.
/// @param command  with both words
/// @param open  the database, which is opened only where it is needed
/// @returns 0
Result<int> run_snapshot(std::string_view command, const std::optional<std::string>& operand,
                         const SnapshotNeeds& needs,
                         const std::function<Result<std::unique_ptr<Database>>()>& open,
                         const Reporting& reporting);

}  // namespace dunlin
