#include "database/postgresql/link.hpp"

#include "base/handle.hpp"
#include "base/text.hpp"

#include <libpq-fe.h>

#include <poll.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace dunlin::postgresql {
namespace {

using namespace std::chrono_literals;

std::string field(const PGresult& reply, int code) {
  const char* text = PQresultErrorField(&reply, code);
  return text != nullptr ? text : "";
}

/// Milliseconds for poll(): -1 without a deadline, never negative with one, rounded up.
int poll_time(std::optional<Deadline> until) {
  if (!until) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1'000'000'000));
}

bool is_error(const ServerNotice& notice) {
  return notice.severity == "ERROR" || notice.severity == "FATAL" || notice.severity == "PANIC";
}

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }
void ClearReply::operator()(pg_result* reply) const noexcept { PQclear(reply); }

Link::Link(Connection connection, const Interrupt* interrupt)
    : connection_(std::move(connection)), interrupt_(interrupt) {
  PQsetNoticeReceiver(get(), &Link::note, this);
  PQsetErrorVerbosity(get(), PQERRORS_DEFAULT);
  PQsetnonblocking(get(), 1);
  PQenterPipelineMode(get());
}

void Link::close(std::string reason) noexcept {
  if (!alive()) return;
  // What a server says while nobody asks it is its reason: libpq only sees the socket close.
  const auto last_word = std::ranges::find_if(notices_.rbegin(), notices_.rend(), is_error);
  reason_ = last_word != notices_.rend() ? last_word->message : std::move(reason);
  connection_.reset();
}

Error Link::lost() const {
  return {.code = ErrorCode::database_unreachable,
          .message = fmt::format("the connection to the database at {} was lost: {}", place,
                                 reason_.empty() ? "it is closed" : reason_),
          .hint = "run the same command again: what was committed stays and is not run twice",
          .sqlstate = "08006"};
}

bool Link::idle() const noexcept { return alive() && PQtransactionStatus(get()) == PQTRANS_IDLE; }

std::vector<ServerNotice> Link::take_notices() { return std::exchange(notices_, {}); }

void Link::note(void* link, const pg_result* reply) noexcept {
  auto message = message_of(*reply);
  static_cast<Link*>(link)->notices_.push_back({.severity = std::move(message.severity),
                                                .message = std::move(message.message),
                                                .sqlstate = std::move(message.sqlstate),
                                                .detail = std::move(message.detail),
                                                .hint = std::move(message.hint)});
}

Wake wait(int socket, For what, std::optional<Deadline> until, const Interrupt* interrupt) {
  const auto events = what == For::reading   ? POLLIN
                      : what == For::writing ? POLLOUT
                                             : (POLLIN | POLLOUT);
  while (true) {
    std::array descriptors{
        pollfd{.fd = socket, .events = static_cast<short>(events), .revents = 0},
        pollfd{.fd = interrupt != nullptr ? interrupt->fd() : -1, .events = POLLIN, .revents = 0}};
    const int count = ::poll(descriptors.data(), descriptors.size(), poll_time(until));
    if (descriptors[1].revents != 0) return Wake::interrupted;
    if (count > 0) return Wake::ready;
    if (until && std::chrono::steady_clock::now() >= *until) return Wake::timed_out;
  }
}

bool pause(Deadline until, const Interrupt* interrupt) {
  return wait(-1, For::reading, until, interrupt) == Wake::timed_out;
}

ServerMessage message_of(const pg_result& reply) {
  ServerMessage message{.severity = field(reply, PG_DIAG_SEVERITY_NONLOCALIZED),
                        .sqlstate = field(reply, PG_DIAG_SQLSTATE),
                        .message = field(reply, PG_DIAG_MESSAGE_PRIMARY),
                        .detail = field(reply, PG_DIAG_MESSAGE_DETAIL),
                        .hint = field(reply, PG_DIAG_MESSAGE_HINT),
                        .context = field(reply, PG_DIAG_CONTEXT)};
  for (const char digit : field(reply, PG_DIAG_STATEMENT_POSITION)) {
    if (digit < '0' || digit > '9') break;
    message.position = message.position * 10 + static_cast<std::size_t>(digit - '0');
  }
  // Poolers leave the untranslated word out.
  if (message.severity.empty()) message.severity = field(reply, PG_DIAG_SEVERITY);
  // libpq's own errors (a lost connection) have no fields, only a text.
  if (message.message.empty()) message.message = trim(PQresultErrorMessage(&reply));
  return message;
}

Rows rows_of(const pg_result& reply) {
  const int columns = PQnfields(&reply);
  Rows rows(static_cast<std::size_t>(PQntuples(&reply)));
  for (int row = 0; auto& cells : rows) {
    cells.resize(static_cast<std::size_t>(columns));
    for (int column = 0; auto& cell : cells) {
      if (PQgetisnull(&reply, row, column) == 0) {
        cell.emplace(PQgetvalue(&reply, row, column),
                     static_cast<std::size_t>(PQgetlength(&reply, row, column)));
      }
      ++column;
    }
    ++row;
  }
  return rows;
}

std::vector<std::string> columns_of(const pg_result& reply) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(PQnfields(&reply)));
  for (int column = 0; column < PQnfields(&reply); ++column)
    names.emplace_back(PQfname(&reply, column));
  return names;
}

/// Shared with the thread, which may outlive everything else while a request hangs in connect().
struct Canceller::State {
  Handle<PGcancel, PQfreeCancel> request;
  std::mutex mutex;
  std::condition_variable changed;
  bool stop = false;
  bool ended = false;
};

Canceller::Canceller(pg_conn& connection) : state_(std::make_shared<State>()) {
  state_->request.reset(PQgetCancel(&connection));
  std::thread([state = state_] {
    std::array<char, 256> complaint{};
    std::unique_lock lock(state->mutex);
    while (!state->stop) {
      lock.unlock();
      PQcancel(state->request.get(), complaint.data(), static_cast<int>(complaint.size()));
      lock.lock();
      state->changed.wait_for(lock, 50ms, [&] { return state->stop; });
    }
    state->ended = true;
    state->changed.notify_all();
  }).detach();
}

Canceller::~Canceller() {
  // A request still under way could hit the next statement, so its end is waited for; but not for
  // ever, since connect() may hang.
  std::unique_lock lock(state_->mutex);
  state_->stop = true;
  state_->changed.notify_all();
  state_->changed.wait_for(lock, 500ms, [&] { return state_->ended; });
}

}  // namespace dunlin::postgresql
