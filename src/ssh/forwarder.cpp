// One thread owns the SSH session and all sockets: it waits for any of them with poll(), moves
// what can be moved without waiting, and waits again. Others hand it new sockets under a lock and
// wake it. libssh keeps what it could not send yet, so a stream is read only while the channel's
// window is open, which bounds memory at one block a stream and direction.
#include "ssh/forwarder.hpp"

#include "base/descriptor.hpp"
#include "base/text.hpp"
#include "ssh/session_state.hpp"

#include <libssh/callbacks.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace dunlin::ssh {
namespace {

constexpr std::size_t kBlock = 32768;             // bytes moved at once: a packet of SSH
constexpr auto kSign = std::chrono::seconds(30);  // between two signs of life
constexpr int kLook = 1000;  // ms after which we look again, should no descriptor tell

Error no_socket() {
  return {.code = ErrorCode::source_failed,
          .message = fmt::format("cannot make a socket: {}", reason_of(errno))};
}

struct Place {
  std::string host;
  std::uint16_t port = 0;
};

// One stream: a socket of ours, and a channel to the place.
struct Stream {
  Descriptor socket;
  Place place;
  ssh_channel_callbacks_struct callbacks = {};  // outlives the channel's use of it
  SshChannel channel = nullptr;
  bool is_open = false;
  bool has_said_all = false;   // the socket's end has been passed on
  bool has_heard_all = false;  // the channel's end has been passed on
  std::string outward;         // read from the socket, not taken by the channel yet
  std::string inward;          // read from the channel, not taken by the socket yet
};

struct Listener {
  Descriptor socket;
  Place place;
};

}  // namespace

class Forwarder::Loop {
 public:
  explicit Loop(Session session)
      : session_(std::move(session)),
        ssh_(session_.state().session.get()),
        wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        broken_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        thread_([this](const std::stop_token& gone) { run(gone); }) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    thread_.request_stop();
    wake();
  }

  void add(Stream stream) {
    {
      const std::lock_guard guard(mutex_);
      new_streams_.push_back(std::move(stream));
    }
    wake();
  }
  void add(Listener listener) {
    {
      const std::lock_guard guard(mutex_);
      new_listeners_.push_back(std::move(listener));
    }
    wake();
  }
  [[nodiscard]] std::string problem() const {
    const std::lock_guard guard(mutex_);
    return problem_;
  }
  [[nodiscard]] int broken_fd() const noexcept { return broken_.get(); }

 private:
  void wake() const noexcept {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(wake_.get(), &one, sizeof one);
  }

  void run(const std::stop_token& gone) {
    while (!gone.stop_requested()) {
      take_new();
      // Whoever reads from one channel may be given what belongs to another: then once more, since
      // no descriptor will tell of it.
      do {
        something_came_ = false;
        ssh_channel_poll(listening_.get(), 0);  // hears the server also while there is no stream
        for (auto& stream : streams_) serve(stream);
      } while (something_came_);
      std::erase_if(streams_, is_over);
      if (ssh_is_connected(ssh_) == 0) return end(last_words(ssh_));
      keep_alive();
      wait();
      accept_new();
    }
  }

  // Networks forget connections on which nothing is said.
  void keep_alive() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_sign_) return;
    ssh_send_ignore(ssh_, "");
    next_sign_ = now + kSign;
  }

  void take_new() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = read(wake_.get(), &count, sizeof count);
    const std::lock_guard guard(mutex_);
    for (auto& stream : new_streams_) streams_.push_back(std::move(stream));
    for (auto& listener : new_listeners_) listeners_.push_back(std::move(listener));
    new_streams_.clear();
    new_listeners_.clear();
  }

  void note(std::string problem) {
    const std::lock_guard guard(mutex_);
    problem_ = std::move(problem);
  }

  // The connection is gone: so are all streams, and new ones end at once.
  void end(const std::string& why) {
    note(fmt::format("the SSH connection to {} broke{}{}", session_.state().host,
                     why.empty() ? "" : ": ", why));
    streams_.clear();
    listeners_.clear();
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(broken_.get(), &one, sizeof one);
  }

  void wait() {
    const auto flags = static_cast<unsigned>(ssh_get_poll_flags(ssh_));
    watched_.assign(
        {{wake_.get(), POLLIN, 0},
         {ssh_get_fd(ssh_),
          static_cast<short>(POLLIN | ((flags & SSH_WRITE_PENDING) != 0 ? POLLOUT : 0)), 0}});
    for (const auto& listener : listeners_) watched_.push_back({listener.socket.get(), POLLIN, 0});
    for (const auto& stream : streams_) {
      int events = 0;
      if (can_read(stream)) events |= POLLIN;
      if (!stream.inward.empty()) events |= POLLOUT;
      // A socket of which nothing is wanted is left out: its hang-up would wake us for ever.
      watched_.push_back({events == 0 ? -1 : stream.socket.get(), static_cast<short>(events), 0});
    }
    poll(watched_.data(), watched_.size(), kLook);
  }

  static bool is_over(Stream& stream) {
    if (!stream.has_said_all || !stream.has_heard_all || !stream.inward.empty()) return false;
    if (stream.channel != nullptr)
      ssh_remove_channel_callbacks(stream.channel.get(), &stream.callbacks);
    return true;
  }

  static bool can_read(const Stream& stream) {
    return stream.is_open && !stream.has_said_all && stream.outward.empty() &&
           ssh_channel_window_size(stream.channel.get()) > 0;
  }

  void accept_new() {
    for (const auto& listener : listeners_) {
      const int fd = accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (fd < 0) continue;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      streams_.push_back({.socket = Descriptor(fd), .place = listener.place});
    }
  }

  void serve(Stream& stream) {
    if (!stream.is_open && !open(stream)) return;
    // Each side may make room for the other, so until nothing moves.
    while (outward(stream) || inward(stream)) {
    }
  }

  // False while the channel is not open, or when it never will be.
  bool open(Stream& stream) {
    if (stream.has_said_all) return false;
    if (stream.channel == nullptr) {
      stream.channel.reset(ssh_channel_new(ssh_));
      watch(stream);
    }
    const int answer = ssh_channel_open_forward(stream.channel.get(), stream.place.host.c_str(),
                                                stream.place.port, "127.0.0.1", 0);
    if (answer == SSH_AGAIN) return false;
    stream.is_open = answer == SSH_OK;
    if (stream.is_open) return true;
    const auto words = last_words(ssh_);
    note(fmt::format("{} cannot reach {}:{}: {}", session_.state().host, stream.place.host,
                     stream.place.port,
                     words.substr(words.starts_with("Channel opening failure: ") ? 25 : 0)));
    stream.has_said_all = stream.has_heard_all = true;  // and so it goes
    return false;
  }

  // libssh keeps what comes; we only want to know of it.
  void watch(Stream& stream) {
    stream.callbacks.size = sizeof stream.callbacks;
    stream.callbacks.userdata = this;
    stream.callbacks.channel_data_function = [](ssh_session, ssh_channel, void*, std::uint32_t, int,
                                                void* self) noexcept {
      static_cast<Loop*>(self)->something_came_ = true;
      return 0;  // bytes taken
    };
    const auto ended = [](ssh_session, ssh_channel, void* self) noexcept {
      static_cast<Loop*>(self)->something_came_ = true;
    };
    stream.callbacks.channel_eof_function = ended;
    stream.callbacks.channel_close_function = ended;
    ssh_set_channel_callbacks(stream.channel.get(), &stream.callbacks);
  }

  // From the socket into the channel. True if something moved.
  bool outward(Stream& stream) {
    bool moved = false;
    if (can_read(stream)) {
      std::array<char, kBlock> block{};
      const auto got = recv(stream.socket.get(), block.data(), block.size(), 0);
      if (got > 0) stream.outward.assign(block.data(), static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        ssh_channel_send_eof(stream.channel.get());
        stream.has_said_all = true;
      }
      moved = got >= 0;
    }
    if (stream.outward.empty()) return moved;
    const int sent = ssh_channel_write(stream.channel.get(), stream.outward.data(),
                                       static_cast<std::uint32_t>(stream.outward.size()));
    if (sent > 0) stream.outward.erase(0, static_cast<std::size_t>(sent));
    if (sent < 0 && sent != SSH_AGAIN) stream.outward.clear();  // the channel's end tells the rest
    return moved || sent > 0;
  }

  bool inward(Stream& stream) {
    if (stream.inward.empty() && !stream.has_heard_all) {
      std::array<char, kBlock> block{};
      auto* const channel = stream.channel.get();
      const int got = ssh_channel_read_nonblocking(channel, block.data(), block.size(), 0);
      if (got > 0) stream.inward.assign(block.data(), static_cast<std::size_t>(got));
      if (got <= 0 && got != SSH_AGAIN &&
          (got < 0 || ssh_channel_is_eof(channel) != 0 || ssh_channel_is_closed(channel) != 0)) {
        shutdown(stream.socket.get(), SHUT_WR);
        stream.has_heard_all = true;
        // Whoever will not hear any more has nothing to say either.
        stream.has_said_all = stream.has_said_all || ssh_channel_is_closed(channel) != 0;
      }
    }
    if (stream.inward.empty()) return false;
    const auto sent =
        send(stream.socket.get(), stream.inward.data(), stream.inward.size(), MSG_NOSIGNAL);
    if (sent > 0) stream.inward.erase(0, static_cast<std::size_t>(sent));
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      stream.inward.clear();
      stream.has_heard_all = stream.has_said_all = true;  // the socket is gone
    }
    return sent > 0;
  }

  Session session_;
  ssh_session ssh_;
  SshChannel listening_{ssh_channel_new(ssh_)};  // never opened
  std::chrono::steady_clock::time_point next_sign_ = std::chrono::steady_clock::now() + kSign;
  Descriptor wake_;
  Descriptor broken_;
  std::list<Stream> streams_;
  std::vector<Listener> listeners_;
  std::vector<pollfd> watched_;
  bool something_came_ = false;

  mutable std::mutex mutex_;  // of what follows
  std::vector<Stream> new_streams_;
  std::vector<Listener> new_listeners_;
  std::string problem_;
  std::jthread thread_;  // last: it uses all of the above
};

Forwarder::Forwarder(Session session) : loop_(std::make_unique<Loop>(std::move(session))) {}
Forwarder::~Forwarder() = default;

Result<int> Forwarder::dial(std::string host, std::uint16_t port) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0) {
    return no_socket();
  }
  loop_->add(
      Stream{.socket = Descriptor(ends[1]), .place = {.host = std::move(host), .port = port}});
  return ends[0];
}

Result<std::uint16_t> Forwarder::listen(std::uint16_t local, std::string host, std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0) return no_socket();
  const int on = 1;
  setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(local);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (bind(socket.get(), generic, size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0 ||
      getsockname(socket.get(), generic, &size) != 0) {
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("cannot listen on 127.0.0.1:{}: {}", local, reason_of(errno)),
        .hint = "name another port, or none: then any that is free is taken"};
  }
  loop_->add(
      Listener{.socket = std::move(socket), .place = {.host = std::move(host), .port = port}});
  return ntohs(address.sin_port);
}

std::string Forwarder::problem() const { return loop_->problem(); }
int Forwarder::broken_fd() const noexcept { return loop_->broken_fd(); }

}  // namespace dunlin::ssh
