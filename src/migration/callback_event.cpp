#include "migration/callback_event.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

constexpr std::array kEvents = {
    CallbackEventName{CallbackEvent::before_clean, "beforeClean"},
    CallbackEventName{CallbackEvent::after_clean, "afterClean"},
    CallbackEventName{CallbackEvent::after_clean_error, "afterCleanError"},
    CallbackEventName{CallbackEvent::before_migrate, "beforeMigrate"},
    CallbackEventName{CallbackEvent::before_each_migrate, "beforeEachMigrate"},
    CallbackEventName{CallbackEvent::before_each_migrate_statement, "beforeEachMigrateStatement"},
    CallbackEventName{CallbackEvent::after_each_migrate_statement, "afterEachMigrateStatement"},
    CallbackEventName{CallbackEvent::after_each_migrate_statement_error,
                      "afterEachMigrateStatementError"},
    CallbackEventName{CallbackEvent::after_each_migrate, "afterEachMigrate"},
    CallbackEventName{CallbackEvent::after_each_migrate_error, "afterEachMigrateError"},
    CallbackEventName{CallbackEvent::before_repeatables, "beforeRepeatables"},
    CallbackEventName{CallbackEvent::after_versioned, "afterVersioned"},
    CallbackEventName{CallbackEvent::after_migrate_applied, "afterMigrateApplied"},
    CallbackEventName{CallbackEvent::after_migrate, "afterMigrate"},
    CallbackEventName{CallbackEvent::after_migrate_error, "afterMigrateError"},
    CallbackEventName{CallbackEvent::before_undo, "beforeUndo"},
    CallbackEventName{CallbackEvent::before_each_undo, "beforeEachUndo"},
    CallbackEventName{CallbackEvent::before_each_undo_statement, "beforeEachUndoStatement"},
    CallbackEventName{CallbackEvent::after_each_undo_statement, "afterEachUndoStatement"},
    CallbackEventName{CallbackEvent::after_each_undo_statement_error,
                      "afterEachUndoStatementError"},
    CallbackEventName{CallbackEvent::after_each_undo, "afterEachUndo"},
    CallbackEventName{CallbackEvent::after_each_undo_error, "afterEachUndoError"},
    CallbackEventName{CallbackEvent::after_undo, "afterUndo"},
    CallbackEventName{CallbackEvent::after_undo_error, "afterUndoError"},
    CallbackEventName{CallbackEvent::before_validate, "beforeValidate"},
    CallbackEventName{CallbackEvent::after_validate, "afterValidate"},
    CallbackEventName{CallbackEvent::after_validate_error, "afterValidateError"},
    CallbackEventName{CallbackEvent::before_baseline, "beforeBaseline"},
    CallbackEventName{CallbackEvent::after_baseline, "afterBaseline"},
    CallbackEventName{CallbackEvent::after_baseline_error, "afterBaselineError"},
    CallbackEventName{CallbackEvent::before_repair, "beforeRepair"},
    CallbackEventName{CallbackEvent::after_repair, "afterRepair"},
    CallbackEventName{CallbackEvent::after_repair_error, "afterRepairError"},
    CallbackEventName{CallbackEvent::before_info, "beforeInfo"},
    CallbackEventName{CallbackEvent::after_info, "afterInfo"},
    CallbackEventName{CallbackEvent::after_info_error, "afterInfoError"},
    CallbackEventName{CallbackEvent::after_migrate_operation_finish, "afterMigrateOperationFinish"},
    CallbackEventName{CallbackEvent::after_info_operation_finish, "afterInfoOperationFinish"},
    CallbackEventName{CallbackEvent::create_schema, "createSchema"},
    CallbackEventName{CallbackEvent::before_create_schema, "beforeCreateSchema"},
    CallbackEventName{CallbackEvent::before_connect, "beforeConnect"},
    CallbackEventName{CallbackEvent::after_connect, "afterConnect"},
};

}  // namespace

std::span<const CallbackEventName> callback_events() noexcept { return kEvents; }

std::string_view name_of(CallbackEvent event) noexcept {
  return kEvents.at(static_cast<std::size_t>(event)).name;
}

std::optional<CallbackEvent> callback_event(std::string_view name) noexcept {
  const auto* const found = std::ranges::find(kEvents, name, &CallbackEventName::name);
  if (found == kEvents.end()) return std::nullopt;
  return found->event;
}

}  // namespace dunlin
