#pragma once

#include "database/postgresql/link.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace dunlin::postgresql {

/// What a message of a pipeline was, so that its result finds its way home.
struct Tag {
  enum class Kind : std::uint8_t {
    query,      ///< of a batch; `statement` counts them
    proof,      ///< that the lock is still held
    begin,      ///< BEGIN and what sets the block up
    statement,  ///< of a script: rows come one by one
    restore,    ///< role, durability
    row,        ///< writes the history row
    commit,
    sync,  ///< the pipeline's end; never handed to the handler
  } kind = Kind::query;
  std::size_t step = 0;  ///< in its window
  std::size_t part = 0;  ///< of the step
  std::size_t statement = 0;
};

/// One pipeline from its first message to its Sync: sends without waiting, reads meanwhile so that
/// neither side's buffers fill up, and hands every result to the handler in the order of sending.
///
/// After the first error the server skips everything up to the Sync; those messages get no result
/// here. A stop that is requested makes the pipeline send its Sync at once and ask the server to
/// cancel until it answers; after four seconds the socket is closed.
class Pipeline {
 public:
  /// Called once per result: every row of a `statement` is one, and then its end.
  using Handler = std::function<void(const Tag&, pg_result&)>;

  Pipeline(Link& link, Handler handler) : link_(link), handler_(std::move(handler)) {}

  /// Nothing interrupts this pipeline; after `time` the socket is closed. For unlocking.
  void hurry(std::chrono::milliseconds time);

  /// Sends one statement; parameters fill $1, $2, ... as text.
  void send(std::string_view text, const Row& parameters, const Tag& tag);
  void send(std::string_view text, const Tag& tag) { send(text, {}, tag); }
  /// Makes the server send what it has so far.
  void send_flush_request();
  /// True when more messages would be skipped anyway: an error, a stop, a lost connection.
  [[nodiscard]] bool stopped() const noexcept { return failed_ || cancelled_ || !link_.alive(); }
  /// Sends the Sync and reads everything up to its answer. link.alive() tells if it came.
  void finish();
  /// A stop was requested before the end came.
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }

 private:
  /// A message that waits for its answer. libpq keeps its text until then.
  struct Expected {
    Tag tag;
    std::size_t bytes = 0;
  };

  void post(std::string_view text, const Row& parameters);
  void pump(std::size_t most_in_flight);
  void sync();
  void take_results();
  void take_one(pg_result* reply);
  void push();
  bool wait_for_server(bool unsent);
  void cancel();

  Link& link_;
  Handler handler_;
  std::deque<Expected> expected_;
  std::size_t in_flight_ = 0;  // bytes of expected_
  std::size_t unflushed_ = 0;  // of them, sent after the last request to answer
  std::unique_ptr<Canceller> canceller_;
  std::optional<Deadline> until_;
  bool hurried_ = false;
  bool row_mode_ = false;  // asked for the front of expected_
  bool seen_ = false;      // the front of expected_ has had a result
  bool failed_ = false;
  bool cancelled_ = false;
  bool synced_ = false;
};

}  // namespace dunlin::postgresql
