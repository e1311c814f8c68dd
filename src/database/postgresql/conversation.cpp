#include "database/postgresql/conversation.hpp"

#include "base/text.hpp"

#include <libpq-fe.h>

#include <algorithm>

namespace dunlin::postgresql {
namespace {

using namespace std::chrono_literals;

constexpr auto kCancelTime = 4s;
constexpr std::size_t kCopyPiece =
    std::size_t{64} * 1024;  ///< bytes; more would wait in libpq's buffer

/// One exchange; each method returns false once the link is closed.
class Conversation {
 public:
  explicit Conversation(Link& link) : link_(link) {}

  bool ask(std::string_view text) {
    const std::string terminated(text);
    if (PQsendQuery(link_.get(), terminated.c_str()) == 0) return broken();
    // No single-row mode: back in pipeline mode libpq would keep it for the next message.
    return flush();
  }

  /// The next result, nullptr at the end.
  Reply next() {
    while (link_.alive() && PQisBusy(link_.get()) != 0) {
      if (!rest(For::reading)) return nullptr;
    }
    return Reply(link_.alive() ? PQgetResult(link_.get()) : nullptr);
  }

  bool put(std::string_view data) {
    while (!data.empty()) {
      const auto piece = data.substr(0, kCopyPiece);
      const int sent = PQputCopyData(link_.get(), piece.data(), static_cast<int>(piece.size()));
      if (sent < 0) break;  // the server has refused; its reason comes as a result
      if (sent > 0) data.remove_prefix(piece.size());
      if (!flush()) return false;
      if (canceller_ != nullptr) return end_copy("the run was stopped");
    }
    return end_copy(nullptr);
  }

  bool skip_copy_out() {
    char* row = nullptr;
    while (link_.alive()) {
      const int length = PQgetCopyData(link_.get(), &row, 1);
      PQfreemem(row);
      if (length < 0) return true;
      if (length == 0 && !rest(For::reading)) return false;
    }
    return false;
  }

 private:
  bool end_copy(const char* complaint) {
    while (link_.alive() && PQputCopyEnd(link_.get(), complaint) == 0) {
      if (!rest(For::reading_and_writing)) return false;
    }
    return flush();
  }

  bool flush() {
    while (link_.alive()) {
      const int unsent = PQflush(link_.get());
      if (unsent == 0) return true;
      if (unsent < 0) return broken();
      if (!rest(For::reading_and_writing)) return false;
    }
    return false;
  }

  /// Waits for the socket and reads what is there.
  bool rest(For what) {
    if (canceller_ == nullptr && link_.interrupted()) {
      until_ = std::chrono::steady_clock::now() + kCancelTime;
      canceller_ = std::make_unique<Canceller>(*link_.get());
    }
    const auto* interrupt = canceller_ == nullptr ? link_.interrupt() : nullptr;
    const auto wake = wait(PQsocket(link_.get()), what, until_, interrupt);
    if (wake == Wake::timed_out) {
      link_.close("the server did not answer a request to cancel within 4 s");
      return false;
    }
    return wake == Wake::interrupted || PQconsumeInput(link_.get()) == 1 || broken();
  }

  bool broken() {
    const std::string_view text = trim(PQerrorMessage(link_.get()));
    link_.close(std::string(text.substr(0, text.find('\n'))));
    return false;
  }

  Link& link_;
  std::unique_ptr<Canceller> canceller_;
  std::optional<Deadline> until_;
};

void exchange(Link& link, std::string_view text, std::string_view data,
              const std::function<void(pg_result&)>& handle) {
  Conversation conversation(link);
  if (!conversation.ask(text)) return;
  while (const Reply reply = conversation.next()) {
    const auto status = PQresultStatus(reply.get());
    if (status == PGRES_COPY_IN && !conversation.put(data)) return;
    if (status == PGRES_COPY_OUT && !conversation.skip_copy_out()) return;
    if (status != PGRES_COPY_IN && status != PGRES_COPY_OUT) handle(*reply);
    if (PQstatus(link.get()) == CONNECTION_BAD) return link.close(message_of(*reply).message);
  }
}

}  // namespace

void converse(Link& link, std::string_view text, std::string_view data,
              const std::function<void(pg_result&)>& handle) {
  if (!link.alive()) return;
  PQexitPipelineMode(link.get());
  exchange(link, text, data, handle);
  if (link.alive()) PQenterPipelineMode(link.get());
}

}  // namespace dunlin::postgresql
