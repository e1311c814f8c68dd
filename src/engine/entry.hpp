#pragma once

#include "engine/reports.hpp"
#include "migration/history_row.hpp"
#include "migration/info.hpp"
#include "migration/script.hpp"

namespace dunlin {

/// A script as reports list it.
[[nodiscard]] MigrationEntry entry_of(const Script& script);
/// A row of the history as reports list it; `shown` stays empty.
[[nodiscard]] MigrationEntry entry_of(const HistoryRow& row);

}  // namespace dunlin
