#include "fargate/follow.hpp"

#include "base/text.hpp"
#include "support/fake_http.hpp"
#include "support/standing_clock.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace dunlin::fargate {
namespace {

using test::answer;
using test::no_answer;
using test::Sent;

constexpr auto kNow = std::chrono::sys_days(std::chrono::year(2024) / 2 / 29);

struct Text final : Output::Sink {
  std::string text;
  void write(std::string_view more) override { text += more; }
};

/// AWS as a list of answers to DescribeTasks; the log has what `events` says.
class FollowTest : public testing::Test {
 protected:
  Result<HttpResponse> reply(const Sent& sent) {
    clock.advance(std::chrono::seconds(1));
    if (sent.header("X-Amz-Target").ends_with("GetLogEvents")) return log();
    const auto next = states.front();
    if (states.size() > 1) states.pop_front();
    return next();
  }
  // The last answer comes again and again.
  void say(const std::string& status) {
    states.emplace_back([status] { return answer(200, task_json(status)); });
  }
  void refuse(const char* code) {
    states.emplace_back(
        [code] { return answer(400, fmt::format(R"({{"__type":"{}","message":"no"}})", code)); });
  }
  void lose(int times) {
    for (int i = 0; i < times; ++i)
      states.emplace_back([] { return no_answer("no route to host"); });
  }
  static std::string task_json(const std::string& status) {
    return fmt::format(R"({{"tasks":[{{"taskArn":"a/t1","lastStatus":"{}"}}]}})", status);
  }

  Result<void> follow() {
    const AwsEdges edges{http, environment, clock, interrupt, redactor};
    CredentialChain chain(edges);
    AwsApi api(edges, chain,
               {.attempts = 1,
                .first_after_throttling = std::chrono::milliseconds(1),
                .first = std::chrono::milliseconds(1),
                .longest = std::chrono::milliseconds(1)});
    Ecs ecs(api, "us-west-2", "dunlin");
    LogStream stream(api, "us-west-2", "/ecs/dunlin", "ecs/dunlin/t1");
    Output output(redactor, out, error);
    Follower follower(ecs, &stream, clock, output, {.arn = "a/t1", .status = "PROVISIONING"},
                      {.between = std::chrono::milliseconds(1)});
    return follower.until_stopped(interrupt);
  }

  std::deque<std::function<Result<HttpResponse>()>> states;
  std::function<Result<HttpResponse>()> log = [] {
    return answer(200, R"({"events":[],"nextForwardToken":"f/1"})");
  };
  test::FakeHttp http{[this](const Sent& sent) { return reply(sent); }};
  Environment environment{{{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"}}};
  test::StandingClock clock{kNow};
  Interrupt interrupt;
  Redactor redactor;
  Text out, error;
};

TEST_F(FollowTest, TellsEachStateOnce) {
  for (const char* state : {"PROVISIONING", "PENDING", "PENDING", "RUNNING", "NEW", "STOPPED"})
    say(state);
  ASSERT_TRUE(follow());
  EXPECT_EQ(error.text,
            "Task t1 is PROVISIONING: its network interface is being made\n"
            "Task t1 is PENDING: its machine is got ready and its image pulled\n"
            "Task t1 is RUNNING\nTask t1 is NEW\nTask t1 is STOPPED\n");
}

TEST_F(FollowTest, BearsAWhileWithoutAnswer) {
  say("RUNNING");
  lose(40);
  say("STOPPED");
  ASSERT_TRUE(follow());
  EXPECT_TRUE(error.text.contains("cannot be seen for now")) << error.text;
}

TEST_F(FollowTest, GivesUpAfterAMinuteWithoutAnswer) {
  say("RUNNING");
  lose(1);
  const auto ended = follow();
  ASSERT_FALSE(ended);
  EXPECT_TRUE(ended.error().message.contains("no route to host")) << ended.error().message;
  EXPECT_GE(clock.now() - kNow, std::chrono::seconds(60));
  EXPECT_LE(clock.now() - kNow, std::chrono::seconds(70));
}

TEST_F(FollowTest, WaitsForATaskThatEcsDoesNotKnowYet) {
  states.emplace_back(
      [] { return answer(200, R"({"tasks":[],"failures":[{"reason":"MISSING"}]})"); });
  say("STOPPED");
  EXPECT_TRUE(follow());
}

TEST_F(FollowTest, DoesNotTryAgainWhatIsForbidden) {
  refuse("AccessDeniedException");
  const auto ended = follow();
  ASSERT_FALSE(ended);
  EXPECT_LE(clock.now() - kNow, std::chrono::seconds(2));
}

TEST_F(FollowTest, GoesOnWithoutALogThatItMayNotRead) {
  for (const char* state : {"RUNNING", "RUNNING", "STOPPED"}) say(state);
  log = [] { return answer(400, R"({"__type":"AccessDeniedException","message":"no"})"); };
  ASSERT_TRUE(follow());
  EXPECT_TRUE(error.text.contains("WARNING: log ecs/dunlin/t1 of /ecs/dunlin cannot be read"))
      << error.text;
  EXPECT_EQ(error.text.find("WARNING"), error.text.rfind("WARNING"));
}

TEST_F(FollowTest, TellsWhenTheEndOfTheLogIsNotToBeHad) {
  say("STOPPED");
  int looks = 0;
  log = [&looks]() -> Result<HttpResponse> {
    if (++looks > 2) return no_answer("no route to host");
    return answer(200, R"({"events":[{"message":"x"}],"nextForwardToken":"f/1"})");
  };
  ASSERT_TRUE(follow());
  EXPECT_TRUE(error.text.contains("WARNING: the end of the log is missing")) << error.text;
}

TEST_F(FollowTest, BearsALookAtTheEndThatFails) {
  say("STOPPED");
  int looks = 0;
  log = [&looks]() -> Result<HttpResponse> {
    if (++looks == 3) return no_answer("no route to host");
    return answer(200, looks < 4    ? R"({"events":[],"nextForwardToken":"f/1"})"
                       : looks == 4 ? R"({"events":[{"message":"last"}],"nextForwardToken":"f/2"})"
                                    : R"({"events":[],"nextForwardToken":"f/2"})");
  };
  ASSERT_TRUE(follow());
  EXPECT_EQ(out.text, "last\n");
  EXPECT_FALSE(error.text.contains("WARNING")) << error.text;
}

TEST_F(FollowTest, ReadsALogOnlyFromWhereItWas) {
  for (const char* state : {"RUNNING", "RUNNING", "STOPPED"}) say(state);
  int page = 0;
  log = [&page] {
    ++page;
    const bool is_end = page % 2 == 0;
    return answer(200, fmt::format(R"({{"events":[{}],"nextForwardToken":"f/{}"}})",
                                   is_end ? "" : fmt::format(R"({{"message":"{}"}})", page),
                                   is_end ? page - 1 : page));
  };
  // The last look brings something, too, until one brings nothing.
  std::size_t bound = 0;
  const auto endless = std::exchange(log, {});
  log = [&, endless]() -> Result<HttpResponse> {
    if (++bound > 8)
      return answer(200, fmt::format(R"({{"events":[],"nextForwardToken":"f/{}"}})", 7));
    return endless();
  };
  ASSERT_TRUE(follow());
  EXPECT_EQ(out.text, "1\n3\n5\n7\n");
}

TEST_F(FollowTest, LeavesEmptyPagesWithoutEndForTheNextLook) {
  for (const char* state : {"RUNNING", "STOPPED"}) say(state);
  int page = 0;
  log = [&page] {
    return answer(200, fmt::format(R"({{"events":[],"nextForwardToken":"f/{}"}})", ++page));
  };
  ASSERT_TRUE(follow());
  EXPECT_EQ(page, 300) << "a hundred each look: while it ran, when it had stopped, and once more";
}

TEST_F(FollowTest, EndsWhenAStopIsRequested) {
  say("RUNNING");
  interrupt.request(2);
  const auto ended = follow();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code, ErrorCode::interrupted);
}

}  // namespace
}  // namespace dunlin::fargate
