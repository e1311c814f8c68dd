#include "migration/cherry_pick.hpp"

#include "migration/plan.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

Script versioned(const std::string& version, const std::string& description) {
  Script made{.description = description, .name = "V" + version};
  made.version = *Version::parse(version);
  return made;
}

Script repeatable(const std::string& description) {
  return {.kind = ScriptKind::repeatable, .description = description, .name = description};
}

TEST(CherryPickTest, NamesByVersionOrDescription) {
  struct Case {
    const char* why;
    const char* pick;
    const char* version;  ///< empty for a repeatable
    const char* description;
    bool named;
  };
  constexpr Case cases[] = {
      {"the version", "2", "2", "b", true},
      {"a version number by number", "2.0", "2", "b", true},
      {"a version with underscores", "2_1", "2.1", "b", true},
      {"blanks around are dropped", " 2 ", "2", "b", true},
      {"another version", "20", "2", "b", false},
      {"the description of a file, underscores for blanks", "create_view", "", "create view", true},
      {"the description as shown", "create view", "", "create view", true},
      {"of a versioned one too", "create_view", "1", "create view", true},
      {"letters count", "Create_view", "", "create view", false},
      {"a repeatable that is called like a version", "2", "", "2", true},
  };
  for (const Case& each : cases) {
    std::optional<Version> version;
    if (*each.version != '\0') version = *Version::parse(each.version);
    EXPECT_EQ(names(each.pick, version, each.description), each.named) << each.why;
  }
}

TEST(CherryPickTest, RunsPicksInTheirOrderAndPassesOverTheRest) {
  const std::vector<Script> scripts = {versioned("1", "a"), versioned("2", "b"),
                                       versioned("3", "c"), repeatable("v")};
  const std::vector<std::string> picks = {"v", "3", "1"};
  const Info joined = info(scripts, {}, {.cherry_pick = picks});
  std::vector<std::string> order;
  for (const Script* const each : plan(joined, picks)) order.push_back(each->name);
  EXPECT_EQ(order, (std::vector<std::string>{"v", "V3", "V1"}));
  EXPECT_EQ(joined.rows[1].state, State::ignored);
  EXPECT_TRUE(joined.rows[1].passed_over);
}

TEST(CherryPickTest, RunsOldVersionsWithoutOutOfOrderButNoneAboveTheTarget) {
  const std::vector<Script> scripts = {versioned("1", "a"), versioned("2", "b"),
                                       versioned("3", "c")};
  const std::vector<HistoryRow> applied = {
      {.installed_rank = 1, .version = "2", .description = "b", .type = "SQL", .checksum = 0}};
  const std::vector<std::string> picks = {"1", "3"};
  const Info joined = info(scripts, applied, {.target = *Target::parse("2"), .cherry_pick = picks});
  const auto chosen = plan(joined, picks);
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(chosen.front()->name, "V1");
}

TEST(CherryPickTest, ComplainsOfPicksThatNameNothingOrTooMuch) {
  const std::vector<Script> scripts = {versioned("1", "twin"), versioned("2", "twin")};
  const Info joined = info(scripts, {}, {});
  const auto check = [&](const std::string& pick) {
    const std::vector<std::string> picks = {"1", pick};
    const auto checked = check_picks(joined, picks);
    return checked ? std::string() : checked.error().message;
  };
  EXPECT_EQ(check("2"), "");
  EXPECT_EQ(check("7"), "cherryPick names 7, and no migration has this version or description");
  EXPECT_EQ(check("twin"), "cherryPick names twin, which describes the versions 1 and 2");
}

}  // namespace
}  // namespace dunlin
