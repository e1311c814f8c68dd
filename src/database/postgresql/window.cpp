#include "base/text.hpp"
#include "database/postgresql/history_sql.hpp"
#include "database/postgresql/lock.hpp"
#include "database/postgresql/run.hpp"

#include <libpq-fe.h>

#include <algorithm>

// A window is one pipeline with one Sync: the proof of the lock, then a block BEGIN ... COMMIT for
// each step, with nothing between a COMMIT and the next BEGIN. When a message fails, the server
// skips all that follow up to the Sync: earlier blocks are committed, the failed one is rolled
// back, later ones never ran. docs/pipeline.md tells the rest.
namespace dunlin::postgresql {
namespace {

class Window {
 public:
  explicit Window(Run& run)
      : run_(run),
        reader_(run.progress, run.options.output_query_rows),
        pipeline_(run.link(), [this](const Tag& tag, pg_result& reply) { take(tag, reply); }) {}

  /// Sends steps until one must not be in this window, and settles what became of them.
  bool carry() {
    run_.send_proof(pipeline_);
    while (!pipeline_.stopped()) {
      items_.push_back(run_.feed.take());
      bytes_ += size_of(items_.back().step);
      const bool last = ends_after_this();
      send_block(items_.size() - 1, last);
      sent_last_ = last;
      if (last) break;
    }
    pipeline_.finish();
    run_.pass_notices();
    return settle();
  }

 private:
  [[nodiscard]] bool asynchronous() const {
    return run_.session.options.asynchronous_commits && !run_.in_group();
  }

  bool ends_after_this() {
    const Step* next = run_.feed.peek();
    return next == nullptr || breaks_window(*next, run_.options) || refusal(*next) ||
           bytes_ + size_of(*next) > run_.session.options.window_bytes;
  }

  // ---- sending

  void send_block(std::size_t at, bool last) {
    const Step& step = items_[at].step;
    send_begin(at, last);
    const Started started = note_start(step);
    for (std::size_t part = 0; part < step.parts.size(); ++part) {
      if (started == Started::noted && part == first_script_part(step))
        pipeline_.send(start_mark(), {.kind = Tag::Kind::begin, .step = at, .part = part});
      for (std::size_t n = 0; n < step.parts[part].count; ++n) {
        pipeline_.send(statement_at(step, part, n).text,
                       {.kind = Tag::Kind::statement, .step = at, .part = part, .statement = n});
      }
    }
    send_end(at, last, started);
  }

  void send_begin(std::size_t at, bool last) {
    const Tag tag{.kind = Tag::Kind::begin, .step = at};
    if (!run_.group_is_open) pipeline_.send("BEGIN", tag);
    if (run_.in_group() && !run_.group_is_open) group_began_here_ = run_.group_is_open = true;
    const auto settings = run_.settings(asynchronous() && !last);
    pipeline_.send(settings.text, settings.parameters, tag);
    // Here and not at the block's end: the results of the block before come back, and the word that
    // this one has begun does not wait for a long statement.
    pipeline_.send_flush_request();
  }

  void send_end(std::size_t at, bool last, Started started) {
    const Step& step = items_[at].step;
    const bool commits = !run_.in_group() || group_ends(last);
    const auto restore = run_.restore(commits && (last || !asynchronous()));
    pipeline_.send(restore.text, restore.parameters, {.kind = Tag::Kind::restore, .step = at});
    if (step.effect == HistoryEffect::insert) {
      const auto row = history_append(run_.options.history, step.row, started);
      pipeline_.send(row.text, row.parameters, {.kind = Tag::Kind::row, .step = at});
    }
    if (commits) pipeline_.send("COMMIT", {.kind = Tag::Kind::commit, .step = at});
    group_committed_ = run_.in_group() && commits;
  }

  bool group_ends(bool last) { return last && run_.feed.peek() == nullptr && !run_.feed.error(); }

  [[nodiscard]] Started note_start(const Step& step) const {
    if (step.effect == HistoryEffect::none) return Started::with_transaction;
    return run_.in_group() || step.parts.size() > 1 ? Started::noted : Started::with_transaction;
  }

  static std::size_t first_script_part(const Step& step) {
    const auto found =
        std::ranges::find_if(step.parts, [](const Part& part) { return part.callback.empty(); });
    return found != step.parts.end() ? static_cast<std::size_t>(found - step.parts.begin()) : 0;
  }

  // ---- what comes back

  void take(const Tag& tag, pg_result& reply) {
    const bool is_error = PQresultStatus(&reply) == PGRES_FATAL_ERROR;
    if (is_error) failure_ = {tag, message_of(reply)};
    if (tag.kind != Tag::Kind::proof) announce(tag);
    run_.pass_notices();
    if (tag.kind == Tag::Kind::proof || is_error) return;
    Item const& item = items_[tag.step];
    if (tag.kind == Tag::Kind::statement)
      return reader_.take(reply, statement_at(item.step, tag.part, tag.statement));
    if (tag.kind == Tag::Kind::row) note_time(rows_of(reply));
    if (tag.kind == last_of(item.step)) executed(item);
  }

  void announce(const Tag& tag) {
    Item& item = items_[tag.step];
    const auto& parts = item.step.parts;
    if (tag.kind == Tag::Kind::statement) return run_.announce(item, tag.part);
    if (tag.kind != Tag::Kind::begin) return run_.announce_all(item);
    if (parts.empty() || parts.front().callback.empty()) run_.announce(item, 0);
  }

  void note_time(const Rows& rows) {
    if (rows.empty()) return;
    time_ = std::chrono::milliseconds(std::strtoll(rows[0][0].value_or("0").c_str(), nullptr, 10));
  }

  /// The message with which a step is through.
  [[nodiscard]] Tag::Kind last_of(const Step& step) const {
    if (!run_.in_group()) return Tag::Kind::commit;
    return step.effect == HistoryEffect::insert ? Tag::Kind::row : Tag::Kind::restore;
  }

  void executed(const Item& item) {
    run_.progress.hear(StepExecuted{item.step});
    done_.push_back({.script_index = item.step.script_index, .time = std::exchange(time_, {})});
  }

  // ---- what became of it

  bool settle() {
    if (items_.empty()) items_.push_back(run_.feed.take());  // stopped before anything was sent
    if (!run_.link().alive()) return lost();
    return run_.in_group() ? settle_group() : settle_blocks();
  }

  bool settle_blocks() {
    const bool all = done_.size() == items_.size();
    const bool durable = done_.empty() || !asynchronous() || (all && sent_last_);
    if (!all && is_final()) run_.run_error_callbacks(items_[done_.size()].step);
    if ((!all || !durable) && !run_.roll_back(!durable)) return lost();
    for (const auto& done : done_) run_.applied(done);
    return all || fail(done_.size(), done_.size());
  }

  bool settle_group() {
    const bool all = done_.size() == items_.size() && !failure_;
    if (!all) {
      if (is_final()) run_.run_error_callbacks(items_[failure_->tag.step].step);
      run_.roll_back(false);
      run_.group_is_open = false;
      run_.group.clear();
      return fail(std::min(done_.size(), items_.size() - 1), group_began_here_ ? 0 : items_.size());
    }
    std::ranges::copy(done_, std::back_inserter(run_.group));
    if (!group_committed_) return true;
    run_.group_is_open = false;
    for (const auto& done : run_.group) run_.applied(done);
    run_.group.clear();
    return true;
  }

  /// Item `at` failed. True when it is to be sent again, with all from `again_from` on.
  bool fail(std::size_t at, std::size_t again_from) {
    Item& item = items_[at];
    Outcome outcome{.script_index = item.step.script_index};
    if (pipeline_.cancelled() || !failure_) {
      outcome.error = std::make_shared<Error>(interruption_of(item.step, true));
    } else if (waits_for_table(item) && again_from < items_.size()) {
      if (run_.wait_for_table(item, *failure_)) return send_again(again_from);
      outcome.error = std::make_shared<Error>(interruption_of(item.step, true));
    } else {
      const auto& tag = failure_->tag;
      outcome.error = std::make_shared<Error>(error_of(item.step, *failure_));
      run_.name_table_holders(item.step, *failure_, *outcome.error);
      if (tag.kind == Tag::Kind::statement) name_part(outcome, item.step.parts[tag.part]);
      outcome.before_running = tag.kind == Tag::Kind::proof;
    }
    run_.failed(std::move(outcome));
    return false;
  }

  /// A statement failed, and the step is not going to be sent again.
  [[nodiscard]] bool is_final() const {
    if (!failure_ || pipeline_.cancelled()) return false;
    return failure_->tag.kind == Tag::Kind::statement &&
           !waits_for_table(items_[failure_->tag.step]);
  }

  [[nodiscard]] bool waits_for_table(const Item& item) const {
    return run_.may_wait_for_table(item, *failure_);
  }

  bool send_again(std::size_t from) {
    while (items_.size() > from) {
      run_.feed.give_back(std::move(items_.back()));
      items_.pop_back();
    }
    return true;
  }

  /// The connection is gone. Only what is certain to be on disk counts as applied.
  bool lost() {
    const bool all = done_.size() == items_.size();
    const bool durable = !run_.in_group() && (!asynchronous() || (all && sent_last_));
    if (durable)
      for (const auto& done : done_) run_.applied(done);
    const std::size_t known = durable ? done_.size() : 0;
    if (known == items_.size()) return true;  // the next step finds the connection closed
    auto error = run_.link().lost();
    if (!durable && !done_.empty()) {
      error.message += fmt::format(
          "; {} of the migrations that were sent had run, if they stay is "
          "not known",
          done_.size());
    }
    if (pipeline_.cancelled()) error.code = ErrorCode::interrupted;
    run_.group.clear();
    run_.group_is_open = false;
    run_.failed({.script_index = items_[known].step.script_index,
                 .error = std::make_shared<Error>(std::move(error)),
                 .rolled_back = !run_.group_was_torn});
    return false;
  }

  Run& run_;
  ResultReader reader_;
  Pipeline pipeline_;
  std::deque<Item> items_;
  std::vector<Run::Done> done_;  // one for each of the first items
  std::optional<Failure> failure_;
  std::chrono::milliseconds time_{};
  std::size_t bytes_ = 0;
  bool sent_last_ = false;  // the last block went out whole, and its commit waits for the disk
  bool group_began_here_ = false;
  bool group_committed_ = false;
};

}  // namespace

bool run_window(Run& run) {
  if (auto proof = prove_elsewhere(run.session); !proof) {
    run.failed({.script_index = run.feed.peek()->script_index,
                .error = std::make_shared<Error>(std::move(proof).error()),
                .before_running = true});
    return false;
  }
  return Window(run).carry();
}

}  // namespace dunlin::postgresql
