#include "database/site.hpp"
#include "database/sqlite/open.hpp"
#include "database/steps.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace dunlin::test {
namespace {

class SqliteSite final : public Site {
 public:
  std::unique_ptr<Database> open(const Interrupt* interrupt) override {
    Log log;
    auto url = sqlite::parse_url("jdbc:sqlite:" + (folder_ / "test.db"));
    auto database = sqlite::open({.url = url.value(), .interrupt = interrupt}, log);
    if (!database) ADD_FAILURE() << database.error().message;
    return database ? *std::move(database) : nullptr;
  }
  [[nodiscard]] HistoryTable history() const override {
    return {.schema = "main", .name = "flyway_schema_history"};
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

Implementation sqlite_implementation() {
  return {.name = "SQLite", .make_site = [] { return std::make_unique<SqliteSite>(); }};
}

}  // namespace dunlin::test
