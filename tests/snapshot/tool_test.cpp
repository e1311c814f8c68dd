#include "snapshot/tool.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace dunlin {
namespace {

/// Runs a line of the shell.
Result<ToolRun> sh(const std::string& line, const Interrupt& interrupt = Interrupt()) {
  return run_tool({.words = {"sh", "-c", line}, .variables = {"PATH=/usr/bin:/bin", "A=1"}},
                  interrupt);
}

TEST(ToolTest, TellsWhatCameOutAndHowItEnded) {
  const auto run = sh("echo out; echo err >&2; exit 3");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->output, "out\n");
  EXPECT_EQ(run->errors, "err\n");
  EXPECT_EQ(run->exit_code, 3);
  EXPECT_EQ(sh("kill -9 $$")->exit_code, 137);
}

TEST(ToolTest, HasTheVariablesThatItIsGivenAndNoOthers) {
  EXPECT_EQ(sh("env | grep -v -e ^PWD= -e ^_= -e ^OLDPWD= -e ^SHLVL= | sort")->output,
            "A=1\nPATH=/usr/bin:/bin\n");
  EXPECT_EQ(sh("cat")->output, "") << "standard input is empty";
}

TEST(ToolTest, ThatTalksMoreThanAnybodyReadsStillEnds) {
  const auto run = sh("head -c 1000000 /dev/zero | tr '\\0' x >&2; echo; echo end >&2");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->errors.size(), 64UL << 10U);
}

TEST(ToolTest, IsEndedWithTheCall) {
  Interrupt interrupt;
  interrupt.request(SIGTERM);
  const auto run = sh("exec sleep 60", interrupt);
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::interrupted);
}

TEST(ToolTest, ThatIsNotThereIsNamedWithItsPackage) {
  const auto run =
      run_tool({.words = {"pg_dump_of_nowhere"}, .package = "postgresql-client-15"}, Interrupt());
  ASSERT_FALSE(run);
  EXPECT_EQ(run.error().code, ErrorCode::snapshot_failed);
  EXPECT_EQ(run.error().hint, "install it (Debian: postgresql-client-15), or put it on the PATH");
}

TEST(ToolTest, ComplainsInOneLine) {
  EXPECT_EQ(complaint_of({.errors = "pg_dump: detail: x\npg_dump: error: no\nhint\n"}), "no");
  EXPECT_EQ(complaint_of({.errors = "first\nlast\n\n"}), "last");
  EXPECT_EQ(complaint_of({.exit_code = 7, .errors = ""}), "exit code 7");
}

}  // namespace
}  // namespace dunlin
