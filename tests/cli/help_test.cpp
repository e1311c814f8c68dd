#include "cli/help.hpp"

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "config/options.hpp"
#include "support/shell.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace dunlin {
namespace {

TEST(HelpTest, NamesEveryCommandAndOptionThatWorks) {
  const std::string text = usage_text();
  const std::string chapter = text.substr(0, text.find("\nFlags\n"));
  for (const CommandRow& command : commands()) {
    const bool is_named = chapter.contains("\n    " + std::string(command.name) + "   ");
    EXPECT_EQ(is_named, command.left_out.empty() && !is_family(command.name)) << command.name;
  }
  for (const Option& option : options()) {
    if (option.standing != Standing::live) continue;
    EXPECT_TRUE(text.contains("\n    " + std::string(option.key))) << option.key;
    EXPECT_TRUE(help_text(option.type == OptionType::map ? std::string(option.key) + ".x"
                                                         : std::string(option.key)));
  }
}

TEST(HelpTest, ExplainsOneThing) {
  EXPECT_TRUE(help_text("check")->starts_with("check  (true or false)\n"))
      << "an option that is there comes before a command that is left out";
  EXPECT_EQ(
      *help_text("lockRetryCount"),
      "lockRetryCount  (whole number)\n"
      "    seconds to wait for another process to let go of the lock; 0: one try, -1: without "
      "end\n"
      "    default    50\n"
      "    variable   FLYWAY_LOCK_RETRY_COUNT\n");
  EXPECT_TRUE(help_text("run")->contains("The branch is master if none is named"));
  EXPECT_TRUE(help_text("diff")->contains("left out"));
}

TEST(HelpTest, ListsTheCommandsBelowAFamily) {
  const auto text = help_text("fargate");
  ASSERT_TRUE(text);
  for (const CommandRow& command : commands_below("fargate")) {
    EXPECT_TRUE(text->contains("\n    " + std::string(command.name) + ' ')) << command.name;
    EXPECT_TRUE(help_text(command.name)->contains(command.help)) << command.name;
  }
  EXPECT_EQ(help_text("fargate templat").error().hint, "did you mean fargate template?");
}

TEST(HelpTest, EveryFamilyHasItsRow) {
  for (const CommandRow& command : commands()) {
    const auto blank = command.name.rfind(' ');
    if (blank == std::string_view::npos) continue;
    EXPECT_NE(find_command(command.name.substr(0, blank)), nullptr) << command.name;
    EXPECT_FALSE(command.alone.empty()) << command.name << " among commands of the engine";
  }
}

TEST(HelpTest, AnUnknownTopicIsAnError) {
  EXPECT_EQ(help_text("nonsense").error().message, "Invalid flag: nonsense");
  EXPECT_EQ(help_text("migrat").error().hint, "did you mean migrate?");
}

TEST(HelpTest, FindsAnOptionByKeyMapOrVariable) {
  for (const char* word : {"url", "placeholders", "placeholders.a", "FLYWAY_URL"}) {
    EXPECT_TRUE(help_text(word)) << word;
  }
  EXPECT_FALSE(help_text("FLYWAY_NONSENSE"));
  EXPECT_FALSE(help_text("nonsense"));
}

TEST(HelpTest, CompletesInThreeShells) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto script = completion(shell);
    ASSERT_TRUE(script);
    for (const char* word : {"migrate", "-locations=", "-placeholders.", "-outputType=json ",
                             "-color=auto ", "-group=true -group=false "}) {
      EXPECT_TRUE(script->contains(word)) << shell << " " << word;
    }
    EXPECT_FALSE(script->contains("-group= ")) << "it takes one of two values";
  }
  EXPECT_EQ(completion("csh").error().message, "no completion for shell \"csh\"");
}

// As bash calls it: it takes = for the end of a word.
TEST(HelpTest, CompletesInARealBash) {
  struct Case {
    const char *why, *typed, *offered;
  };
  constexpr Case cases[] = {
      {"a command", "dunlin mig", "migrate"},
      {"the first word of two", "dunlin farg", "fargate"},
      {"the second", "dunlin -q fargate templ", "template"},
      {"no command within a family", "dunlin fargate mig", ""},
      {"what comes behind both", "dunlin fargate template -outputT", "-outputType=json"},
      {"an option", "dunlin -outputT", "-outputType=json"},
      {"a value", "dunlin -q -outputType=j", "json"},
      {"all values", "dunlin -group=", "true false"},
      {"no value can be known", "dunlin -table=x", ""},
  };
  const auto script = completion("bash");
  ASSERT_TRUE(script);
  for (const auto& [why, typed, offered] : cases) {
    SCOPED_TRACE(why);
    const std::string line = typed;
    const std::string call = fmt::format(
        "{}\nCOMP_WORDBREAKS='='; COMP_LINE='{}'; COMP_POINT={}; compopt() {{ :; }}; _dunlin; "
        "echo \"${{COMPREPLY[*]}}\"",
        script.value(), line, line.size());
    EXPECT_EQ(test::shell("bash -c " + test::quoted(call)), offered);
  }
}

TEST(HelpTest, TheReferencePageIsUpToDate) {
  std::ifstream file(DUNLIN_REFERENCE);
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(page == reference_page())
      << "run `cmake --build build/dev --target update-reference`";
}

}  // namespace
}  // namespace dunlin
