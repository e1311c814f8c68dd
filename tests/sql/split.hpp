#pragma once

#include "sql/splitter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dunlin::sql {

/// The statements' texts, or the error's message as the only one, in front of it "! ".
inline std::vector<std::string> texts(std::string_view script, Dialect dialect,
                                      const SplitOptions& options = {}) {
  const auto statements = split(script, dialect, options);
  if (!statements) return {"! " + statements.error().message};
  std::vector<std::string> result;
  for (const Statement& each : *statements) result.emplace_back(each.text);
  return result;
}

/// The only statement of `script`.
inline Statement only(std::string_view script, Dialect dialect = Dialect::postgresql,
                      const SplitOptions& options = {}) {
  const auto statements = split(script, dialect, options);
  EXPECT_TRUE(statements && statements->size() == 1) << script;
  return statements && !statements->empty() ? statements->front() : Statement{};
}

}  // namespace dunlin::sql
