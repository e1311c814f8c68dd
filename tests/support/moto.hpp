#pragma once

#include "base/environment.hpp"

#include <sys/types.h>

#include <map>
#include <string>

namespace dunlin::test {

/// A real moto server (AWS's APIs, in memory) on a free port, one for the whole test program. It is
/// taken from the Python environment DUNLIN_TEST_VENV, else <source>/build/venv.
class Moto {
 public:
  /// The server, started at the first call. Null when it cannot be started: the test has then
  /// already failed, with the reason.
  static Moto* shared();
  ~Moto();
  Moto(const Moto&) = delete;
  Moto& operator=(const Moto&) = delete;

  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  /// The environment of a program that takes this server for AWS, with more variables on top.
  [[nodiscard]] Environment environment(
      std::map<std::string, std::string, std::less<>> more = {}) const;

 private:
  Moto() = default;
  bool start();
  std::string url_;
  pid_t server_ = -1;
};

}  // namespace dunlin::test
