#include "migration/info.hpp"
#include "migration/plan.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

Script script(ScriptKind kind, const std::string& version) {
  Script made{.kind = kind, .description = "d" + version, .name = version};
  made.version = *Version::parse(version);
  return made;
}

HistoryRow row(std::int32_t rank, const std::string& version, const std::string& type = "SQL") {
  return {.installed_rank = rank,
          .version = version,
          .description = "d" + version,
          .type = type,
          .script = version,
          .checksum = 0};
}

std::vector<std::string> versions(const std::vector<const Script*>& scripts) {
  std::vector<std::string> texts;
  for (const Script* const each : scripts) texts.push_back(each->version->text());
  return texts;
}

struct Case {
  const char* why;
  std::vector<std::string> undo_scripts;  ///< versions with a U script
  std::vector<HistoryRow> applied;
  std::string target;
  std::vector<std::string> picks;
  std::vector<std::string> undone;
  std::string stopped_at = {};
  std::string error = {};
};

Result<UndoPlan> planned(const Case& each, std::vector<Script>& scripts) {
  for (const char* const version : {"1", "2", "3"}) {
    scripts.push_back(script(ScriptKind::versioned, version));
  }
  for (const std::string& version : each.undo_scripts) {
    scripts.push_back(script(ScriptKind::undo, version));
  }
  scripts = *in_order(std::move(scripts));
  const Target target = *Target::parse(each.target);
  const Info joined = info(scripts, each.applied, {.target = target, .out_of_order = true});
  return plan_undo(joined, scripts, {.target = target, .cherry_pick = each.picks});
}

const std::vector<std::string> kAll = {"1", "2", "3"};
const std::vector<HistoryRow> kInTurn = {row(1, "1"), row(2, "2"), row(3, "3")};
const std::vector<HistoryRow> kOutOfOrder = {row(1, "1"), row(2, "3"), row(3, "2")};

TEST(UndoPlanTest, TakesBackWhatFlywayDocuments) {
  const Case cases[] = {
      {"without a target the last version only", kAll, kInTurn, "", {}, {"3"}},
      {"the last applied, which is not the highest", kAll, kOutOfOrder, "", {}, {"2"}},
      {"a word as target means the last version too", kAll, kInTurn, "latest", {}, {"3"}},
      {"a target is undone itself", kAll, kInTurn, "2", {}, {"3", "2"}},
      {"in the reverse of the applied order", kAll, kOutOfOrder, "1", {}, {"2", "3", "1"}},
      {"up to the first below the target", kAll, kOutOfOrder, "3", {}, {}},
      {"a target need not exist with ?", kAll, kInTurn, "1.5?", {}, {"3", "2"}},
      {"a version without undo script ends it", {"1", "3"}, kInTurn, "1", {}, {"3"}, "2"},
      {"nothing applied, nothing to do", kAll, {}, "", {}, {}},
      {"picks are undone the last first", kAll, kInTurn, "", {"3", "1", "2"}, {"2", "1", "3"}},
      {"a pick may be a description", kAll, kInTurn, "", {"d2"}, {"2"}},
      {"a pick that is named twice is undone once", kAll, kInTurn, "", {"2", "2.0"}, {"2"}},
      {"what is undone stands no more",
       kAll,
       {row(1, "1"), row(2, "2"), row(3, "2", "UNDO_SQL")},
       "",
       {},
       {"1"}},
      {"what was applied again stands again",
       kAll,
       {row(1, "1"), row(2, "1", "UNDO_SQL"), row(3, "1")},
       "",
       {},
       {"1"}},
      {"a baseline is not undone", kAll, {row(1, "1", "BASELINE")}, "", {}, {}},
  };
  for (const Case& each : cases) {
    std::vector<Script> scripts;
    const auto plan = planned(each, scripts);
    ASSERT_TRUE(plan) << each.why << ": " << plan.error().message;
    EXPECT_EQ(versions(plan->scripts), each.undone) << each.why;
    EXPECT_EQ(plan->stopped_at ? plan->stopped_at->text() : "", each.stopped_at) << each.why;
  }
}

TEST(UndoPlanTest, RefusesWhatCannotBeUndone) {
  const Case cases[] = {
      {"the only one has no undo script",
       {"1"},
       kInTurn,
       "",
       {},
       {},
       "",
       "Unable to undo migration to version 3 as no undo migration was found"},
      {"a pick has no undo script",
       {"1", "3"},
       kInTurn,
       "",
       {"3", "2"},
       {},
       "",
       "Unable to undo migration to version 2 as no undo migration was found"},
      {"a pick is not applied",
       kAll,
       {row(1, "1")},
       "",
       {"2"},
       {},
       "",
       "cherryPick names 2, which is no applied version that could be undone"},
  };
  for (const Case& each : cases) {
    std::vector<Script> scripts;
    const auto plan = planned(each, scripts);
    ASSERT_FALSE(plan) << each.why;
    EXPECT_EQ(plan.error().message, each.error) << each.why;
  }
}

}  // namespace
}  // namespace dunlin
