#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace dunlin::test {

struct SeenRequest {
  std::string method;
  std::string target;                          ///< path and query, as sent
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

struct Reply {
  int status = 200;
  std::string body;
  std::vector<std::string> headers;  ///< whole lines, such as "Date: ..."
  bool hang = false;                 ///< never answer; the connection stays open
};

/// A small HTTP/1.1 server on a free port of 127.0.0.1, with keep-alive, for one test. Stops with
/// the object. `answer` runs on the server's threads, one call at a time.
class HttpServer {
 public:
  explicit HttpServer(std::function<Reply(const SeenRequest&)> answer);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const noexcept { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<SeenRequest> seen() const;
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  void accept_all();
  void serve(int socket);
  std::function<Reply(const SeenRequest&)> answer_;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> seen_;
  std::atomic<int> connections_ = 0;
  int port_ = 0;
  int listener_ = -1;
  int stop_ = -1;  // readable when all threads must end
  std::thread acceptor_;
  std::vector<std::thread> servers_;
};

}  // namespace dunlin::test
