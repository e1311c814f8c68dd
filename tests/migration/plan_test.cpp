#include "migration/plan.hpp"

#include "situation.hpp"

namespace dunlin {
namespace {

std::string names(const std::vector<const Script*>& chosen) {
  std::vector<std::string> files;
  for (const Script* script : chosen) files.push_back(script->name);
  return join(files, " ");
}

TEST(PlanTest, RunsWhatIsPendingInOrder) {
  struct Case {
    const char *why, *options, *scripts, *history, *planned;
  };
  constexpr Case cases[] = {
      {"nothing on disk", "", "", "1 a", ""},
      {"versions, then repeatable ones", "", "R__r V10__j V9__i", "",
       "V9__i.sql V10__j.sql R__r.sql"},
      {"nothing twice", "", "V1__a V2__b R__r", "1 a, 2 b, - r", ""},
      {"nothing that failed", "", "V1__a V2__b", "1 a failed", "V2__b.sql"},
      {"nor a repeatable that failed", "", "R__r", "- r failed", ""},
      {"a repeatable that changed", "", "R__r=2 R__s", "- r, - s", "R__r.sql"},
      {"nothing late", "", "V1__a V2__b", "2 b", ""},
      {"what is late with outOfOrder", "outOfOrder", "V1__a V2__b", "2 b", "V1__a.sql"},
      {"nothing above the target", "target=1", "V1__a V2__b R__r", "", "V1__a.sql R__r.sql"},
      {"one more", "target=next", "V1__a V2__b", "", "V1__a.sql"},
      {"nothing that a baseline covers", "", "V1__a V2__b V3__c", "2 base BASELINE", "V3__c.sql"},
      {"a B script instead of what it covers", "", "V1__a V2__b B2__two V3__c", "",
       "B2__two.sql V3__c.sql"},
      {"only what is picked", "pick=2", "V1__a V2__b V3__c R__r", "", "V2__b.sql"},
      {"nothing that is switched off", "", "V1__a~ V2__b", "", "V2__b.sql"},
      {"never an undo script", "", "V1__a U1__a U2__b", "", "V1__a.sql"},
      {"what was undone", "", "V1__a U1__a", "1 a, 1 a UNDO_SQL", "V1__a.sql"},
  };
  for (const auto& [why, options, scripts, history, planned] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(names(plan(situation(scripts, history, options).info)), planned);
  }
}

TEST(PlanUndoTest, TakesBackTheNewestFirst) {
  struct Case {
    const char *why, *target, *scripts, *history, *planned;
  };
  constexpr Case cases[] = {
      {"the newest alone", "", "V1__a U1__a V2__b U2__b", "1 a, 2 b", "U2__b.sql"},
      {"down to the target, which goes as well", "1", "V1__a U1__a V2__b U2__b", "1 a, 2 b",
       "U2__b.sql U1__a.sql"},
      {"nothing below the target", "2", "V1__a U1__a V2__b U2__b", "1 a, 2 b", "U2__b.sql"},
      {"the last that ran, not the highest version", "", "V1__a U1__a V2__b U2__b", "2 b, 1 a",
       "U1__a.sql"},
      {"nothing twice", "", "V1__a U1__a V2__b U2__b", "1 a, 2 b, 2 b UNDO_SQL", "U1__a.sql"},
      {"nothing that failed", "", "V1__a U1__a V2__b U2__b", "1 a, 2 b failed", "U1__a.sql"},
      {"what has run, though its script is gone", "", "U1__a", "1 a", "U1__a.sql"},
      {"nothing on a new database", "", "V1__a U1__a", "", ""},
      {"no repeatable, no baseline", "", "R__r U1__a", "1 base BASELINE, - r", ""},
  };
  for (const auto& [why, target, scripts, history, planned] : cases) {
    SCOPED_TRACE(why);
    const Situation given = situation(scripts, history);
    const auto chosen = plan_undo(given.info, given.scripts, {.target = *Target::parse(target)});
    ASSERT_TRUE(chosen) << chosen.error().message;
    EXPECT_EQ(names(chosen->scripts), planned);
  }
}

TEST(PlanUndoTest, RefusesWhenTheFirstUndoScriptIsMissing) {
  const Situation given = situation("V1__a V2__b U1__a", "1 a, 2 b");
  const auto chosen = plan_undo(given.info, given.scripts, {.target = *Target::parse("1")});
  ASSERT_FALSE(chosen) << "1 must not be undone before 2";
  EXPECT_EQ(chosen.error().code, ErrorCode::validation);
  EXPECT_EQ(chosen.error().message,
            "Unable to undo migration to version 2 as no undo migration was found");
  EXPECT_TRUE(chosen.error().hint.starts_with("add U2__description.sql")) << chosen.error().hint;
}

}  // namespace
}  // namespace dunlin
