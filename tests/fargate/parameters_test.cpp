#include "fargate/parameters.hpp"

#include "fargate/fargate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace dunlin::fargate {
namespace {

const Account kAccount{.id = "123456789012", .partition = "aws", .region = "eu-west-1"};

void set(Configuration& configuration, std::string key, std::string value) {
  const auto put = configuration.put({.key = std::move(key),
                                      .values = {std::move(value)},
                                      .origin = "the test",
                                      .is_literal = true});
  ASSERT_TRUE(put) << put.error().message;
}

std::map<std::string, std::string> filled(const DeployInputs& inputs,
                                          const std::vector<std::string>& subnets = {}) {
  const auto parameters = parameters_of(inputs, {.account = kAccount,
                                                 .vpc = subnets.empty() ? "" : "vpc-1",
                                                 .subnets = subnets,
                                                 .database_resource = "cluster-ABC"});
  return {parameters.begin(), parameters.end()};
}

std::string refusal(const Configuration& configuration, std::string repository = "git@host:a/b") {
  const auto checked = check_inputs(
      {.configuration = configuration, .secrets = {}, .repository = std::move(repository)});
  return checked ? "" : checked.error().message;
}

TEST(SecretArnTest, LeavesOpenOnlyWhatIsNotKnown) {
  struct Case {
    const char *why, *id, *arn;
  };
  constexpr Case cases[] = {
      {"a name", "github@o@p",
       "arn:aws:secretsmanager:eu-west-1:123456789012:secret:github@o@p-??????"},
      {"a name that ends as if it were whole", "app-abcdef",
       "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app-abcdef-??????"},
      {"a whole ARN", "arn:aws:secretsmanager:us-east-1:1:secret:app-AbC123",
       "arn:aws:secretsmanager:us-east-1:1:secret:app-AbC123"},
      {"an ARN without the random letters", "arn:aws:secretsmanager:us-east-1:1:secret:app",
       "arn:aws:secretsmanager:us-east-1:1:secret:app-??????"},
      {"an ARN with too few of them", "arn:aws:secretsmanager:us-east-1:1:secret:the-app",
       "arn:aws:secretsmanager:us-east-1:1:secret:the-app-??????"},
  };
  for (const auto& [why, id, arn] : cases) EXPECT_EQ(secret_arn(id, kAccount), arn) << why;
}

TEST(PlacesOfRolesTest, KeepsARoleWhereItStands) {
  using Names = std::vector<std::string>;
  struct Case {
    const char* why;
    Names roles, before, places;
  };
  const Case cases[] = {
      {"a new stack", {"a", "b"}, {}, {"a", "b", "", ""}},
      {"another order", {"b", "a"}, {"a", "b", "", ""}, {"a", "b", "", ""}},
      {"the first is gone", {"b"}, {"a", "b", "", ""}, {"", "b", "", ""}},
      {"a new one takes a free place", {"c", "b"}, {"a", "b", "", ""}, {"c", "b", "", ""}},
      {"more than places", {"a", "b", "c", "d", "e"}, {}, {"a", "b", "c", "d"}},
      {"none", {}, {"a", "", "", ""}, {"", "", "", ""}},
      {"twice the same", {"a", "a"}, {}, {"a", "", "", ""}},
  };
  for (const auto& [why, roles, before, places] : cases) {
    EXPECT_EQ(places_of_roles(roles, before), places) << why;
  }
}

TEST(EcrArnTest, IsOfTheRegistrysAccountAndRegion) {
  struct Case {
    const char *image, *arn;
  };
  constexpr Case cases[] = {
      {"210987654321.dkr.ecr.us-east-2.amazonaws.com/team/dunlin:1",
       "arn:aws:ecr:us-east-2:210987654321:repository/team/dunlin"},
      {"210987654321.dkr.ecr.us-east-2.amazonaws.com/dunlin@sha256:00",
       "arn:aws:ecr:us-east-2:210987654321:repository/dunlin"},
      {"ghcr.io/owner/dunlin:1", ""},
      {"dunlin", ""},
      {"public.ecr.aws/owner/dunlin:1", ""},
  };
  for (const auto& [image, arn] : cases) EXPECT_EQ(ecr_arn(image, kAccount), arn) << image;
}

TEST(RepositoryPortTest, IsTheOneOfTheUrl) {
  struct Case {
    const char *url, *port;
  };
  constexpr Case cases[] = {
      {"git@github.com:o/p.git", "22"},        {"ssh://git@host/o/p.git", "22"},
      {"ssh://git@host:2222/o/p.git", "2222"}, {"https://github.com/o/p.git", "443"},
      {"https://host:8443/o/p.git", "8443"},   {"ssh://git@[2001:db8::1]/o/p.git", "22"},
  };
  for (const auto& [url, port] : cases) EXPECT_EQ(port_of_repository(url), port) << url;
}

TEST(ParametersTest, NarrowThePermissionsToWhatIsRead) {
  Configuration configuration;
  set(configuration, "db.name", "${secret:names#db}");
  set(configuration, "repository.knownHosts", "${ssm:/dunlin/known_hosts}");
  set(configuration, "fargate.registrySecret", "registry");
  const auto all = filled({.configuration = configuration,
                           .secrets = {"github@o@p", "names"},
                           .repository = "git@host:a/b"});
  EXPECT_EQ(all.at("SecretArns"),
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:github@o@p-??????,"
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:names-??????");
  EXPECT_EQ(all.at("ParameterArns"),
            "arn:aws:ssm:eu-west-1:123456789012:parameter/dunlin/known_hosts");
  EXPECT_EQ(all.at("RegistrySecret"), "registry");
  EXPECT_EQ(all.at("RegistrySecretArn"),
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry-??????")
      << "which is for ECS, not for the job";
  EXPECT_EQ(all.at("DatabaseUserArn"), "") << "it logs in with a password";
  EXPECT_EQ(all.at("VpcId"), "");
}

TEST(ParametersTest, LetTheUserLogInByIamToTheOneCluster) {
  Configuration configuration;
  set(configuration, "awsIamAuth", "true");
  const DeployInputs inputs{.configuration = configuration, .secrets = {}, .repository = "x"};
  EXPECT_EQ(filled(inputs).at("DatabaseUserArn"),
            "arn:aws:rds-db:eu-west-1:123456789012:dbuser:cluster-ABC/sqladmin");
  set(configuration, "fargate.createDatabase", "true");
  EXPECT_EQ(filled(inputs).at("DatabaseUserArn"), "") << "the template knows that of its own";
}

TEST(ParametersTest, OfANewDatabaseNameItsNetworkAndItsRoles) {
  Configuration configuration;
  set(configuration, "fargate.createDatabase", "true");
  set(configuration, "db.host", "made-by-the-stack");
  set(configuration, "db.roles", "one,two");
  const auto all = filled({.configuration = configuration, .secrets = {}, .repository = "x"},
                          {"subnet-1", "subnet-2"});
  EXPECT_EQ(all.at("DatabaseHost"), "");
  EXPECT_EQ(all.at("DatabaseRole2"), "two");
  EXPECT_EQ(all.at("DatabaseRole3"), "");
  EXPECT_EQ(all.at("SubnetIds"), "subnet-1,subnet-2");
  EXPECT_FALSE(all.contains("DatabaseEngineVersion")) << "the template's own";
}

TEST(ParametersTest, AreAllInTheTemplate) {
  const Configuration configuration;
  const std::string text(cloudformation_template());
  for (const auto& [key, value] :
       filled({.configuration = configuration, .secrets = {}, .repository = "x"})) {
    EXPECT_TRUE(text.contains("\n  " + key + ":")) << key;
  }
}

TEST(InputsTest, SomeAreOfThisCallAloneAndAreNamed) {
  Configuration configuration;
  const auto put = [&](std::string key, std::string value, std::string origin) {
    ASSERT_TRUE(configuration.put(
        {.key = std::move(key), .values = {std::move(value)}, .origin = std::move(origin)}));
  };
  put("locations", "filesystem:db", "variable FLYWAY_LOCATIONS");
  put("placeholders.a", "b", "option -placeholders.a");
  put("schemas", "app", "flyway.toml");
  put("db.name", "app", "variable DB_NAME");
  put("outputType", "json", "option -outputType");
  put("fargate.approve", "true", "option -fargate.approve");
  EXPECT_EQ(left_behind(configuration),
            (std::vector<std::string>{"locations (variable FLYWAY_LOCATIONS)",
                                      "placeholders.a (option -placeholders.a)"}));
}

TEST(InputsTest, RefuseWhatCannotGoToFargate) {
  struct Case {
    const char *key, *value, *part;
  };
  constexpr Case cases[] = {
      {"repository.deployKey", "x", "repository.deployKey (the test) would stand in the task"},
      {"repository.token", "x", "repository.token (the test) would stand in the task"},
      {"password", "x", "password (the test) would stand in the task"},
      {"url", "jdbc:postgresql://h/d", "url (the test) does not go into the task definition"},
  };
  for (const auto& [key, value, part] : cases) {
    Configuration configuration;
    set(configuration, key, value);
    EXPECT_TRUE(refusal(configuration).starts_with(part)) << refusal(configuration);
  }
  const Configuration nothing;
  EXPECT_EQ(refusal(nothing), "");
  EXPECT_TRUE(refusal(nothing, "/srv/git/p").contains("is on this machine"));
}

TEST(InputsTest, RefuseALoginInTheAddressOfTheRepository) {
  const Configuration nothing;
  for (const char* url : {"https://me:hush@github.com/o/r.git", "https://hush@github.com/o/r.git",
                          "ssh://git:hush@github.com/o/r.git"}) {
    const std::string said = refusal(nothing, url);
    EXPECT_TRUE(said.starts_with("the repository's address holds a password or a token")) << url;
    EXPECT_FALSE(said.contains("hush")) << said;
  }
  for (const char* url : {"ssh://git@github.com/o/r.git", "git@github.com:o/r.git",
                          "https://github.com/o/r@1.git", "ssh://git@github.com:22/o/r.git"}) {
    EXPECT_EQ(refusal(nothing, url), "") << url;
  }
}

TEST(InputsTest, OfANewDatabaseHaveANameAndNoSecretOfAnother) {
  Configuration configuration;
  set(configuration, "fargate.createDatabase", "true");
  EXPECT_EQ(refusal(configuration), "DB_NAME is not set: the new database needs a name");
  set(configuration, "db.name", "app");
  EXPECT_EQ(refusal(configuration), "");
  set(configuration, "db.secret", "rds!x");
  EXPECT_TRUE(
      refusal(configuration).starts_with("DB_SECRET (the test) is the secret of a database"));
}

}  // namespace
}  // namespace dunlin::fargate
