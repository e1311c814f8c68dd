#include "migration/validate.hpp"

#include "situation.hpp"

namespace dunlin {
namespace {

ValidateOptions options_of(const char* patterns) {
  ValidateOptions options;
  for (const std::string& each : split_list(patterns)) {
    if (each == "pending") {
      options.ignore_pending = true;  // as before migrate
      continue;
    }
    auto pattern = IgnorePattern::parse(each);
    EXPECT_TRUE(pattern) << each;
    if (pattern) options.ignore.push_back(*std::move(pattern));
  }
  return options;
}

/// "FAILED_VERSIONED_MIGRATION 2, ..."
std::string found(const Situation& given, const char* patterns) {
  std::vector<std::string> lines;
  for (const Finding& each : validate(given.info, options_of(patterns))) {
    lines.push_back(
        fmt::format("{} {}", each.code, each.version.empty() ? each.description : each.version));
  }
  return join(lines, ", ");
}

TEST(ValidateTest, FindsWhatDoesNotFit) {
  struct Case {
    const char *why, *ignore, *scripts, *history, *found;
  };
  constexpr Case cases[] = {
      {"all is well", "", "V1__a R__r", "1 a, - r", ""},
      {"not applied", "", "V1__a R__r", "",
       "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED 1, RESOLVED_REPEATABLE_MIGRATION_NOT_APPLIED r"},
      {"which migrate is about to do", "pending", "V1__a R__r", "", ""},
      {"or which is expected", "*:pending", "V1__a R__r", "", ""},
      {"of one type only", "repeatable:pending", "V1__a R__r", "",
       "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED 1"},
      {"late", "pending", "V1__a V2__b", "2 b", "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED 1"},
      {"late, and expected", "*:ignored", "V1__a V2__b", "2 b", ""},
      {"pending is not ignored", "*:pending", "V1__a V2__b", "2 b",
       "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED 1"},
      {"changed", "", "V1__a=2", "1 a =1", "CHECKSUM_MISMATCH 1"},
      {"no checksum in the history to compare with", "", "V1__a=2", "1 a =null", ""},
      {"renamed", "", "V1__other", "1 a", "DESCRIPTION_MISMATCH 1"},
      {"changed and renamed: the checksum says more", "", "V1__other=2", "1 a",
       "CHECKSUM_MISMATCH 1"},
      {"a repeatable that changed", "", "R__r=2", "- r",
       "OUTDATED_REPEATABLE_MIGRATION r, RESOLVED_REPEATABLE_MIGRATION_NOT_APPLIED r"},
      {"which migrate runs again", "pending", "R__r=2", "- r", ""},
      {"which is expected", "repeatable:pending", "R__r=2", "- r", ""},
      {"a former run of a repeatable", "", "R__r=2", "- r, - r =2", ""},
      {"failed", "", "V1__a", "1 a failed", "FAILED_VERSIONED_MIGRATION 1"},
      {"a repeatable that failed", "pending", "R__r", "- r failed",
       "FAILED_REPEATABLE_MIGRATION r"},
      {"no state with a name forgives a failure", "*:missing,*:pending,*:ignored,*:future", "V1__a",
       "1 a failed", "FAILED_VERSIONED_MIGRATION 1"},
      {"a star forgives even that", "*:*", "V1__a V2__b", "1 a failed", ""},
      {"and whatever changed", "versioned:*", "V1__a=2 V2__other R__r=2", "1 a, 2 b, - r",
       "OUTDATED_REPEATABLE_MIGRATION r, RESOLVED_REPEATABLE_MIGRATION_NOT_APPLIED r"},
      {"of its type only", "repeatable:*", "V1__a=2 R__r=2", "1 a, - r", "CHECKSUM_MISMATCH 1"},
      {"gone", "", "V2__b", "1 a, 2 b", "APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED 1"},
      {"gone, and expected", "*:missing", "V2__b", "1 a, 2 b", ""},
      {"a repeatable that is gone", "", "", "- r", "APPLIED_REPEATABLE_MIGRATION_NOT_RESOLVED r"},
      {"of another type", "versioned:missing", "", "- r",
       "APPLIED_REPEATABLE_MIGRATION_NOT_RESOLVED r"},
      {"above all scripts", "", "", "1 a", "APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED 1"},
      {"above all scripts, as by default", "*:future", "", "1 a", ""},
      {"missing is not future", "*:missing", "", "1 a",
       "APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED 1"},
      {"failed and gone", "", "V2__b", "1 a failed, 2 b", "FAILED_VERSIONED_MIGRATION 1"},
      {"failed and gone: nothing forgives", "*:missing", "V2__b", "1 a failed, 2 b",
       "FAILED_VERSIONED_MIGRATION 1"},
      {"failed above all scripts", "", "", "1 a failed", "FAILED_VERSIONED_MIGRATION 1"},
      {"failed above all scripts: another version's affair", "*:future", "", "1 a failed", ""},
      {"marked as deleted", "", "V1__a", "1 a, 2 b, 2 b DELETE", ""},
      {"below the baseline", "", "V1__a V2__b", "2 base BASELINE", ""},
      {"undone, and pending again", "pending", "V1__a U1__a", "1 a, 1 a UNDO_SQL", ""},
      {"schemas that were made", "", "", "- s SCHEMA", ""},
  };
  for (const auto& [why, ignore, scripts, history, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(found(situation(scripts, history), ignore), expected);
  }
}

TEST(ValidateTest, LeavesOutWhatIsAboveTheTarget) {
  EXPECT_EQ(found(situation("V1__a V2__b", "1 a", "target=1"), ""), "");
}

TEST(ValidateTest, TakesALongDescriptionAsTheHistoryCutsIt) {
  const std::string name(250, 'x');
  const std::string stored = std::string(197, 'x') + "...";
  EXPECT_EQ(found(situation("V1__" + name, "1 " + stored), ""), "");
}

TEST(ValidateTest, SaysItInFlywaysWords) {
  struct Case {
    const char *why, *scripts, *history, *message;
  };
  constexpr Case cases[] = {
      {"changed", "V1__a=-5", "1 a =7",
       "Migration checksum mismatch for migration version 1\n"
       "-> Applied to database : 7\n"
       "-> Resolved locally    : -5\n"
       "Either revert the changes to the migration, or run repair to update the schema history."},
      {"renamed", "V1.0__other_name", "1 a",
       "Migration description mismatch for migration version 1\n"
       "-> Applied to database : a\n"
       "-> Resolved locally    : other name\n"
       "Either revert the changes to the migration, or run repair to update the schema history."},
      {"failed", "V2__b", "2 b failed",
       "Detected failed migration to version 2 (b).\n"
       "Please remove any half-completed changes then run repair to fix the schema history."},
      {"failed, repeatable", "", "- r failed",
       "Detected failed repeatable migration: r.\n"
       "Please remove any half-completed changes then run repair to fix the schema history."},
      {"gone", "V2__b", "1 a, 2 b",
       "Detected applied migration not resolved locally: 1.\n"
       "If you removed this migration intentionally, run repair to mark the migration as "
       "deleted."},
      {"pending", "V1__a", "",
       "Detected resolved migration not applied to database: 1.\n"
       "To fix this error, either run migrate, or set -ignoreMigrationPatterns='*:pending'."},
      {"pending, repeatable", "R__r", "",
       "Detected resolved repeatable migration not applied to database: r.\n"
       "To fix this error, either run migrate, or set -ignoreMigrationPatterns='*:pending'."},
      {"late", "V1__a V2__b", "2 b",
       "Detected resolved migration not applied to database: 1.\n"
       "To ignore this migration, set -ignoreMigrationPatterns='*:ignored'. To allow executing "
       "this migration, set -outOfOrder=true."},
      {"outdated", "R__r=2", "- r",
       "Detected outdated resolved repeatable migration that should be re-applied to database: "
       "r.\nRun migrate to execute this migration."},
  };
  for (const auto& [why, scripts, history, message] : cases) {
    SCOPED_TRACE(why);
    const Situation given = situation(scripts, history);
    const auto findings = validate(given.info, {});
    EXPECT_EQ(findings.empty() ? "" : findings[0].message, message);
  }
}

TEST(ValidateTest, NamesTheFile) {
  const Situation given = situation("V2__b=2", "1 a, 2 b");
  const auto findings = validate(given.info, {});
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].shown, "") << "V1 is not on disk";
  EXPECT_EQ(findings[1].shown, "sql/V2__b.sql");
}

}  // namespace
}  // namespace dunlin
