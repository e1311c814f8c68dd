#include "migration/repair.hpp"

#include "situation.hpp"

namespace dunlin {
namespace {

/// "remove 2, delete 3, align 1 V1__a.sql"; the numbers are ranks.
std::string told(const RepairPlan& plan) {
  std::vector<std::string> lines;
  for (const auto* row : plan.removed)
    lines.push_back(fmt::format("remove {}", row->installed_rank));
  for (const auto* row : plan.deleted)
    lines.push_back(fmt::format("delete {}", row->installed_rank));
  for (const auto& [row, script] : plan.aligned) {
    lines.push_back(fmt::format("align {} {}", row->installed_rank, script->name));
  }
  return join(lines, ", ");
}

TEST(RepairTest, SettlesWhatAMigrationLeftBehind) {
  struct Case {
    const char *why, *ignore, *scripts, *history, *plan;
  };
  constexpr Case cases[] = {
      {"all is well", "*:future", "V1__a R__r", "1 a, - r", ""},
      {"failed", "*:future", "V1__a V2__b", "1 a, 2 b failed", "remove 2"},
      {"a repeatable that failed", "*:future", "R__r", "- r failed", "remove 1"},
      {"failed and gone", "*:future", "V3__c", "2 b failed, 3 c", "remove 1"},
      {"failed above all scripts", "*:future", "V1__a", "1 a, 2 b failed", "remove 2"},
      {"gone", "*:future", "V1__a V3__c", "1 a, 2 b, 3 c", "delete 2"},
      {"a repeatable that is gone", "*:future", "V1__a", "1 a, - r", "delete 2"},
      {"gone, and meant to be", "*:missing", "V1__a V3__c", "1 a, 2 b, 3 c", ""},
      {"gone, of another type than meant", "repeatable:missing", "V1__a V3__c", "1 a, 2 b, 3 c",
       "delete 2"},
      {"above all scripts: another version's affair, as by default", "*:future", "V1__a",
       "1 a, 2 b", ""},
      {"above all scripts, and nothing said", "", "V1__a", "1 a, 2 b", "delete 2"},
      {"deleted, and back with another text: the old row takes it", "*:future",
       "V1__a V2__b=5 V3__c", "1 a, 2 b, 3 c, 2 b DELETE", "align 2 V2__b.sql"},
      {"marked as deleted before", "*:future", "V1__a", "1 a, - r, - r DELETE", ""},
      {"changed", "*:future", "V1__a=2", "1 a", "align 1 V1__a.sql"},
      {"no checksum", "*:future", "V1__a", "1 a =null", "align 1 V1__a.sql"},
      {"renamed", "*:future", "V1__other", "1 a", "align 1 V1__other.sql"},
      {"a repeatable that changed is migrate's affair", "*:future", "R__r=2", "- r", ""},
      {"changed, but undone", "*:future", "V1__a=2 U1__a", "1 a, 1 a UNDO_SQL", ""},
      {"no script made these", "*:future", "", "- s SCHEMA, 1 base BASELINE", ""},
  };
  for (const auto& [why, ignore, scripts, history, expected] : cases) {
    SCOPED_TRACE(why);
    std::vector<IgnorePattern> patterns;
    for (const auto& each : split_list(ignore)) patterns.push_back(*IgnorePattern::parse(each));
    const Situation given = situation(scripts, history);
    EXPECT_EQ(told(plan_repair(given.info, patterns)), expected);
  }
}

}  // namespace
}  // namespace dunlin
