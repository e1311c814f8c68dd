#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dunlin {

/// When a callback is run. All events of Flyway 11 for which a SQL file can be given.
enum class CallbackEvent : std::uint8_t {
  before_clean,
  after_clean,
  after_clean_error,
  before_migrate,
  before_each_migrate,
  before_each_migrate_statement,
  after_each_migrate_statement,
  after_each_migrate_statement_error,
  after_each_migrate,
  after_each_migrate_error,
  before_repeatables,
  after_versioned,
  after_migrate_applied,
  after_migrate,
  after_migrate_error,
  before_undo,
  before_each_undo,
  before_each_undo_statement,
  after_each_undo_statement,
  after_each_undo_statement_error,
  after_each_undo,
  after_each_undo_error,
  after_undo,
  after_undo_error,
  before_validate,
  after_validate,
  after_validate_error,
  before_baseline,
  after_baseline,
  after_baseline_error,
  before_repair,
  after_repair,
  after_repair_error,
  before_info,
  after_info,
  after_info_error,
  after_migrate_operation_finish,
  after_info_operation_finish,  ///< Flyway's name for the end of every command but migrate
  create_schema,                ///< deprecated by Flyway in favour of before_create_schema
  before_create_schema,
  before_connect,
  after_connect,
};

struct CallbackEventName {
  CallbackEvent event;
  std::string_view name;  ///< how files are called: "beforeMigrate"
};

/// Every event, in the order of the enumeration.
[[nodiscard]] std::span<const CallbackEventName> callback_events() noexcept;
/// "beforeMigrate"
[[nodiscard]] std::string_view name_of(CallbackEvent event) noexcept;
/// Letter case matters: "aftermigrate" is no event.
[[nodiscard]] std::optional<CallbackEvent> callback_event(std::string_view name) noexcept;

}  // namespace dunlin
