#include "database/postgresql/session.hpp"

#include "base/text.hpp"

namespace dunlin::postgresql {

std::vector<std::pair<std::string, std::string>> session_settings(const ConnectOptions& options) {
  std::vector<std::pair<std::string, std::string>> variables;
  const auto add = [&](const char* name, std::optional<std::chrono::milliseconds> time) {
    if (time) variables.emplace_back(name, fmt::format("{}ms", time->count()));
  };
  add("lock_timeout", options.limits.table_lock_timeout);
  add("statement_timeout", options.limits.statement_timeout);
  return variables;
}

Query setting(const std::vector<std::pair<std::string, std::string>>& variables, Scope scope) {
  Query query{.text = "SELECT "};
  for (const auto& [name, value] : variables) {
    query.parameters.emplace_back(value);
    query.text += fmt::format("{}pg_catalog.set_config('{}', ${}, {})",
                              query.parameters.size() > 1 ? ", " : "", name,
                              query.parameters.size(), scope == Scope::transaction);
  }
  return query;
}

}  // namespace dunlin::postgresql
