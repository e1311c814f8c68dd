#include "cli/arguments.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

/// "commands | options | rest" of a command line, or its error.
std::string seen(const std::string& line) {
  std::vector<std::string> words = split(line, ' ');
  const auto parsed = parse_arguments(words);
  if (!parsed) return "error: " + parsed.error().message;
  std::string result = join(parsed->commands, " ") + " |";
  for (const auto& [key, value] : parsed->options) result += " " + key + "=" + value;
  result += " |";
  constexpr const char* asked[] = {"", " asks=completion", " asks=version", " asks=help"};
  result += asked[static_cast<std::size_t>(parsed->asks)];
  if (!parsed->operands.empty()) result += " operand=" + join(parsed->operands, "+");
  if (!parsed->family.empty()) result += " family=" + parsed->family;
  if (!parsed->help_topic.empty()) result += " topic=" + parsed->help_topic;
  if (parsed->verbosity == Verbosity::quiet) result += " quiet";
  if (parsed->verbosity == Verbosity::debug) result += " debug";
  if (parsed->migration_ids) result += " ids";
  return result;
}

TEST(ArgumentsTest, TakesCommandLinesApart) {
  struct Case {
    const char *why, *line, *expected;
  };
  constexpr Case cases[] = {
      {"nothing", "", " | |"},
      {"commands in order", "info migrate info", "info migrate info | |"},
      {"options before and after", "-url=x info -table=t", "info | url=x table=t |"},
      {"a value may hold =", "-url=a=b?c=d info", "info | url=a=b?c=d |"},
      {"a value may be empty", "-table= info", "info | table= |"},
      {"unknown keys are for later", "-nonsense=1 info", "info | nonsense=1 |"},
      {"keys with dots", "-placeholders.a.b=c info", "info | placeholders.a.b=c |"},
      {"two dashes and a word", "--url x --table t info", "info | url=x table=t |"},
      {"dashes within the key", "--out-of-order true info", "info | outOfOrder=true |"},
      {"truths need no word", "--outOfOrder info", "info | outOfOrder=true |"},
      {"but may have one", "--outOfOrder false info", "info | outOfOrder=false |"},
      {"a value may begin with a dash", "--table -t info", "info | table=-t |"},
      {"flags", "-q info", "info | | quiet"},
      {"debug", "-X info", "info | | debug"},
      {"ids", "info -migrationIds", "info | | ids"},
      {"flags that mean nothing here", "-skipCheckForUpdate -communityFallback info", "info | |"},
      {"version", "-v", " | | asks=version"},
      {"version", "--version", " | | asks=version"},
      {"help", "-?", " | | asks=help"},
      {"help", "-h", " | | asks=help"},
      {"help", "--help", " | | asks=help"},
      {"help on a command", "help migrate", " | | asks=help topic=migrate"},
      {"help on anything", "help nonsense", " | | asks=help topic=nonsense"},
      {"help behind a command is on it", "migrate -h", "migrate | | asks=help topic=migrate"},
      {"help on the job", "run --help", "run | | asks=help topic=run"},
      {"help is worth more than a version", "-h -v", " | | asks=help"},
      {"a version behind a command", "migrate -v", "migrate | | asks=version"},
      {"help as a word behind a command", "info help migrate", "info | | asks=help topic=migrate"},
      {"completion", "completion bash", " | | asks=completion"},
      {"the job", "run", "run | |"},
      {"the job on a branch", "run develop", "run | | operand=develop"},
      {"several words", "fargate secrets put deploy-key",
       "fargate secrets | | operand=put+deploy-key"},
      {"a branch may be named like a command", "run info", "run | | operand=info"},
      {"options between", "run -url=x feature/y", "run | url=x | operand=feature/y"},
      {"a branch may even be named so", "run run", "run | | operand=run"},
      {"another command follows", "migrate info", "migrate info | |"},
      {"a command of two words", "fargate template", "fargate template | |"},
      {"options between its words", "fargate -q template -url=x",
       "fargate template | url=x | quiet"},
      {"the first word alone", "fargate", " | | family=fargate"},
      {"help on a command of two words", "help fargate template",
       " | | asks=help topic=fargate template"},
      {"help on its first word", "help fargate", " | | asks=help topic=fargate"},
      {"help behind it", "fargate template -h",
       "fargate template | | asks=help topic=fargate template"},
      {"help behind its first word", "fargate -h", " | | asks=help family=fargate topic=fargate"},
  };
  for (const auto& [why, line, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(seen(line), expected);
  }
}

TEST(ArgumentsTest, SaysWhatItDoesNotUnderstand) {  // config-unknown-option
  struct Case {
    const char *line, *message;
  };
  constexpr Case cases[] = {
      {"frobnicate", "Invalid flag: frobnicate"},
      {"info frobnicate", "Invalid flag: frobnicate"},
      {"MIGRATE", "Invalid flag: MIGRATE"},
      {"-locations info", "Invalid flag: -locations"},
      {"-url info", "Invalid flag: -url"},
      {"-n info", "Invalid flag: -n"},
      {"--nosuch info", "Invalid flag: --nosuch"},
      {"= info", "Invalid flag: ="},
      {"-", "Invalid flag: -"},
      {"--", "Invalid flag: --"},
      {"-=x info", "Unable to parse command line params. -=x has no name"},
      {"--table=x info",
       "Failed to configure parameters: --table takes its value as a word of its own"},
      {"info --table", "option --table has no value"},
      {"check", "check is left out of dunlin: it belongs to the paid editions of Flyway"},
      {"run a b", "run takes one branch: b is one too many"},
      {"fargate secrets put a b c", "fargate secrets takes 3 words at most: c is one too many"},
      {"info run", "run stands alone, without other commands"},
      {"migrate run develop", "run stands alone, without other commands"},
      {"fargate templat", "Invalid flag: fargate templat"},
      {"fargate migrate", "Invalid flag: fargate migrate"},
      {"template", "Invalid flag: template"},
      {"info fargate template", "fargate template stands alone, without other commands"},
      {"fargate template info", "fargate template stands alone, without other commands"},
      {"info fargate", "fargate needs a word behind it that says what to do"},
      {"info completion bash", "completion stands alone, without other commands"},
  };
  for (const auto& [line, message] : cases) {
    EXPECT_EQ(seen(line), std::string("error: ") + message);
  }
}

TEST(ArgumentsTest, HintsAtWhatWasMeant) {
  const std::vector<std::string> near = {"migrte"};
  EXPECT_EQ(parse_arguments(near).error().hint, "did you mean migrate?");
  const std::vector<std::string> single = {"-location"};
  EXPECT_EQ(parse_arguments(single).error().hint, "write -locations=...");
  const std::vector<std::string> joined = {"--out-of-order=true"};
  EXPECT_EQ(parse_arguments(joined).error().hint,
            "write -outOfOrder=value or --out-of-order value");
  const std::vector<std::string> below = {"fargate", "templat"};
  EXPECT_EQ(parse_arguments(below).error().hint, "did you mean fargate template?");
  const std::vector<std::string> nothing_near = {"fargate", "migrate"};
  EXPECT_EQ(parse_arguments(nothing_near).error().hint,
            "`dunlin help fargate` lists what there is");
  const std::vector<std::string> dash = {"-"};
  EXPECT_EQ(parse_arguments(dash).error().hint, "`dunlin help` lists commands and options");
}

TEST(ArgumentsTest, SeesTheWishForJsonOnABrokenLine) {  // output-json-errors
  const auto asks = [](std::string_view line) { return asks_for_json(split(line, ' ')); };
  EXPECT_TRUE(asks("frobnicate -outputType=json"));
  EXPECT_TRUE(asks("--output-type json -nonsense"));
  EXPECT_FALSE(asks("--outputType"));
  EXPECT_FALSE(asks("-outputType=xml info"));
}

TEST(ArgumentsTest, AnEmptyWordIsPassedOver) {
  const std::vector<std::string> words = {"", "info"};
  EXPECT_EQ(parse_arguments(words)->commands, std::vector<std::string>{"info"});
}

}  // namespace
}  // namespace dunlin
