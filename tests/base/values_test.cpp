// Secret, Environment, Error and Result: the small values that every room uses.
#include "base/environment.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <set>
#include <type_traits>

namespace dunlin {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!Printable<Secret>, "a secret is never printed");
static_assert(!std::is_copy_constructible_v<Secret>, "nor copied by accident");
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<std::string_view, Secret>, "nor made by accident");

TEST(SecretTest, MovesAndLeavesNothingBehind) {
  Secret first("hunter2");
  const Secret second = std::move(first);
  EXPECT_EQ(second.reveal(), "hunter2");
  EXPECT_TRUE(first.empty());  // what is left is the question
}

TEST(SecretTest, TakesTheOtherPlaceWhenAssigned) {
  Secret target("old");
  {
    Secret other("new one");
    target = std::move(other);
    EXPECT_EQ(other.reveal(), "old") << "which wipes it";
  }
  EXPECT_EQ(target.reveal(), "new one");
}

TEST(SecretTest, HoldsAnyBytes) {
  const Secret secret(std::string_view("a\0b", 3));
  EXPECT_EQ(secret.reveal().size(), 3U);
  EXPECT_EQ(secret.duplicate().reveal(), secret.reveal());
  EXPECT_TRUE(Secret().empty());
}

TEST(EnvironmentTest, TakesAnEmptyVariableAsAbsent) {
  const Environment environment({{"REGION", ""}, {"DB_HOST", "db"}});
  EXPECT_EQ(environment.find("DB_HOST"), "db");
  EXPECT_EQ(environment.find("REGION"), std::nullopt) << "tasks cannot leave a variable out";
  EXPECT_EQ(environment.find("db_host"), std::nullopt) << "letter case matters";
  EXPECT_TRUE(environment.all().contains("REGION"));
}

TEST(EnvironmentTest, ReadsThatOfTheProcess) {
  ASSERT_EQ(setenv("DUNLIN_TEST_VARIABLE", "a=b=c", 1), 0);
  EXPECT_EQ(Environment::of_process().find("DUNLIN_TEST_VARIABLE"), "a=b=c");
}

TEST(ErrorTest, EveryCodeHasARowOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const ErrorKind& kind = kind_of(code);
    EXPECT_EQ(kind.code, code) << kind.name;
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_FALSE(kind.meaning.empty() || kind.meaning.ends_with('.')) << kind.name;
  }
}

TEST(ErrorTest, ExitCodesSayWhoHasToLook) {
  struct Case {
    const char* why;
    ErrorCode code;
    int exit_code;
  };
  constexpr Case cases[] = {
      {"a migration failed", ErrorCode::sql_failed, 1},
      {"a table lock is the migration's affair", ErrorCode::table_lock_timeout, 1},
      {"validation", ErrorCode::validation, 1},
      {"the command line", ErrorCode::usage, 2},
      {"configuration", ErrorCode::configuration, 2},
      {"AWS", ErrorCode::aws_credentials, 3},
      {"a secret", ErrorCode::secret_unavailable, 3},
      {"whatever else AWS is asked", ErrorCode::aws_failed, 3},
      {"the repository", ErrorCode::missing_branch, 4},
      {"its server", ErrorCode::host_key, 4},
      {"no scripts", ErrorCode::missing_location, 4},
      {"the database is away", ErrorCode::database_unreachable, 5},
      {"or lets nobody in", ErrorCode::login_refused, 5},
      {"somebody else migrates", ErrorCode::lock_timeout, 6},
      {"Ctrl-C", ErrorCode::interrupted, 130},
  };
  for (const auto& [why, code, exit_code] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(kind_of(code).exit_code, exit_code);
  }
}

Result<int> half(int number) {
  if (number % 2 != 0) return Error{.code = ErrorCode::usage, .message = "odd"};
  return number / 2;
}

Result<std::string> quarter(int number) {
  const int once = DUNLIN_TRY(half(number));
  return std::to_string(DUNLIN_TRY(half(once)));
}

TEST(ResultTest, GivesTheValueOrTheErrorOfTheFirstThatFails) {
  EXPECT_EQ(quarter(12).value_or("(none)"), "3");
  ASSERT_FALSE(quarter(6));
  EXPECT_EQ(quarter(6).error().message, "odd");
}

}  // namespace
}  // namespace dunlin
