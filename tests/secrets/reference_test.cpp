#include "secrets/reference.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using Kind = ReferenceKind;

TEST(ReferenceTest, IsFoundInsideAnyText) {
  struct Case {
    const char *why, *text;
    ReferenceText expected;
  };
  const Case cases[] = {
      {"nothing", "", {}},
      {"no reference", "plain", {"plain"}},
      {"a secret", "${secret:a@b}", {Reference{Kind::secret, "a@b", ""}}},
      {"a field of its JSON", "${secret:a#password}", {Reference{Kind::secret, "a", "password"}}},
      {"an ARN",
       "${secret:arn:aws:secretsmanager:r:1:secret:n-x}",
       {Reference{Kind::secret, "arn:aws:secretsmanager:r:1:secret:n-x", ""}}},
      {"a version",
       "${secret:a?stage=AWSPREVIOUS#k}",
       {Reference{Kind::secret, "a?stage=AWSPREVIOUS", "k"}}},
      {"a parameter", "${ssm:/a/b}", {Reference{Kind::parameter, "/a/b", ""}}},
      {"a path may hold #", "${file:/a#b}", {Reference{Kind::file, "/a#b", ""}}},
      {"text around",
       "host=${env:H} port=${env:P}.",
       {"host=", Reference{Kind::environment, "H", ""},
        " port=", Reference{Kind::environment, "P", ""}, "."}},
      {"placeholders stay", "${DATABASE_NAME} ${env.X}", {"${DATABASE_NAME} ${env.X}"}},
      {"escaped", "a$${secret:b}", {"a${secret:b}"}},
      {"a dollar before a placeholder stays", "$${NAME}$", {"$${NAME}$"}},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    const auto parts = parse_references(text);
    ASSERT_TRUE(parts) << parts.error().message;
    EXPECT_EQ(*parts, expected);
  }
}

TEST(ReferenceTest, IsRefusedWhenMalformedWithoutShowingTheText) {
  struct Case {
    const char *why, *text, *expected;
  };
  constexpr Case cases[] = {
      {"not closed", "hunter2${secret:a", "a reference ${secret:...} has no closing brace"},
      {"names nothing", "hunter2${env:}", "a reference ${env:...} names nothing"},
      {"no id before the key", "${secret:#k}", "a reference ${secret:...} names nothing"},
      {"no key", "${secret:a#}", "a reference ${secret:...} names no key after its #"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    const auto parts = parse_references(text);
    ASSERT_FALSE(parts);
    EXPECT_EQ(parts.error().code, ErrorCode::configuration);
    EXPECT_EQ(parts.error().message, expected);
  }
}

}  // namespace
}  // namespace dunlin
