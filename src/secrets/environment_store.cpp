#include "secrets/environment_store.hpp"

#include "base/text.hpp"

namespace dunlin {

std::string variable_of_secret(std::string_view id) {
  std::string name = upper(id);
  for (char& c : name) {
    const bool fits = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!fits) c = '_';
  }
  return name;
}

std::vector<Result<Secret>> EnvironmentStore::fetch(std::span<const std::string> ids) {
  std::vector<Result<Secret>> results;
  for (const std::string& id : ids) {
    auto value = environment_.find(id);
    if (!value) value = environment_.find(variable_of_secret(id));
    if (value) {
      results.emplace_back(Secret(*value));
    } else {
      results.emplace_back(Error{.code = ErrorCode::secret_unavailable,
                                 .message = fmt::format("secret {} is not in the environment", id),
                                 .hint = fmt::format("set {}", variable_of_secret(id))});
    }
  }
  return results;
}

}  // namespace dunlin
