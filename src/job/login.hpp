#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "job/connect.hpp"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace dunlin {

/// Logs in to the database on a thread of its own while its owner goes on. The thread ends with the
/// object, at once if need be.
class Login {
 public:
  /// Begins. `interrupt` outlives the object.
  Login(DatabaseTarget target, const Interrupt& interrupt);
  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;
  ~Login();
  /// What became of it, once; see open(). `progress` hears, on the caller's thread, what happened
  /// so far and what happens while it waits. The object outlives the database.
  Result<std::unique_ptr<Database>> wait(Progress& progress);

 private:
  /// Takes what one thread hears to the other.
  class Mailbox final : public Progress {
   public:
    void hear(const Event& event) override;
    void close();
    void deliver_until_closed(Progress& progress);

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Event> events_;
    bool closed_ = false;
  };

  Interrupt stop_;
  Mailbox mailbox_;
  std::promise<Result<std::unique_ptr<Database>>> outcome_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace dunlin
