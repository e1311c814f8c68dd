#pragma once

#include "migration/history_row.hpp"
#include "migration/script.hpp"
#include "migration/state.hpp"
#include "migration/target.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dunlin {

struct InfoOptions {
  Target target;
  bool out_of_order = false;
  std::vector<std::string> cherry_pick;  ///< versions and descriptions; empty: everything
};

/// One line of `info`: a script, an applied migration, or both joined. The pointers lead into the
/// arguments of info() and live as long as those.
struct InfoRow {
  const Script* script = nullptr;       ///< absent when it is not on disk (any more)
  const HistoryRow* applied = nullptr;  ///< absent when it was not applied
  std::optional<Version> version;
  State state = State::pending;
  bool undoable = false;     ///< an undo script of its version is on disk
  bool passed_over = false;  ///< ignored on purpose: not picked, or shouldExecute is false

  [[nodiscard]] const std::string& description() const noexcept;
  [[nodiscard]] std::string_view type() const noexcept;
  /// "Versioned", "Repeatable", "Baseline", "Undo", or empty for rows that no script made.
  [[nodiscard]] std::string_view category() const noexcept;
  [[nodiscard]] bool is_versioned() const noexcept { return version.has_value(); }
};

/// What is where: the join of scripts and history.
struct Info {
  std::vector<InfoRow> rows;  ///< in the order of the table
  std::optional<Version> newest_applied;
  std::optional<Version> newest_script;
  std::optional<Version> baseline;  ///< version of the BASELINE row, if any
  bool any_applied = false;

  /// The row that is "the current version": the highest applied version, else the last applied
  /// repeatable; null on a new database.
  [[nodiscard]] const InfoRow* current() const noexcept;
};

/// Joins scripts and history. Pure. Rules observed with Flyway 11, scenarios output-table-states,
/// migrate-*, baseline-*, sqlite-states.
/// @param scripts  as in_order() returns them
/// @param applied  the history by installed_rank; empty for a new database
[[nodiscard]] Info info(std::span<const Script> scripts, std::span<const HistoryRow> applied,
                        const InfoOptions& options);

}  // namespace dunlin
