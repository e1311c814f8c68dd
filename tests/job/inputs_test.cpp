// What `run` needs of its variables, for each source and database.
#include "job/inputs.hpp"

#include "base/text.hpp"
#include "config/load.hpp"

#include <gtest/gtest.h>

#include <map>

namespace dunlin {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

/// Everything that a task on AWS sets.
Variables task() {
  return {{"REGION", "eu-central-1"},   {"REPOSITORY_DEPLOY_KEY_SECRET", "deploy-key"},
          {"REPOSITORY_OWNER", "acme"}, {"REPOSITORY_PATH", "shop"},
          {"DB_HOST", "db.example"},    {"DB_NAME", "shop"}};
}

Variables with(Variables variables, const Variables& more) {
  for (const auto& [name, value] : more) variables[name] = value;
  return variables;
}

Result<JobInputs> inputs_of(const Variables& variables,
                            const std::optional<std::string>& branch = std::nullopt) {
  const auto configuration =
      load_configuration({.folder = "/nonexistent", .environment = Environment(variables)});
  if (!configuration) return configuration.error();
  return job_inputs(*configuration, branch);
}

/// "READ_ONLY_PASSWORD=${secret:...}, ..."
std::string roles(const JobInputs& inputs) {
  std::vector<std::string> lines;
  for (const auto& [placeholder, reference] : inputs.roles) {
    lines.push_back(placeholder + "=" + reference);
  }
  return join(lines, ", ");
}

TEST(JobInputsTest, AreThoseOfTheTutorialByDefault) {
  const auto inputs = inputs_of(task());
  ASSERT_TRUE(inputs) << inputs.error().message;
  EXPECT_EQ(inputs->branch, "master");
  EXPECT_EQ(inputs->repository, "git@github.com:acme/shop.git");
  EXPECT_EQ(inputs->region, "eu-central-1");
  EXPECT_EQ(inputs->database_name, "shop");
  EXPECT_TRUE(inputs->on_postgresql);
  EXPECT_EQ(inputs->deploy_key, "${secret:deploy-key}");
  EXPECT_EQ(inputs->passphrase, "");
  EXPECT_EQ(inputs->password, "${secret:postgresql@aurora-serverless-flyway-db@sqladmin#password}");
  EXPECT_EQ(roles(*inputs),
            "READ_ONLY_PASSWORD=${secret:postgresql@aurora-serverless-flyway-db@read_only#password}"
            ", SAMPLE_APPLICATION_PASSWORD="
            "${secret:postgresql@aurora-serverless-flyway-db@sample_application#password}");
  EXPECT_EQ(first_line(*inputs),
            "Starting Fargate task to run Flyway migration from master for RDS database shop in "
            "AWS Region eu-central-1");
}

TEST(JobInputsTest, TakeTheBranchThatIsAskedFor) {
  EXPECT_EQ(inputs_of(task(), "develop").value().branch, "develop");
}

TEST(JobInputsTest, NameTheVariableThatIsMissing) {
  struct Case {
    const char *why, *left_out, *message;
  };
  constexpr Case cases[] = {
      {"AWS keeps the secrets somewhere", "REGION",
       "REGION is not set: the AWS region of the secrets is not known"},
      {"GitHub wants a key", "REPOSITORY_DEPLOY_KEY_SECRET",
       "REPOSITORY_DEPLOY_KEY_SECRET is not set: the repository is reached by SSH, which needs a "
       "deploy key"},
      {"whose repository", "REPOSITORY_OWNER",
       "REPOSITORY_OWNER is not set: the repository with the scripts is not known"},
      {"which one", "REPOSITORY_PATH",
       "REPOSITORY_PATH is not set: the repository with the scripts is not known"},
      {"where the database is", "DB_HOST", "DB_HOST is not set: the database's host is not known"},
      {"which one of the server", "DB_NAME",
       "DB_NAME is not set: the database's name is not known"},
  };
  for (const auto& [why, left_out, message] : cases) {
    for (const bool empty : {false, true}) {  // task definitions can hardly leave one out
      SCOPED_TRACE(why);
      Variables variables = task();
      if (empty) {
        variables[left_out] = "";
      } else {
        variables.erase(left_out);
      }
      const auto inputs = inputs_of(variables);
      ASSERT_FALSE(inputs);
      EXPECT_EQ(inputs.error().code, ErrorCode::configuration);
      EXPECT_EQ(inputs.error().message, message);
      EXPECT_TRUE(inputs.error().hint.contains("task definition")) << inputs.error().hint;
    }
  }
}

TEST(JobInputsTest, RequireOnlyWhatSourceAndDatabaseNeed) {
  struct Case {
    const char* why;
    Variables variables;
  };
  const Variables on_disk = {{"REPOSITORY_URL", "/srv/shop"}};
  const Variables in_a_file = {{"FLYWAY_URL", "jdbc:sqlite:folder/app.db?busy_timeout=5"}};
  const Variables by_url = {{"FLYWAY_URL", "jdbc:postgresql://db:5432/shop"},
                            {"FLYWAY_PASSWORD", "pw"},
                            {"DB_ROLES", ""}};
  const Case cases[] = {
      {"a local repository and SQLite need nothing of AWS", with(on_disk, in_a_file)},
      {"nor does a repository over HTTPS",
       with(in_a_file, {{"REPOSITORY_URL", "https://git.example/shop.git"}})},
      {"nor PostgreSQL with a password and no roles", with(on_disk, by_url)},
      {"secrets of a file have no region",
       with(on_disk,
            {{"DB_HOST", "db"}, {"DB_NAME", "shop"}, {"DUNLIN_SECRETS_PROVIDER", "file"}})},
  };
  for (const auto& [why, variables] : cases) {
    SCOPED_TRACE(why);
    const auto inputs = inputs_of(variables);
    ASSERT_TRUE(inputs) << inputs.error().message << "; " << inputs.error().hint;
    EXPECT_EQ(inputs->region, "-");
    EXPECT_EQ(inputs->deploy_key, "");
  }
}

TEST(JobInputsTest, KnowASqliteFileByItsName) {
  const auto inputs = inputs_of(
      {{"REPOSITORY_URL", "./shop"}, {"FLYWAY_URL", "jdbc:sqlite:folder/app.db?busy_timeout=5"}});
  ASSERT_TRUE(inputs) << inputs.error().message;
  EXPECT_FALSE(inputs->on_postgresql);
  EXPECT_EQ(inputs->password, "");
  EXPECT_EQ(roles(*inputs), "") << "SQLite has no roles";
  EXPECT_EQ(first_line(*inputs),
            "Starting Fargate task to run Flyway migration from master for RDS database app.db in "
            "AWS Region -");
}

TEST(JobInputsTest, NeedAKeyForSshOnly) {
  struct Case {
    const char *why, *url;
    bool needs_key;
  };
  constexpr Case cases[] = {
      {"the short form", "git@git.example:acme/shop.git", true},
      {"a URL", "ssh://git@git.example:2222/acme/shop.git", true},
      {"an alias of a host", "git.example:shop", true},
      {"HTTPS", "https://git.example/acme/shop.git", false},
      {"a file's URL", "file:///srv/shop", false},
      {"an absolute path", "/srv/shop", false},
      {"a relative one", "./shop", false},
      {"a folder with a colon", "folder/a:b", false},
  };
  for (const auto& [why, url, needs_key] : cases) {
    SCOPED_TRACE(why);
    Variables variables = with(task(), {{"REPOSITORY_URL", url}});
    EXPECT_EQ(inputs_of(variables).value().deploy_key, needs_key ? "${secret:deploy-key}" : "");
    variables.erase("REPOSITORY_DEPLOY_KEY_SECRET");
    EXPECT_EQ(inputs_of(variables).has_value(), !needs_key);
  }
}

TEST(JobInputsTest, MakeAPlaceholderOfEachRole) {
  struct Case {
    const char *why, *roles, *placeholders;
  };
  constexpr Case cases[] = {
      {"one", "app", "APP_PASSWORD=${secret:p@app#password}"},
      {"blanks and empty words are nothing", " app , ,report,",
       "APP_PASSWORD=${secret:p@app#password}, REPORT_PASSWORD=${secret:p@report#password}"},
      {"none", "", ""},
  };
  for (const auto& [why, listed, placeholders] : cases) {
    SCOPED_TRACE(why);
    const auto inputs = inputs_of(with(task(), {{"DB_ROLES", listed}, {"DB_SECRET_PREFIX", "p"}}));
    ASSERT_TRUE(inputs) << inputs.error().message;
    EXPECT_EQ(roles(*inputs), placeholders);
  }
}

TEST(JobInputsTest, TakeOneSecretForTheWholeDatabase) {
  Variables variables = with(task(), {{"DB_SECRET", "rds!cluster-1"}});
  variables.erase("DB_HOST");
  variables.erase("DB_NAME");
  const auto inputs = inputs_of(variables);
  ASSERT_TRUE(inputs) << inputs.error().message;
  EXPECT_EQ(inputs->database_secret, "${secret:rds!cluster-1}");
  EXPECT_EQ(inputs->password, "");
  EXPECT_TRUE(first_line(*inputs).contains("for RDS database - in"));
}

TEST(JobInputsTest, NameTheUsersOwnSecretAndTheKeysPassphrase) {
  const auto inputs =
      inputs_of(with(task(), {{"DB_USER", "migrator"},
                              {"DB_SECRET_PREFIX", "p"},
                              {"REPOSITORY_DEPLOY_KEY_PASSPHRASE_SECRET", "passphrase"}}));
  ASSERT_TRUE(inputs) << inputs.error().message;
  EXPECT_EQ(inputs->password, "${secret:p@migrator#password}");
  EXPECT_EQ(inputs->passphrase, "${secret:passphrase}");
}

TEST(JobInputsTest, FindTheRegionInAwsOwnVariables) {
  for (const auto* const name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    Variables variables = with(task(), {{name, "us-east-2"}});
    EXPECT_EQ(inputs_of(variables).value().region, "eu-central-1") << "REGION comes first";
    variables.erase("REGION");
    EXPECT_EQ(inputs_of(variables).value().region, "us-east-2");
  }
}

TEST(JobInputsTest, RefuseWhatIsNoHost) {
  struct Case {
    const char *why, *host, *hint;
  };
  constexpr Case cases[] = {
      {"a port behind it", "db.example:5433", "put the port into DB_PORT"},
      {"a URL", "jdbc:postgresql://db.example/shop", "FLYWAY_URL can name the whole database"},
      {"a database behind it", "db.example/other", "FLYWAY_URL can name the whole database"},
      {"parameters", "db.example?sslmode=disable", "FLYWAY_URL can name the whole database"},
      {"quotes", "\"db.example\"", "without quotes"},
      {"blanks", "db .example", "without quotes"},
      {"one of several is none", "db.example,", "without quotes"},
  };
  for (const auto& [why, host, hint] : cases) {
    SCOPED_TRACE(why);
    const auto inputs = inputs_of(with(task(), {{"DB_HOST", host}}));
    ASSERT_FALSE(inputs);
    EXPECT_EQ(inputs.error().code, ErrorCode::configuration);
    EXPECT_TRUE(inputs.error().message.starts_with("DB_HOST is no host name"))
        << inputs.error().message;
    EXPECT_TRUE(inputs.error().hint.contains(hint)) << inputs.error().hint;
  }
  for (const char* host :
       {"db.example", "10.0.0.1", "::1", "[fd00::1]", "a_b-c.example.", "a,b,::1"})
    EXPECT_TRUE(inputs_of(with(task(), {{"DB_HOST", host}}))) << host;
}

TEST(JobInputsTest, PutThePortBehindEachHost) {
  EXPECT_EQ(places_of("a,::1,[fd00::2]", 5433), "a:5433,[::1]:5433,[fd00::2]:5433");
}

TEST(JobInputsTest, RefuseWhatIsNoPort) {
  for (const auto* const port : {"0", "65536", "-1"}) {
    const auto inputs = inputs_of(with(task(), {{"DB_PORT", port}}));
    ASSERT_FALSE(inputs) << port;
    EXPECT_EQ(inputs.error().message, fmt::format("DB_PORT is {}, which is no port", port));
  }
  EXPECT_TRUE(inputs_of(with(task(), {{"DB_PORT", "65535"}})));
}

}  // namespace
}  // namespace dunlin
