// The small values that options of commands are: targets, patterns of what to ignore, filters.
#include "migration/ignore_pattern.hpp"
#include "migration/info_filter.hpp"
#include "migration/target.hpp"

#include "situation.hpp"

namespace dunlin {
namespace {

std::string shown(const Target& target) {
  switch (target.kind) {
    case Target::Kind::latest:
      return "latest";
    case Target::Kind::current:
      return "current";
    case Target::Kind::next:
      return "next";
    case Target::Kind::version:
      break;
  }
  return target.version->text() + (target.must_exist ? "" : ", if there is one");
}

TEST(TargetTest, IsAWordOrAVersion) {
  struct Case {
    const char *why, *text, *target;
  };
  constexpr Case cases[] = {
      {"nothing said", "", "latest"},
      {"blanks are nothing", "  ", "latest"},
      {"the word for it", "latest", "latest"},
      {"in any letters", "Current", "current"},
      {"one more", "NEXT", "next"},
      {"a version", "2.1", "2.1"},
      {"as files spell it", "2_1", "2.1"},
      {"blanks around it", " 3 ", "3"},
      {"it need not exist", "2.1?", "2.1, if there is one"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    const auto target = Target::parse(text);
    ASSERT_TRUE(target) << target.error().message;
    EXPECT_EQ(shown(*target), expected);
  }
}

TEST(TargetTest, RefusesOtherWords) {
  for (const auto* const text : {"bogus", "?", "2.x", "latest?"}) {
    const auto target = Target::parse(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().code, ErrorCode::configuration);
  }
}

constexpr State every_state[] = {
    State::pending,          State::above_target,   State::below_baseline,  State::baseline,
    State::baseline_ignored, State::ignored,        State::missing_success, State::missing_failed,
    State::success,          State::undone,         State::available,       State::failed,
    State::out_of_order,     State::future_success, State::future_failed,   State::outdated,
    State::superseded,       State::deleted};

TEST(IgnorePatternTest, NamesTypeAndState) {
  struct Case {
    const char *why, *pattern, *versioned, *repeatable;
  };
  constexpr Case cases[] = {
      {"missing ones, failed or not", "*:missing", "Missing, Failed (Missing)",
       "Missing, Failed (Missing)"},
      {"future ones, failed or not", "*:future", "Future, Failed (Future)",
       "Future, Failed (Future)"},
      {"pending is not above the target", "*:pending", "Pending", "Pending"},
      {"ignored is not below the baseline", "*:ignored", "Ignored", "Ignored"},
      {"one type", "versioned:pending", "Pending", ""},
      {"the other", "repeatable:pending", "", "Pending"},
      {"blanks and capitals", " Versioned : IGNORED ", "Ignored", ""},
  };
  for (const auto& [why, text, versioned, repeatable] : cases) {
    SCOPED_TRACE(why);
    const auto pattern = IgnorePattern::parse(text);
    ASSERT_TRUE(pattern) << pattern.error().message;
    const auto matched = [&](bool is_versioned) {
      std::vector<std::string> names;
      for (const State state : every_state) {
        if (pattern->matches(is_versioned, state)) names.emplace_back(traits(state).name);
      }
      return join(names, ", ");
    };
    EXPECT_EQ(matched(true), versioned);
    EXPECT_EQ(matched(false), repeatable);
  }
}

TEST(IgnorePatternTest, TakesAStarForEveryState) {
  for (const State state : every_state) {
    EXPECT_TRUE(IgnorePattern::parse("*:*")->matches(true, state)) << traits(state).name;
    EXPECT_TRUE(IgnorePattern::parse("repeatable:*")->matches(false, state));
    EXPECT_FALSE(IgnorePattern::parse("repeatable:*")->matches(true, state));
  }
}

TEST(IgnorePatternTest, SaysWhatIsWrongWithOne) {
  struct Case {
    const char *text, *message;
  };
  constexpr const char* format = "Pattern must be in the format <migration_type>:<migration_state>";
  const Case cases[] = {
      {"missing", format},
      {"", format},
      {"*:missing:x", format},
      {"any:missing", "Invalid migration type 'any'. Valid types are: [*, repeatable, versioned]"},
      {"*:failed",
       "Invalid migration state 'failed'. Valid states are: [*, missing, pending, ignored, "
       "future]"},
  };
  for (const auto& [text, message] : cases) {
    const auto pattern = IgnorePattern::parse(text);
    ASSERT_FALSE(pattern) << text;
    EXPECT_EQ(pattern.error().code, ErrorCode::configuration);
    EXPECT_TRUE(pattern.error().message.ends_with(message)) << pattern.error().message;
  }
}

TEST(StateTest, HasFlywaysWordsForEach) {
  struct Case {
    const char* word;
    State state;
    const char* name;
  };
  constexpr Case cases[] = {
      {"pending", State::pending, "Pending"},
      {"ABOVE_TARGET", State::above_target, "Above Target"},
      {"BELOW_BASELINE", State::below_baseline, "Below Baseline"},
      {"BASELINE", State::baseline, "Baseline"},
      {"BASELINE_IGNORED", State::baseline_ignored, "Ignored (Baseline)"},
      {"IGNORED", State::ignored, "Ignored"},
      {"missing_success", State::missing_success, "Missing"},
      {"MISSING_FAILED", State::missing_failed, "Failed (Missing)"},
      {" Success ", State::success, "Success"},
      {"UNDONE", State::undone, "Undone"},
      {"AVAILABLE", State::available, "Available"},
      {"FAILED", State::failed, "Failed"},
      {"OUT_OF_ORDER", State::out_of_order, "Out of Order"},
      {"FUTURE_SUCCESS", State::future_success, "Future"},
      {"FUTURE_FAILED", State::future_failed, "Failed (Future)"},
      {"OUTDATED", State::outdated, "Outdated"},
      {"SUPERSEDED", State::superseded, "Superseded"},
      {"DELETED", State::deleted, "Deleted"},
  };
  for (const auto& [word, state, name] : cases) {
    EXPECT_EQ(traits(state).name, name);
    const auto parsed = parse_state(word);
    ASSERT_TRUE(parsed) << word;
    EXPECT_EQ(*parsed, state) << word;
  }
  EXPECT_EQ(parse_state("nonsense").error().message, "infoOfState knows no state nonsense");
}

TEST(StateTest, ToldApartByWhetherItRan) {
  std::string failed, not_applied;
  for (const State state : every_state) {
    if (traits(state).failed) failed += fmt::format("{}; ", traits(state).name);
    if (!traits(state).applied) not_applied += fmt::format("{}; ", traits(state).name);
    EXPECT_TRUE(traits(state).applied || !traits(state).failed) << traits(state).name;
  }
  EXPECT_EQ(failed, "Failed (Missing); Failed; Failed (Future); ");
  EXPECT_EQ(not_applied,
            "Pending; Above Target; Below Baseline; Ignored (Baseline); Ignored; Available; ");
}

TEST(InfoFilterTest, ReadsDatesAsFlywayWritesThem) {
  EXPECT_EQ(parse_date("24/12/2026 18:05").value_or("(none)"), "2026-12-24 18:05");
  for (const auto* const text : {"2026-12-24 18:05", "24/12/2026", "24/12/26 18:05", "", "now"}) {
    EXPECT_FALSE(parse_date(text)) << text;
  }
}

TEST(InfoFilterTest, ShowsTheLinesAskedFor) {
  struct Case {
    const char *why, *since, *until, *states, *from, *to, *shown;
  };
  // 1 ran at 10:01, 2 at 10:02, r at 10:03; 3 is pending.
  constexpr Case cases[] = {
      {"nothing asked", "", "", "", "", "", "1 2 r 3"},
      {"from a version on; repeatable ones have none", "2", "", "", "", "", "2 r 3"},
      {"up to a version, which is shown; repeatable ones are not", "", "2.0", "", "", "", "1 2"},
      {"between the same", "2", "2", "", "", "", "2"},
      {"of a state", "", "", "pending", "", "", "3"},
      {"of several", "", "", "pending,success", "", "", "1 2 r 3"},
      {"of a state that none has", "", "", "failed", "", "", ""},
      {"from a minute on, and what has not run", "", "", "", "22/11/2026 10:02", "", "2 r 3"},
      {"up to the start of a minute", "", "", "", "", "22/11/2026 10:02", "1"},
      {"all at once", "1", "2", "success", "22/11/2026 10:02", "22/11/2026 10:03", "2"},
  };
  Situation given = situation("V1__a V2__b V3__c R__r", "1 a, 2 b, - r");
  for (HistoryRow& row : given.history) {
    row.installed_on = fmt::format("2026-11-22 10:0{}:59.123456", row.installed_rank);
  }
  for (const auto& [why, since, until, states, from, to, expected] : cases) {
    SCOPED_TRACE(why);
    InfoFilter filter;
    if (*since != '\0') filter.since_version = *Version::parse(since);
    if (*until != '\0') filter.until_version = *Version::parse(until);
    for (const auto& each : split_list(states)) filter.states.push_back(*parse_state(each));
    if (*from != '\0') filter.since = *parse_date(from);
    if (*to != '\0') filter.until = *parse_date(to);
    std::vector<std::string> labels;
    for (const InfoRow& row : given.info.rows) {
      if (passes(row, filter)) labels.push_back(label(row));
    }
    EXPECT_EQ(join(labels, " "), expected);
  }
}

}  // namespace
}  // namespace dunlin
