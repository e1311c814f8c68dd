#pragma once

#include "migration/ignore_pattern.hpp"
#include "migration/info.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// What `repair` does to the schema history. The pointers lead into the Info.
struct RepairPlan {
  std::vector<const HistoryRow*> removed;  ///< failed rows: deleted from the table
  std::vector<const HistoryRow*> deleted;  ///< their scripts are gone: a DELETE row is added
  struct Realigned {
    const HistoryRow* row;
    const Script* script;
  };
  std::vector<Realigned> aligned;  ///< description, type and checksum taken from the script
};

/// Pure. Rules observed with Flyway 11, scenarios migrate-repair-*, repair-*.
/// @param ignore  missing or future migrations that these patterns name are left alone
/// @param picks  only these migrations are repaired; empty: all
[[nodiscard]] RepairPlan plan_repair(const Info& info, std::span<const IgnorePattern> ignore,
                                     std::span<const std::string> picks = {});

}  // namespace dunlin
