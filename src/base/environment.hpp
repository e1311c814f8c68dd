#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace dunlin {

/// The environment variables of a process, as a value that tests can make.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string, std::less<>> variables)
      : variables_(std::move(variables)) {}
  /// Those of this process.
  [[nodiscard]] static Environment of_process();
  /// Absent also when the variable is set but empty: task definitions cannot leave one out.
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& all() const noexcept {
    return variables_;
  }

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace dunlin
