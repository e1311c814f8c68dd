#include "database/postgresql/open.hpp"
#include "database/site.hpp"
#include "database/steps.hpp"
#include "support/postgres_server.hpp"

#include <gtest/gtest.h>

namespace dunlin::test {
namespace {

class PostgresSite final : public Site {
 public:
  std::unique_ptr<Database> open(const Interrupt* interrupt) override {
    Log log;
    auto options = PostgresServer::instance().by_socket(database_);
    options.interrupt = interrupt;
    auto database = postgresql::open(std::move(options), log);
    if (!database) ADD_FAILURE() << database.error().message;
    return database ? *std::move(database) : nullptr;
  }
  [[nodiscard]] HistoryTable history() const override {
    return {.schema = "public", .name = "flyway_schema_history"};
  }

 private:
  std::string database_ = PostgresServer::instance().make_database();
};

}  // namespace

Implementation postgresql_implementation() {
  return {.name = "PostgreSQL", .make_site = [] { return std::make_unique<PostgresSite>(); }};
}

}  // namespace dunlin::test
