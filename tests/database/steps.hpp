#pragma once

#include "base/text.hpp"
#include "database/database.hpp"

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Steps made by hand, and what a test hears while they run.
namespace dunlin::test {

/// Splits at lines' ends: each line of `text` is one statement. COMMIT is known by its word.
inline std::shared_ptr<const PreparedText> prepared(std::string script, std::string text) {
  auto made = std::make_shared<PreparedText>();
  made->shown = "sql/" + script;
  made->script = std::move(script);
  made->text = std::move(text);
  std::string_view rest = made->text;
  for (std::uint32_t line = 1; !rest.empty(); ++line) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto one = rest.substr(0, end);
    const auto offset = static_cast<std::size_t>(one.data() - made->text.data());
    const auto kind =
        one == "commit" ? sql::StatementKind::ends_transaction : sql::StatementKind::plain;
    if (!one.empty()) {
      made->statements.push_back({.text = one, .offset = offset, .line = line, .kind = kind});
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return made;
}

inline Part part(const std::shared_ptr<const PreparedText>& source, std::string callback = {}) {
  return {.source = source,
          .first = 0,
          .count = source->statements.size(),
          .callback = std::move(callback)};
}

/// The step of a versioned script, whose lines are its statements.
inline Step script_step(int version, std::string text) {
  const auto name = fmt::format("V{}__s.sql", version);
  return {.title = fmt::format("schema \"x\" to version \"{} - s\"", version),
          .parts = {part(prepared(name, std::move(text)))},
          .row = {.version = std::to_string(version),
                  .description = "s",
                  .type = "SQL",
                  .script = name,
                  .checksum = 100 + version},
          .script_index = static_cast<std::size_t>(version - 1)};
}

/// Hands out what it was given, then the error if there is one.
class Steps final : public StepSource {
 public:
  explicit Steps(std::vector<Step> steps, std::optional<Error> then = {})
      : steps_(std::make_move_iterator(steps.begin()), std::make_move_iterator(steps.end())),
        then_(std::move(then)) {}
  Result<std::optional<Step>> next() override {
    if (steps_.empty()) {
      if (then_) return *then_;
      return std::optional<Step>{};
    }
    std::optional<Step> step = std::move(steps_.front());
    steps_.pop_front();
    return step;
  }

 private:
  std::deque<Step> steps_;
  std::optional<Error> then_;
};

/// Writes down what it hears, one word an event; notices and notes are kept apart, since a server
/// says more or less.
class Log final : public Progress {
 public:
  void hear(const Event& event) override { std::visit(*this, event); }

  void operator()(const StepStarted& e) { events.push_back("started " + e.step.row.script); }
  void operator()(const CallbackStarted& e) { events.push_back("callback " + e.name); }
  void operator()(const StepExecuted& e) { events.push_back("executed " + e.step.row.script); }
  void operator()(const StepApplied& e) {
    events.push_back(fmt::format("applied {}", e.script_index));
  }
  void operator()(const QueryResult& e) { results.push_back(e); }
  void operator()(const StatementDone& e) { statements.emplace_back(e.statement.text); }
  void operator()(const Note& e) { notes.push_back(e.text); }
  void operator()(const ServerNotice& e) { notes.push_back(e.message); }
  void operator()(const WaitingForLock& e) { notes.push_back(e.what); }

  std::vector<std::string> events;
  std::vector<std::string> statements;
  std::vector<std::string> notes;
  std::vector<QueryResult> results;
};

}  // namespace dunlin::test
