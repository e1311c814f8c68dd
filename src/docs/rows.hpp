#pragma once

#include "base/text.hpp"
#include "database/database.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace dunlin::docs {

/// An entry of a row; NULL is empty.
inline std::string text_at(const Row& row, std::size_t column) {
  return row.at(column).value_or("");
}

/// The thing of that name, which is made if it is not there yet. Rows that belong together follow
/// each other mostly, so the last is looked at first.
template <class Thing>
Thing& named(std::vector<Thing>& things, const std::string& name) {
  if (!things.empty() && things.back().name == name) return things.back();
  const auto found = std::ranges::find(things, name, &Thing::name);
  if (found != things.end()) return *found;
  things.push_back({.name = name});
  return things.back();
}

/// The answer to a schema that cannot be documented.
inline Error no_such_schema(const std::string& name) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("there is no schema \"{}\" to document", name),
          .hint = "set -schemas to those that are there; case counts"};
}

/// The thing of that name, or null.
template <class Thing>
Thing* find_named(std::vector<Thing>& things, const std::string& name) {
  const auto found = std::ranges::find(things, name, &Thing::name);
  return found == things.end() ? nullptr : &*found;
}

}  // namespace dunlin::docs
