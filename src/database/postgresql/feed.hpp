#pragma once

#include "migration/step.hpp"

#include <deque>
#include <optional>

namespace dunlin::postgresql {

/// A step on its way to the server.
struct Item {
  Step step;
  std::size_t announced = 0;  ///< parts that progress has heard of
  bool started = false;       ///< progress has heard of the step
  int table_lock_waits = 0;
};

/// The steps still to run, the next of them in sight: what goes into a window depends on it.
class Feed {
 public:
  explicit Feed(StepSource& source) : source_(source) {}

  /// The next step; nullptr at the end, or where making one ready failed: see error().
  const Step* peek();
  /// Takes the step that peek() showed.
  Item take();
  /// Puts a step back in front, to be sent again.
  void give_back(Item item) { waiting_.push_front(std::move(item)); }
  /// Why there is no next step, if that is no ordinary end.
  [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }
  /// The script_index of the step after the last one taken, as far as that is known.
  [[nodiscard]] std::size_t next_index() const noexcept { return next_index_; }

 private:
  StepSource& source_;
  std::deque<Item> waiting_;
  std::optional<Error> error_;
  std::size_t next_index_ = 0;
  bool ended_ = false;
};

}  // namespace dunlin::postgresql
