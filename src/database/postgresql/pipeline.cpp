#include "database/postgresql/pipeline.hpp"

#include "base/text.hpp"

#include <libpq-fe.h>

#include <vector>

namespace dunlin::postgresql {
namespace {

using namespace std::chrono_literals;

/// How long a server that was asked to cancel may take before the socket is closed.
constexpr auto kCancelTime = 4s;

// A script of any size takes no more memory than this on its way, and keeps the server busy: 50
// MB/s over a network of 20 ms.
constexpr std::size_t kMostInFlight = std::size_t{1} << 20U;
constexpr std::size_t kFlushEvery = kMostInFlight / 4;

std::string first_line(std::string_view text) {
  text = trim(text);
  return std::string(text.substr(0, text.find('\n')));
}

std::string complaint(const pg_conn* connection) { return first_line(PQerrorMessage(connection)); }

/// After it the server closes the connection.
bool is_last_word(const ServerMessage& message) {
  return message.severity == "FATAL" || message.severity == "PANIC";
}

}  // namespace

void Pipeline::hurry(std::chrono::milliseconds time) {
  hurried_ = true;
  until_ = std::chrono::steady_clock::now() + time;
}

void Pipeline::send(std::string_view text, const Row& parameters, const Tag& tag) {
  if (stopped()) return;
  post(text, parameters);
  if (!link_.alive()) return;
  const std::size_t bytes = text.size();
  expected_.push_back({.tag = tag, .bytes = bytes});
  in_flight_ += bytes;
  unflushed_ += bytes;
  if (unflushed_ >= kFlushEvery) return send_flush_request();
  pump(kMostInFlight);
}

void Pipeline::post(std::string_view text, const Row& parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const auto& value : parameters) values.push_back(value ? value->c_str() : nullptr);
  const std::string terminated(text);  // libpq wants a C string
  if (PQsendQueryParams(link_.get(), terminated.c_str(), static_cast<int>(values.size()), nullptr,
                        values.data(), nullptr, nullptr, 0) == 0)
    link_.close(complaint(link_.get()));
}

void Pipeline::send_flush_request() {
  if (stopped()) return;
  PQsendFlushRequest(link_.get());
  unflushed_ = 0;
  pump(kMostInFlight);
}

void Pipeline::finish() {
  sync();
  pump(0);
  canceller_.reset();
}

void Pipeline::sync() {
  if (synced_ || !link_.alive()) return;
  synced_ = true;
  if (PQpipelineSync(link_.get()) == 0) return link_.close(complaint(link_.get()));
  expected_.push_back({.tag = {.kind = Tag::Kind::sync}});
}

/// Sends what is buffered and takes what has come, until all is sent and no more than so many bytes
/// wait for their answer; 0: until all is answered.
void Pipeline::pump(std::size_t most_in_flight) {
  while (link_.alive()) {
    if (!hurried_ && !cancelled_ && link_.interrupted()) cancel();
    const int unsent = PQflush(link_.get());
    take_results();
    if (!link_.alive() || expected_.empty()) return;
    if (unsent < 0) return push();
    if (most_in_flight > 0 && in_flight_ <= most_in_flight && unsent == 0) return;
    if (!wait_for_server(unsent > 0)) return;
  }
}

/// The socket broke while sending; what the server said before that may still be read.
void Pipeline::push() {
  PQconsumeInput(link_.get());
  take_results();
  if (link_.alive()) link_.close(complaint(link_.get()));
}

bool Pipeline::wait_for_server(bool unsent) {
  const auto* interrupt = hurried_ || cancelled_ ? nullptr : link_.interrupt();
  const auto wake = wait(PQsocket(link_.get()), unsent ? For::reading_and_writing : For::reading,
                         until_, interrupt);
  if (wake == Wake::timed_out) {
    link_.close(cancelled_ ? "the server did not answer a request to cancel within 4 s"
                           : "the server did not answer in time");
    return false;
  }
  if (wake == Wake::ready && PQconsumeInput(link_.get()) == 0) {
    push();
    return link_.alive();
  }
  return true;
}

void Pipeline::cancel() {
  cancelled_ = true;
  until_ = std::chrono::steady_clock::now() + kCancelTime;
  sync();
  canceller_ = std::make_unique<Canceller>(*link_.get());
}

void Pipeline::take_results() {
  while (link_.alive() && !expected_.empty()) {
    // Before anything is parsed, or the rows would be collected.
    if (expected_.front().tag.kind == Tag::Kind::statement && !row_mode_)
      row_mode_ = PQsetSingleRowMode(link_.get()) == 1;
    if (PQisBusy(link_.get()) != 0) return;
    take_one(PQgetResult(link_.get()));
  }
}

void Pipeline::take_one(pg_result* raw) {
  const Reply reply(raw);
  if (reply == nullptr) {  // the end of one message's results
    if (!seen_) return link_.close("the protocol went out of step");
    in_flight_ -= expected_.front().bytes;
    expected_.pop_front();
    seen_ = row_mode_ = false;
    return;
  }
  seen_ = true;
  switch (PQresultStatus(reply.get())) {
    case PGRES_PIPELINE_SYNC:  // no NULL follows this one
      expected_.pop_front();
      seen_ = false;
      return;
    case PGRES_PIPELINE_ABORTED:
      return;
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:  // libpq cannot leave a COPY within a pipeline
      handler_(expected_.front().tag, *reply);
      return link_.close("a COPY was met where none can run");
    case PGRES_FATAL_ERROR:
      failed_ = true;
      // In the place of the Sync's answer it is a pooler's last word.
      if (expected_.front().tag.kind == Tag::Kind::sync)
        return link_.close(first_line(message_of(*reply).message));
      handler_(expected_.front().tag, *reply);
      if (const auto message = message_of(*reply);
          PQstatus(link_.get()) == CONNECTION_BAD || is_last_word(message))
        link_.close(first_line(message.message));
      return;
    default:
      handler_(expected_.front().tag, *reply);
  }
}

}  // namespace dunlin::postgresql
