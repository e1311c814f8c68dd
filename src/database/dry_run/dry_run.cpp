#include "database/dry_run/dry_run.hpp"

#include "base/text.hpp"
#include "database/dry_run/script.hpp"
#include "database/history_changes.hpp"
#include "database/postgresql/run.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace dunlin {
namespace {

/// What the history would be by now.
struct SeenHistory {
  bool exists = false;
  std::vector<HistoryRow> rows;
};

std::optional<std::int32_t> number(const std::optional<std::string>& text) {
  std::int32_t value = 0;
  if (!text) return std::nullopt;
  std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

class DryRun final : public Database {
 public:
  DryRun(Database& inner, ScriptStart start, DryRunSink& sink, DryRunOptions options)
      : inner_(inner), options_(std::move(options)), script_(inner, std::move(start), sink) {}

  Result<void> begin() { return script_.begin(options_.init_sql); }

  [[nodiscard]] const Facts& facts() const noexcept override { return inner_.facts(); }
  [[nodiscard]] sql::Dialect dialect() const noexcept override { return inner_.dialect(); }

  /// Commands ask by the other functions: what comes here is a change.
  Result<std::vector<Rows>> query(std::span<const Query> batch) override {
    for (const Query& each : batch) DUNLIN_TRY(refuse_secret(inlined(each, dialect()), ""));
    DUNLIN_TRY(script_.add(batch));
    for (const Query& each : batch) take_effect(each);
    return std::vector<Rows>(batch.size());
  }

  std::vector<Outcome> apply(StepSource& steps, const ApplyOptions& options,
                             Progress& progress) override;

  Result<void> lock(const LockOptions& /*options*/, Progress& /*progress*/) override { return {}; }
  void unlock() noexcept override {}
  Result<std::optional<int>> lock_holder(const HistoryTable& table) override {
    return inner_.lock_holder(table);
  }

  Result<std::vector<SchemaState>> schemas(std::span<const std::string> names) override {
    auto states = DUNLIN_TRY(inner_.schemas(names));
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (emptied_.contains(names[i])) states[i].empty = true;
      if (dropped_.contains(names[i])) states[i] = {.exists = false, .empty = true};
      if (made_.contains(names[i])) states[i].exists = true;
    }
    return states;
  }
  [[nodiscard]] Query create_schema(std::string_view name) const override {
    return announced(inner_.create_schema(name), [this, name = std::string(name)] {
      made_.insert(name);
      dropped_.erase(name);
    });
  }
  [[nodiscard]] Query drop_schema(std::string_view name) const override {
    return announced(inner_.drop_schema(name), [this, name = std::string(name)] {
      dropped_.insert(name);
      made_.erase(name);
    });
  }
  /// Asked for in order to be run at once, so from here on the schema counts as empty.
  Result<std::vector<Query>> clean_statements(std::string_view schema) override {
    const bool first = emptied_.insert(std::string(schema)).second;
    if (history_ && history_schema_ == schema) history_ = SeenHistory{};
    if (!first || made_.contains(std::string(schema))) return std::vector<Query>{};
    return inner_.clean_statements(schema);
  }

  Result<bool> has_history(const HistoryTable& table) override {
    return DUNLIN_TRY(history(table)).exists;
  }
  [[nodiscard]] std::vector<Query> create_history(const HistoryTable& table) const override {
    auto queries = inner_.create_history(table);
    queries.front() = announced(queries.front(), [this] { history_ = {.exists = true}; });
    return queries;
  }
  Result<std::vector<HistoryRow>> read_history(const HistoryTable& table) override {
    return DUNLIN_TRY(history(table)).rows;
  }
  [[nodiscard]] Query insert_row(const HistoryTable& table, const HistoryRow& row) const override {
    return announced(inner_.insert_row(table, row), [this, row] { history_->rows.push_back(row); });
  }
  [[nodiscard]] std::string quoted(const HistoryTable& table) const override {
    return inner_.quoted(table);
  }

 private:
  struct Announced {
    Query query;
    std::function<void()> happens;
  };
  /// A query that somebody asks for, with what it changes once it is run.
  Query announced(Query query, std::function<void()> happens) const {
    announced_.push_back({query, std::move(happens)});
    return query;
  }

  void take_effect(const Query& query) {
    const auto found = std::ranges::find_if(announced_, [&](const Announced& each) {
      return each.query.text == query.text && each.query.parameters == query.parameters;
    });
    if (found != announced_.end()) {
      found->happens();
      announced_.erase(found);
    } else if (history_) {
      repair(query);
    }
  }

  void repair(const Query& query) {
    for (HistoryRow& row : history_->rows) {
      if (query.text == align_row(quoted_table_, row).text &&
          query.parameters.at(3) == std::to_string(row.installed_rank)) {
        row.description = query.parameters[0].value_or("");
        row.type = query.parameters[1].value_or("");
        row.checksum = number(query.parameters[2]);
      }
    }
    std::erase_if(history_->rows, [&](const HistoryRow& row) {
      const Query removal = delete_row(quoted_table_, row.installed_rank);
      return query.text == removal.text && query.parameters == removal.parameters;
    });
  }

  Result<std::reference_wrapper<SeenHistory>> seen(const HistoryTable& table) {
    if (!history_) {
      const bool gone = emptied_.contains(table.schema) || dropped_.contains(table.schema);
      SeenHistory seen{.exists = !gone && DUNLIN_TRY(inner_.has_history(table))};
      if (seen.exists) seen.rows = DUNLIN_TRY(inner_.read_history(table));
      history_ = std::move(seen);
      history_schema_ = table.schema;
      quoted_table_ = quoted(table);
    }
    return std::ref(*history_);
  }
  Result<SeenHistory> history(const HistoryTable& table) { return DUNLIN_TRY(seen(table)).get(); }

  Result<void> refuse_secret(std::string_view text, std::string_view file) const {
    const std::string name = options_.secret_in(text);
    if (name.empty()) return {};
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("the dry run would hold a secret: {}", name),
        .hint = "give it a harmless value for the dry run, on the command line",
        .trail = file.empty() ? std::vector<std::string>() : std::vector{std::string(file)}};
  }

  Result<void> check(const Step& step) const {
    if (auto refused = postgresql::refusal(step)) return *std::move(refused);
    for (const Part& part : step.parts) {
      DUNLIN_TRY(refuse_secret(part.source->text, part.source->shown));
    }
    return {};
  }

  /// Writes the step as if it had run.
  Result<void> take(Step& step, const ApplyOptions& options, Progress& progress);

  Database& inner_;
  DryRunOptions options_;
  SqlScript script_;
  mutable std::optional<SeenHistory> history_;  // once it was asked for
  std::string history_schema_;
  std::string quoted_table_;
  mutable std::set<std::string, std::less<>> made_, dropped_;
  std::set<std::string, std::less<>> emptied_;
  mutable std::vector<Announced> announced_;
};

Result<void> DryRun::take(Step& step, const ApplyOptions& options, Progress& progress) {
  DUNLIN_TRY(check(step));
  const bool with_row = step.effect == HistoryEffect::insert;
  if (with_row) {
    const SeenHistory& seen = DUNLIN_TRY(this->seen(options.history)).get();
    if (step.row.installed_rank == 0) {
      step.row.installed_rank = seen.rows.empty() ? 1 : seen.rows.back().installed_rank + 1;
    }
    if (step.row.installed_by.empty()) step.row.installed_by = facts().user;
  }
  progress.hear(StepStarted{step});
  for (const Part& part : step.parts) {
    if (!part.callback.empty()) progress.hear(CallbackStarted{part.callback});
  }
  DUNLIN_TRY(script_.add(step, options));
  if (with_row) history_->rows.push_back(step.row);
  progress.hear(StepExecuted{step});
  return {};
}

std::vector<Outcome> DryRun::apply(StepSource& steps, const ApplyOptions& options,
                                   Progress& progress) {
  std::vector<Outcome> outcomes;
  std::size_t next_index = 0;
  const auto fail = [&](Error error) {
    outcomes.push_back({.script_index = next_index,
                        .error = std::make_shared<Error>(std::move(error)),
                        .before_running = true});
  };
  while (true) {
    auto step = steps.next();
    if (!step) {
      fail(std::move(step).error());
      return outcomes;
    }
    if (!*step) break;
    next_index = (*step)->script_index;
    if (auto taken = take(**step, options, progress); !taken) {
      fail(std::move(taken).error());
      return outcomes;
    }
    progress.hear(StepApplied{.script_index = next_index, .execution_time = {}});
    outcomes.push_back({.script_index = next_index++});
  }
  if (auto ended = script_.end_group(); !ended) fail(std::move(ended).error());
  return outcomes;
}

Result<ScriptStart> start_of(Database& database) {
  if (database.dialect() == sql::Dialect::sqlite) {
    const std::array questions = {Query{.text = "PRAGMA foreign_keys"}};
    const auto rows = DUNLIN_TRY(database.query(questions));
    const bool on = !rows[0].empty() && rows[0][0].at(0) == "1";
    return ScriptStart{.foreign_keys = on};
  }
  const std::array questions = {
      Query{.text = "SELECT pg_catalog.current_setting('role'),"
                    " pg_catalog.current_setting('search_path'),"
                    " pg_catalog.current_setting('default_transaction_read_only')"}};
  const auto rows = DUNLIN_TRY(database.query(questions));
  const Row& row = rows[0].at(0);
  return ScriptStart{.role = row.at(0).value_or("none"),
                     .search_path = row.at(1).value_or(""),
                     .read_only = row.at(2).value_or("off")};
}

}  // namespace

Result<std::unique_ptr<Database>> dry_run(Database& inner, DryRunSink& sink,
                                          DryRunOptions options) {
  auto made =
      std::make_unique<DryRun>(inner, DUNLIN_TRY(start_of(inner)), sink, std::move(options));
  DUNLIN_TRY(made->begin());
  return std::unique_ptr<Database>(std::move(made));
}

}  // namespace dunlin
