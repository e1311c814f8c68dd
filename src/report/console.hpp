#pragma once

#include "engine/events.hpp"
#include "engine/reports.hpp"
#include "report/output.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dunlin {

inline constexpr std::string_view kNothingFound =
    "No migrations found. Are your locations set up correctly?";

/// Tells on the console what happens, in Flyway's words: people grep for them.
class Console final : public Listener {
 public:
  explicit Console(Output& output) : output_(output) {}

  /// Option outputQueryResults; on unless told otherwise.
  void show_query_results(bool on) noexcept { query_results_ = on; }

  void hear(const Event& event) override;
  void hear(const CommandEvent& event) override;

  /// Warnings said since the last call, for the JSON report.
  [[nodiscard]] std::vector<std::string> take_warnings() { return std::exchange(warnings_, {}); }

 private:
  void warn(std::string text);
  void tell(const StepStarted& started);
  void tell(const CallbackStarted& started);
  void tell(const ServerNotice& notice);
  void tell(const QueryResult& result);
  void tell(const WaitingForLock& waiting);
  void tell(const Note& note);
  // Nothing to print: what a script did is told in the end.
  static void tell(const StepExecuted& /*executed*/) {}
  static void tell(const StepApplied& /*applied*/) {}
  static void tell(const StatementDone& /*done*/) {}

  Output& output_;
  bool query_results_ = true;
  std::vector<std::string> warnings_;
};

/// What `info` shows when no script was found: where it looked.
struct LookedAt {
  std::vector<std::string> locations, callback_locations;
  std::string working_directory, repeatable_prefix, sql_prefix, baseline_prefix, separator;
  std::vector<std::string> suffixes;
};

/// The table of `info`, with the line above it.
void print(const InfoReport& report, const LookedAt& looked_at, Output& output);
/// Versions and descriptions, comma separated (option migrationIds).
void print_ids(const InfoReport& report, Output& output);

/// "00:01.234s"
[[nodiscard]] std::string duration_text(std::chrono::milliseconds time);

}  // namespace dunlin
