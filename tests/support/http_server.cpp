#include "support/http_server.hpp"

#include "base/text.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <optional>

namespace dunlin::test {
namespace {

/// False when the server is to stop first.
bool wait_readable(int socket, int stop) {
  std::array<pollfd, 2> both = {pollfd{socket, POLLIN, 0}, pollfd{stop, POLLIN, 0}};
  return poll(both.data(), both.size(), -1) > 0 && both[1].revents == 0;
}

bool read_more(int socket, int stop, std::string& buffer) {
  std::array<char, 4096> bytes{};
  if (!wait_readable(socket, stop)) return false;
  const auto count = recv(socket, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  buffer.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

SeenRequest parse_head(const std::string& head) {
  SeenRequest request;
  const auto lines = split(head, '\n');
  const auto words = split(trim(lines.at(0)), ' ');
  request.method = words.at(0);
  request.target = words.at(1);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto colon = lines[i].find(':');
    if (colon == std::string::npos) continue;
    request.headers[lower(lines[i].substr(0, colon))] = trim(lines[i].substr(colon + 1));
  }
  return request;
}

/// Absent at the end of the connection or when the server stops.
std::optional<SeenRequest> read_request(int socket, int stop, std::string& buffer) {
  auto end = buffer.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!read_more(socket, stop, buffer)) return std::nullopt;
    end = buffer.find("\r\n\r\n");
  }
  SeenRequest request = parse_head(buffer.substr(0, end));
  buffer.erase(0, end + 4);
  const std::string length = request.headers["content-length"];
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (buffer.size() < size) {
    if (!read_more(socket, stop, buffer)) return std::nullopt;
  }
  request.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return request;
}

std::string text_of(const Reply& reply) {
  std::string text =
      fmt::format("HTTP/1.1 {} Some\r\nContent-Length: {}\r\n", reply.status, reply.body.size());
  for (const std::string& line : reply.headers) text += line + "\r\n";
  return text + "\r\n" + reply.body;
}

}  // namespace

HttpServer::HttpServer(std::function<Reply(const SeenRequest&)> answer)
    : answer_(std::move(answer)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      stop_(eventfd(0, EFD_CLOEXEC)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    perror("http_server");
    abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

HttpServer::~HttpServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(stop_, &one, sizeof one);
  acceptor_.join();
  for (std::thread& each : servers_) each.join();
  close(listener_);
  close(stop_);
}

std::vector<SeenRequest> HttpServer::seen() const {
  const std::lock_guard guard(mutex_);
  return seen_;
}

void HttpServer::accept_all() {
  while (wait_readable(listener_, stop_)) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    ++connections_;
    servers_.emplace_back([this, socket] { serve(socket); });
  }
}

void HttpServer::serve(int socket) {
  std::string buffer;
  while (const auto request = read_request(socket, stop_, buffer)) {
    Reply reply;
    {
      const std::lock_guard guard(mutex_);
      seen_.push_back(*request);
      reply = answer_(*request);
    }
    if (reply.hang) continue;
    const std::string text = text_of(reply);
    if (send(socket, text.data(), text.size(), MSG_NOSIGNAL) < 0) break;
  }
  close(socket);
}

}  // namespace dunlin::test
