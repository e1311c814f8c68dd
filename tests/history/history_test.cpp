#include "history/history.hpp"

#include "base/text.hpp"
#include "database/sqlite/open.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace dunlin::test {
namespace {

struct Silent final : Progress {
  void hear(const Event& /*event*/) override {}
};

HistoryRow sql_row(const char* version, const char* description) {
  HistoryRow row{.description = description, .type = "SQL", .script = "x.sql", .checksum = 7};
  if (*version != '\0') row.version = version;
  return row;
}

/// A history table in a SQLite file of its own; nothing is there at first.
class HistoryTest : public testing::Test {
 protected:
  HistoryTest() {
    Silent silent;
    const auto url = sqlite::parse_url("jdbc:sqlite:" + (folder_ / "test.db"));
    database_ = sqlite::open({.url = url.value()}, silent).value();
  }

  History history(std::string installed_by = "me") {
    return {
        *database_, {.schema = "main", .name = "flyway_schema_history"}, std::move(installed_by)};
  }

  /// "1 1 a SQL 7 me ok": rank, version, description, type, checksum, installed by, outcome.
  std::string rows() {
    std::vector<std::string> lines;
    const auto read = history().read();
    EXPECT_TRUE(read) << read.error().message;
    for (const HistoryRow& row : *read) {
      lines.push_back(fmt::format("{} {} {} {} {} {} {}", row.installed_rank,
                                  row.version.value_or("-"), row.description, row.type,
                                  row.checksum ? std::to_string(*row.checksum) : "-",
                                  row.installed_by, row.success ? "ok" : "failed"));
    }
    return join(lines, ", ");
  }

  void run(std::string text) const {
    const Query query{.text = std::move(text), .parameters = {}};
    const auto done = database_->query(std::span(&query, 1));
    EXPECT_TRUE(done) << done.error().message;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TEST_F(HistoryTest, SaysThatATableIsNoHistory) {
  const Query foreign{.text = "CREATE TABLE flyway_schema_history (id int)", .parameters = {}};
  ASSERT_TRUE(database_->query(std::span(&foreign, 1)));
  History history = this->history();
  const std::vector<std::string> names = {"main"};
  for (const Error& error : {history.read().error(), history.look(names).error()}) {
    EXPECT_EQ(error.message,
              "table \"main\".\"flyway_schema_history\" is no schema history: it lacks "
              "installed_rank");
    EXPECT_TRUE(error.hint.contains("-table=")) << error.hint;
  }
}

/// Column and value of a row that somebody wrote by hand.
TEST_F(HistoryTest, NamesARowThatCannotBeRead) {
  struct Case {
    const char *why, *column, *value, *message;
  };
  constexpr Case cases[] = {
      {"letters in a version would make it a repeatable", "version", "'1.a'",
       "Version may only contain 0..9 and . (dot). Invalid version: 1.a"},
      {"no version at all is NULL, not empty", "version", "''",
       "Version may only contain 0..9 and . (dot). Invalid version: "},
      {"ranks say the order", "installed_rank", "'first'", "installed_rank first, script x.sql"},
      {"it would be cut to another sum", "checksum", "99999999999", "checksum 99999999999"},
      {"half a number", "checksum", "'12x'", "checksum 12x"},
  };
  for (const auto& [why, column, value, message] : cases) {
    SCOPED_TRACE(why);
    ASSERT_TRUE(history().create(std::vector{sql_row("1", "a")}));
    run(fmt::format("UPDATE flyway_schema_history SET {} = {}", column, value));
    const std::vector<std::string> names = {"main"};
    History history = this->history();
    for (const Error& error : {history.read().error(), history.look(names).error()}) {
      EXPECT_EQ(error.code, ErrorCode::validation);
      EXPECT_NE(error.message.find(message), std::string::npos) << error.message;
      EXPECT_NE(error.hint.find("by hand"), std::string::npos);
    }
    run("DROP TABLE flyway_schema_history");
  }
}

TEST_F(HistoryTest, TakesOddRowsAsTheyAre) {
  ASSERT_TRUE(history().create(std::vector{sql_row("1", "a")}));
  run("INSERT INTO flyway_schema_history VALUES "
      "(-5, '0001.0_0', '', 'PIGEON', 'C:\\\"x\".sql', NULL, '', '', 99999999999, 1), "
      "(2147483647, NULL, 'r', 'SPRING_JDBC', 'r', -2147483648, 'me', 'no time', 0, 0)");
  EXPECT_EQ(rows(),
            "-5 0001.0_0  PIGEON -  ok, 1 1 a SQL 7 me ok, 2147483647 - r SPRING_JDBC -2147483648 "
            "me failed");
  EXPECT_EQ(history().read().value().at(0).execution_time, 99999999999);
}

TEST_F(HistoryTest, RefusesARowBehindTheHighestRank) {
  ASSERT_TRUE(history().create(std::vector{sql_row("1", "a")}));
  run("UPDATE flyway_schema_history SET installed_rank = 2147483647");
  const auto appended = history().append(sql_row("2", "b"));
  ASSERT_FALSE(appended);
  EXPECT_NE(appended.error().message.find("installed_rank 2147483647 is the highest"),
            std::string::npos);
  EXPECT_EQ(rows(), "2147483647 1 a SQL 7 me ok");
}

TEST_F(HistoryTest, IsNotThereAtFirstAndHasNoRows) {
  History history = this->history();
  EXPECT_EQ(history.name(), "\"main\".\"flyway_schema_history\"");
  EXPECT_FALSE(history.exists().value());
  EXPECT_TRUE(history.read().value().empty());
  ASSERT_TRUE(history.create({}));
  EXPECT_TRUE(history.exists().value());
  EXPECT_EQ(rows(), "");
}

TEST_F(HistoryTest, RemembersThatItIsThereUntilItIsToldToForget) {
  History history = this->history();
  ASSERT_TRUE(history.create({}));
  const Query drop{.text = "DROP TABLE flyway_schema_history", .parameters = {}};
  ASSERT_TRUE(database_->query(std::span(&drop, 1)));
  EXPECT_TRUE(history.exists().value()) << "not asked again";
  history.forget();
  EXPECT_FALSE(history.exists().value());
}

TEST_F(HistoryTest, CountsRanksFromOneButForMadeSchemas) {
  struct Case {
    const char* why;
    std::vector<HistoryRow> first;
    const char* rows;
  };
  const Case cases[] = {
      {"a baseline", {baseline_row("3", "base")}, "1 3 base BASELINE - me ok, 2 9 z SQL 7 me ok"},
      {"schemas that were made are 0",
       {schema_row("\"app\"")},
       "0 - << Flyway Schema Creation >> SCHEMA - me ok, 1 9 z SQL 7 me ok"},
      {"a baseline comes before them",
       {baseline_row("3", "base"), schema_row("\"app\"")},
       "1 3 base BASELINE - me ok, 2 - << Flyway Schema Creation >> SCHEMA - me ok, "
       "3 9 z SQL 7 me ok"},
      {"nothing", {}, "1 9 z SQL 7 me ok"},
  };
  for (const auto& [why, first, expected] : cases) {
    SCOPED_TRACE(why);
    History history = this->history();
    ASSERT_TRUE(history.create(first));
    ASSERT_TRUE(history.append(sql_row("9", "z")));
    EXPECT_EQ(rows(), expected);
    const Query drop{.text = "DROP TABLE flyway_schema_history", .parameters = {}};
    ASSERT_TRUE(database_->query(std::span(&drop, 1)));
  }
}

TEST_F(HistoryTest, AppendsAfterTheLastRank) {
  History history = this->history();
  ASSERT_TRUE(history.create({}));
  ASSERT_TRUE(history.append(schema_row("\"app\"")));
  ASSERT_TRUE(history.append(sql_row("1", "a")));
  ASSERT_TRUE(history.append(sql_row("", "r")));
  EXPECT_EQ(
      rows(),
      "0 - << Flyway Schema Creation >> SCHEMA - me ok, 1 1 a SQL 7 me ok, 2 - r SQL 7 me ok");
}

TEST_F(HistoryTest, SaysWhoInstalledARow) {
  EXPECT_EQ(history("deployer").installed_by(), "deployer");
  EXPECT_EQ(history("").installed_by(), "") << "SQLite has no users";
}

TEST_F(HistoryTest, KeepsTextAsItIs) {
  const std::string odd = "it's \"quoted\"; -- \xC3\xA4 $1";
  History history = this->history(odd);
  HistoryRow row = sql_row("1", odd.c_str());
  row.checksum = -2147483647 - 1;
  row.execution_time = 12;
  row.success = false;
  ASSERT_TRUE(history.create(std::vector{row}));
  EXPECT_EQ(rows(), "1 1 " + odd + " SQL -2147483648 " + odd + " failed");
  const HistoryRow read = history.read().value().at(0);
  EXPECT_EQ(read.execution_time, 12);
  EXPECT_EQ(read.script, "x.sql");
  EXPECT_EQ(read.installed_on.size(), std::string("2026-11-22 18:42:48.123").size());
}

TEST_F(HistoryTest, RepairsAllAtOnce) {
  History history = this->history("first");
  HistoryRow failed = sql_row("4", "d");
  failed.success = false;
  ASSERT_TRUE(
      history.create(std::vector{sql_row("1", "a"), sql_row("2", "b"), sql_row("", "r"), failed}));
  const auto before = history.read().value();
  const Script script{.description = std::string(300, 'x'), .checksum = 9};
  ASSERT_TRUE(this->history("second").repair({.removed = {&before[3]},
                                              .deleted = {&before[1], &before[2]},
                                              .aligned = {{&before[0], &script}}}));
  EXPECT_EQ(rows(), "1 1 " + std::string(197, 'x') +
                        "... SQL 9 first ok, 2 2 b SQL 7 first ok, 3 - r SQL 7 first ok, "
                        "4 2 b DELETE 7 second ok, 5 - r DELETE 7 second ok")
      << "the rank of a removed row at the end is free again";
}

TEST_F(HistoryTest, RepairsNothingWhenNothingIsToBeDone) {
  ASSERT_TRUE(history().repair({})) << "not even the table has to be there";
  EXPECT_FALSE(history().exists().value());
}

TEST_F(HistoryTest, KeepsItsRowsWhenSomebodyElseMadeItFirst) {
  ASSERT_TRUE(history().create(std::vector{sql_row("1", "a")}));
  ASSERT_TRUE(history().create({}));
  EXPECT_EQ(rows(), "1 1 a SQL 7 me ok");
}

}  // namespace
}  // namespace dunlin::test
