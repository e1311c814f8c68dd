#include "migration/info.hpp"

#include <algorithm>
#include <set>

#include "situation.hpp"

namespace dunlin {
namespace {

/// "1 Success, r Outdated": the lines of the table in their order.
std::string states(const Info& info) {
  std::vector<std::string> lines;
  for (const InfoRow& row : info.rows) {
    lines.push_back(fmt::format("{} {}", label(row), traits(row.state).name));
  }
  return join(lines, ", ");
}

struct Case {
  const char *why, *options, *scripts, *history, *states;
};

// What has run, and what has not yet.
constexpr Case plain[] = {
    {"nothing at all", "", "", "", ""},
    {"a new database", "", "V1__a V2__b R__r", "", "1 Pending, 2 Pending, r Pending"},
    {"repeatable ones are last, by description", "", "R__b R__a V9__z", "",
     "9 Pending, a Pending, b Pending"},
    {"what has run", "", "V1__a V2__b", "1 a", "1 Success, 2 Pending"},
    {"what has run stands in the order in which it ran", "", "V1__a V3__c R__r", "3 c, - r, 1 a",
     "3 Success, r Success, 1 Out of Order"},
    {"a version spelled in another way is the same", "", "V01__a V2.0__b", "1 a, 2 b",
     "1 Success, 2 Success"},
    {"what failed is not tried again by itself", "", "V1__a V2__b", "1 a, 2 b failed",
     "1 Success, 2 Failed"},
    {"neither is a repeatable", "", "R__r", "- r failed", "r Failed"},
    {"a repeatable that changed since it failed", "", "R__r=2", "- r failed",
     "r Failed, r Pending"},
    {"schemas that were made have a line", "", "V1__a", "- s SCHEMA, 1 a", "s Success, 1 Success"},
    {"a row of another type is another migration", "", "V1__a", "1 a JDBC", "1 Future, 1 Pending"},
    {"shouldExecute=false", "", "V1__a~ R__r~ V2__b", "", "1 Ignored, 2 Pending, r Ignored"},
};

constexpr Case order[] = {
    {"below the newest that was applied", "", "V1__a V2__b V3__c", "1 a, 3 c",
     "1 Success, 3 Success, 2 Ignored"},
    {"outOfOrder lets it run", "outOfOrder", "V1__a V2__b V3__c", "1 a, 3 c",
     "1 Success, 3 Success, 2 Pending"},
    {"it did run", "", "V1__a V2__b V3__c", "1 a, 3 c, 2 b",
     "1 Success, 3 Success, 2 Out of Order"},
    {"a failed one above is newer, too", "", "V1__a V2__b", "2 b failed", "2 Failed, 1 Ignored"},
    {"a repeatable is never late", "", "V1__a R__r", "1 a", "1 Success, r Pending"},
};

constexpr Case gone[] = {
    {"below what is there", "", "V1__a V3__c", "1 a, 2 b, 3 c", "1 Success, 2 Missing, 3 Success"},
    {"above all that is there", "", "V1__a", "1 a, 2 b", "1 Success, 2 Future"},
    {"no scripts at all", "", "", "1 a", "1 Future"},
    {"failed, below", "", "V1__a V3__c", "1 a, 2 b failed, 3 c",
     "1 Success, 2 Failed (Missing), 3 Success"},
    {"failed, above", "", "V1__a", "1 a, 2 b failed", "1 Success, 2 Failed (Future)"},
    {"a repeatable has no version to be above", "", "V1__a", "1 a, - r", "1 Success, r Missing"},
    {"a repeatable that failed", "", "V1__a", "1 a, - r failed", "1 Success, r Failed (Missing)"},
    {"repair marked it as deleted: its mark has no line", "", "V1__a V3__c",
     "1 a, 2 b, 3 c, 2 b DELETE", "1 Success, 2 Deleted, 3 Success"},
    {"a deleted one that came back has not run", "", "V1__a V2__b V3__c",
     "1 a, 2 b, 3 c, 2 b DELETE", "1 Success, 2 Deleted, 3 Success, 2 Ignored"},
    {"and may run again", "", "V1__a V2__b V3__c", "1 a, 2 b, 3 c, 2 b DELETE, 2 b",
     "1 Success, 2 Deleted, 3 Success, 2 Out of Order"},
    {"the mark of a deleted repeatable has a line", "", "", "- r, - r DELETE",
     "r Deleted, r Success"},
    {"a deleted repeatable that came back runs", "", "R__r", "- r, - r DELETE",
     "r Deleted, r Success, r Pending"},
};

constexpr Case repeatables[] = {
    {"unchanged", "", "R__r=7", "- r =7", "r Success"},
    {"changed since", "", "R__r=8", "- r =7", "r Outdated, r Pending"},
    {"run again", "", "R__r=8", "- r =7, - r =8", "r Superseded, r Success"},
    {"changed again", "", "R__r=9", "- r =7, - r =8", "r Superseded, r Outdated, r Pending"},
    {"changed back to what it once was", "", "R__r=7", "- r =7, - r =8",
     "r Superseded, r Outdated, r Pending"},
};

constexpr Case baselines[] = {
    {"what a baseline covers", "", "V0.5__z V1__a V2__b", "1 base BASELINE",
     "0.5 Below Baseline, 1 Ignored (Baseline), 1 Baseline, 2 Pending"},
    {"between two versions", "", "V1__a V2__b V3__c", "2.1 base BASELINE",
     "1 Below Baseline, 2 Below Baseline, 2.1 Baseline, 3 Pending"},
    {"outOfOrder does not reach below it", "outOfOrder", "V1__a V3__c", "2 base BASELINE, 3 c",
     "1 Below Baseline, 2 Baseline, 3 Success"},
    {"a repeatable is not covered", "", "R__r", "1 base BASELINE", "1 Baseline, r Pending"},
    {"a new database starts with the newest B script", "", "V1__a V2__b V3__c B1__one B2__two", "",
     "1 Below Baseline, 1 Below Baseline, 2 Ignored (Baseline), 2 Pending, 3 Pending"},
    {"whatever the target", "target=1", "V1__a V2__b V3__c B1__one B2__two", "",
     "1 Below Baseline, 1 Below Baseline, 2 Ignored (Baseline), 2 Pending, 3 Above Target"},
    {"below an older baseline", "", "B0.5__a V1__b", "6 base BASELINE",
     "0.5 Below Baseline, 1 Below Baseline, 6 Baseline"},
    {"beside a newer baseline", "", "V1__z B1__z B2__c V3__d B3__y", "2 c SQL_BASELINE, 3 d",
     "1 Below Baseline, 1 Below Baseline, 2 Baseline, 3 Success, 3 Ignored"},
    {"above the target all the same", "target=3", "V3__c V5__z B3__y B5__x", "3 c, 5 z",
     "3 Success, 5 Success, 3 Ignored, 5 Above Target"},
    {"a B script that is gone", "", "V3__c", "2 two SQL_BASELINE, 3 c", "2 Missing, 3 Success"},
    {"and was the newest", "", "V1__a", "2 two SQL_BASELINE", "1 Below Baseline, 2 Future"},
    {"a B script that ran", "", "V1__a V2__b V3__c B2__two", "2 two SQL_BASELINE",
     "1 Below Baseline, 2 Ignored (Baseline), 2 Baseline, 3 Pending"},
    {"a B script is nothing for a database that has versions", "", "V1__a V2__b B2__two", "1 a",
     "1 Success, 2 Pending, 2 Ignored"},
    {"also out of order", "outOfOrder", "V1__a B0.5__b B2__two", "1 a",
     "1 Success, 0.5 Ignored, 2 Ignored"},
    {"a B script that failed", "", "B2__two", "2 two SQL_BASELINE failed", "2 Failed"},
};

constexpr Case targets[] = {
    {"what is above it", "target=2", "V1__a V2__b V3__c", "",
     "1 Pending, 2 Pending, 3 Above Target"},
    {"however it is spelled", "target=2.0", "V1__a V2__b V3__c", "1 a",
     "1 Success, 2 Pending, 3 Above Target"},
    {"repeatable ones run whatever the target", "target=1", "V1__a R__r", "1 a",
     "1 Success, r Pending"},
    {"what has run has run", "target=1", "V1__a V2__b", "1 a, 2 b", "1 Success, 2 Success"},
    {"current: nothing new", "target=current", "V1__a V2__b", "1 a", "1 Success, 2 Above Target"},
    {"current on a new database", "target=current", "V1__a", "", "1 Above Target"},
    {"next: one more", "target=next", "V1__a V2__b V3__c", "1 a",
     "1 Success, 2 Pending, 3 Above Target"},
    {"next on a new database", "target=next", "V1__a V2__b", "", "1 Pending, 2 Above Target"},
    {"next does not stop at what never runs", "target=next", "V1__a~ V2__b V3__c", "",
     "1 Ignored, 2 Pending, 3 Above Target"},
    {"next after the last", "target=next", "V1__a", "1 a", "1 Success"},
};

constexpr Case picks[] = {
    {"only what is named", "pick=2,r", "V1__a V2__b R__r R__s", "",
     "1 Ignored, 2 Pending, r Pending, s Ignored"},
    {"a version however it is spelled", "pick=2.0", "V1__a V2__b", "", "1 Ignored, 2 Pending"},
    {"what is named may be late", "pick=2", "V1__a V2__b V3__c", "1 a, 3 c",
     "1 Success, 3 Success, 2 Pending"},
    {"but not above the target", "pick=2 target=1", "V1__a V2__b", "1 a",
     "1 Success, 2 Above Target"},
};

constexpr Case undone[] = {
    {"an undo script has no line of its own", "", "V1__a U1__a", "1 a", "1 Success"},
    {"what was undone runs again", "", "V1__a U1__a", "1 a, 1 a UNDO_SQL",
     "1 Undone, 1 Success, 1 Pending"},
    {"it did", "", "V1__a U1__a", "1 a, 1 a UNDO_SQL, 1 a", "1 Undone, 1 Success, 1 Success"},
    {"what failed to be undone stands", "", "V1__a U1__a", "1 a, 1 a UNDO_SQL failed",
     "1 Success, 1 Failed"},
    {"the undo script may be gone", "", "V1__a", "1 a, 1 a UNDO_SQL",
     "1 Undone, 1 Success, 1 Pending"},
};

constexpr std::span<const Case> tables[] = {plain,     order,   gone,  repeatables,
                                            baselines, targets, picks, undone};

TEST(InfoTest, GivesEachMigrationItsState) {
  for (const auto& table : tables) {
    for (const auto& [why, options, scripts, history, expected] : table) {
      SCOPED_TRACE(why);
      EXPECT_EQ(states(situation(scripts, history, options).info), expected);
    }
  }
}

TEST(InfoTest, HasARowAboveForEveryState) {
  std::set<State> seen = {State::available};  // of undo scripts, which have no line of their own
  for (const auto& table : tables) {
    for (const Case& each : table) {
      const auto [scripts, history, found] = situation(each.scripts, each.history, each.options);
      for (const InfoRow& row : found.rows) seen.insert(row.state);
    }
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(State::deleted) + 1);
}

TEST(InfoTest, KnowsTheCurrentVersion) {
  struct Row {
    const char *why, *scripts, *history, *current;
  };
  constexpr Row cases[] = {
      {"a new database has none", "V1__a", "", "none"},
      {"the highest, not the last", "V1__a V2__b V3__c", "1 a, 3 c, 2 b", "3"},
      {"one that failed counts", "V1__a V2__b", "1 a, 2 b failed", "2"},
      {"one whose script is gone counts", "V1__a", "1 a, 9 z", "9"},
      {"a baseline counts", "V1__a", "5 base BASELINE", "5"},
      {"a deleted one does not", "V1__a V3__c", "1 a, 2 b, 2 b DELETE", "1"},
      {"an undone one does not", "V1__a V2__b", "1 a, 2 b, 2 b UNDO_SQL", "1"},
      {"a repeatable, where there is no version", "R__r R__s", "- r, - s", "s"},
  };
  for (const auto& [why, scripts, history, expected] : cases) {
    SCOPED_TRACE(why);
    const Situation given = situation(scripts, history);
    const InfoRow* const current = given.info.current();
    EXPECT_EQ(current == nullptr ? "none" : label(*current), expected);
  }
}

TEST(InfoTest, NamesTheCategoryAndTypeOfALine) {
  struct Row {
    const char *why, *scripts, *history, *line;
  };
  constexpr Row cases[] = {
      {"versioned", "V1__a", "", "Versioned SQL"},
      {"repeatable", "R__r", "", "Repeatable SQL"},
      {"a B script", "B1__a", "", "Baseline SQL_BASELINE"},
      {"the row of a B script", "B1__a", "1 a SQL_BASELINE", "Baseline SQL_BASELINE"},
      {"what was made by no script", "", "1 base BASELINE", " BASELINE"},
      {"neither was this", "", "- s SCHEMA", " SCHEMA"},
      {"an undo", "", "1 a UNDO_SQL", "Undo UNDO_SQL"},
      {"the type is the row's, not the script's", "", "1 a JDBC", "Versioned JDBC"},
  };
  for (const auto& [why, scripts, history, expected] : cases) {
    SCOPED_TRACE(why);
    const Situation given = situation(scripts, history);
    ASSERT_EQ(given.info.rows.size(), 1U);
    const InfoRow& row = given.info.rows[0];
    EXPECT_EQ(fmt::format("{} {}", row.category(), row.type()), expected);
  }
}

TEST(InfoTest, TellsWhatCouldBeUndone) {
  const Situation given = situation("V1__a V2__b V3__c U1__a U3__c R__r", "1 a, 2 b");
  std::string answers;
  for (const InfoRow& row : given.info.rows) {
    answers += fmt::format("{}:{} ", label(row), row.undoable ? "yes" : "no");
  }
  EXPECT_EQ(answers, "1:yes 2:no 3:yes r:no ");
}

}  // namespace
}  // namespace dunlin
