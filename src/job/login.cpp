#include "job/login.hpp"

#include <csignal>
#include <exception>
#include <utility>

namespace dunlin {

void Login::Mailbox::hear(const Event& event) {
  const std::lock_guard guard(mutex_);
  events_.push_back(event);
  changed_.notify_one();
}

void Login::Mailbox::close() {
  const std::lock_guard guard(mutex_);
  closed_ = true;
  changed_.notify_one();
}

void Login::Mailbox::deliver_until_closed(Progress& progress) {
  std::unique_lock lock(mutex_);
  for (bool is_last = false; !is_last;) {
    changed_.wait(lock, [&] { return closed_ || !events_.empty(); });
    is_last = closed_;
    const std::vector<Event> events = std::exchange(events_, {});
    lock.unlock();
    for (const Event& event : events) progress.hear(event);
    lock.lock();
  }
}

Login::Login(DatabaseTarget target, const Interrupt& interrupt)
    : stop_(&interrupt), thread_([this, target = std::move(target)]() mutable {
        try {
          outcome_.set_value(open(std::move(target), stop_, mailbox_));
        } catch (...) {
          outcome_.set_exception(std::current_exception());  // a bug, for the owner's thread
        }
        mailbox_.close();
      }) {}

Login::~Login() { stop_.request(SIGTERM); }

Result<std::unique_ptr<Database>> Login::wait(Progress& progress) {
  mailbox_.deliver_until_closed(progress);
  return outcome_.get_future().get();
}

}  // namespace dunlin
