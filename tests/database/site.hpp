#pragma once

#include "base/interrupt.hpp"
#include "database/database.hpp"

#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace dunlin::test {

/// A private, empty database that lives as long as this object, and sessions with it.
class Site {
 public:
  virtual ~Site() = default;
  /// A new session; fails the test that calls it when it cannot be had.
  virtual std::unique_ptr<Database> open(const Interrupt* interrupt = nullptr) = 0;
  [[nodiscard]] virtual HistoryTable history() const = 0;
};

/// One implementation of Database, for the contract test.
struct Implementation {
  std::string name;
  std::function<std::unique_ptr<Site>()> make_site;
  friend void PrintTo(const Implementation& one, std::ostream* out) { *out << one.name; }
};

Implementation postgresql_implementation();
Implementation sqlite_implementation();

}  // namespace dunlin::test
