#include "database/postgresql/feed.hpp"

namespace dunlin::postgresql {

const Step* Feed::peek() {
  if (waiting_.empty() && !ended_) {
    auto next = source_.next();
    ended_ = !next || !*next;
    if (!next) {
      error_ = std::move(next).error();
    } else if (!ended_) {
      waiting_.push_back({.step = std::move(**next)});
    }
  }
  return waiting_.empty() ? nullptr : &waiting_.front().step;
}

Item Feed::take() {
  auto item = std::move(waiting_.front());
  waiting_.pop_front();
  next_index_ = item.step.script_index + 1;
  return item;
}

}  // namespace dunlin::postgresql
