// Each test says in which case of tests/compat (recorded from Flyway) its rule was seen.
#include "config/load.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using Options = std::vector<std::pair<std::string, std::string>>;
using Variables = std::map<std::string, std::string, std::less<>>;

class LoadTest : public ::testing::Test {
 protected:
  Result<Configuration> load(Options options = {}, Variables variables = {}) {
    return load_configuration({.folder = folder_ / "work",
                               .home = folder_ / "home",
                               .environment = Environment(std::move(variables)),
                               .options = std::move(options)});
  }
  std::string text(const char* key, Options options = {}, Variables variables = {}) {
    const auto loaded = load(std::move(options), std::move(variables));
    return loaded ? loaded->text(key) : "error: " + loaded.error().message;
  }
  std::string error(Options options = {}, Variables variables = {}) {
    const auto loaded = load(std::move(options), std::move(variables));
    return loaded ? "none" : loaded.error().message;
  }
  void write(const std::string& path, const std::string& content) { folder_.write(path, content); }
  [[nodiscard]] std::string work() const { return folder_ / "work"; }

  test::TemporaryFolder folder_;
};

TEST_F(LoadTest, ConfFilesVariablesAndOptionsLieOverEachOther) {  // config-precedence
  write("home/flyway.conf", "flyway.placeholders.h=home\nflyway.placeholders.a=home\n");
  write("work/flyway.conf",
        "flyway.placeholders.a=auto\nflyway.placeholders.b=auto\nflyway.placeholders.c=auto\n"
        "flyway.placeholders.d=auto\n");
  write("work/x.conf",
        "flyway.placeholders.b=file\nflyway.placeholders.c=file\nflyway.placeholders.d=file\n");
  const auto loaded = load({{"configFiles", "x.conf"}, {"placeholders.d", "opt"}},
                           {{"FLYWAY_PLACEHOLDERS_C", "env"}, {"FLYWAY_PLACEHOLDERS_D", "env"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  const std::map<std::string, std::string, std::less<>> expected = {
      {"h", "home"}, {"a", "auto"}, {"b", "file"}, {"c", "env"}, {"d", "opt"}};
  EXPECT_EQ(loaded->placeholders(), expected);
  EXPECT_EQ(loaded->origin("placeholders.d"), "option -placeholders.d");
  EXPECT_EQ(loaded->origin("placeholders.c"), "variable FLYWAY_PLACEHOLDERS_C");
  EXPECT_EQ(loaded->origin("placeholders.b"), work() + "/x.conf line 1");
}

TEST_F(LoadTest, LaterConfigFilesWin) {  // config-conf-several
  write("work/a.conf", "flyway.installedBy=a\nflyway.table=ta\n");
  write("work/b.conf", "flyway.installedBy=b\n");
  EXPECT_EQ(text("installedBy", {{"configFiles", "a.conf, b.conf"}}), "b");
  EXPECT_EQ(text("table", {{"configFiles", "a.conf,b.conf"}}), "ta");
}

TEST_F(LoadTest, AMissingConfFileIsAnErrorAMissingTomlFileAWarning) {  // config-conf-several
  write("work/a.conf", "");
  EXPECT_EQ(error({{"configFiles", "a.conf,none.conf"}}),
            "Unable to load config file: " + work() +
                "/none.conf: One or more specified configuration files could not be found");
  const auto loaded = load({{"configFiles", "none.toml"}});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->warnings,
            std::vector<std::string>{"One or more specified configuration files could not be "
                                     "found: " +
                                     work() + "/none.toml"});
}

TEST_F(LoadTest, ADashIsAFileNameAndNotStandardInput) {  // config-stdin-config
  const auto loaded = load({{"configFiles", "-"}});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->warnings.size(), 1U);
}

TEST_F(LoadTest, VariablesNameConfigFiles) {  // config-env-config-files
  write("work/conf/x.conf", "flyway.installedBy=x\n");
  write("work/y.conf", "flyway.installedBy=y\n");
  EXPECT_EQ(text("installedBy", {}, {{"FLYWAY_CONFIG_FILES", "conf/x.conf"}}), "x");
  EXPECT_EQ(
      text("installedBy", {{"configFiles", "y.conf"}}, {{"FLYWAY_CONFIG_FILES", "conf/x.conf"}}),
      "y");
}

TEST_F(LoadTest, ConfFilesTakeVariablesIn) {  // config-conf-env-expansion
  write("work/flyway.conf", "flyway.installedBy=${MY_WHO}-${UNSET_VAR}-${secret:x}\n");
  const auto loaded = load({}, {{"MY_WHO", "ann"}});
  EXPECT_EQ(loaded->references(), std::vector<std::string>{"secret:x"});
  write("work/flyway.conf", "flyway.installedBy=${MY_WHO}-${UNSET_VAR}-x\n");
  EXPECT_EQ(text("installedBy", {}, {{"MY_WHO", "ann"}}), "ann--x");
}

TEST_F(LoadTest, ConfKeysOfOthersArePassedOver) {  // config-conf-syntax, config-conf-in-conf
  write("work/flyway.conf", "nonsense=1\nother.x=2\nurl=x\nflyway.configFiles=b.conf\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_FALSE(loaded->has("url"));
  EXPECT_EQ(loaded->warnings.size(), 1U) << "that configFiles does nothing there";
}

TEST_F(LoadTest, UnknownConfKeysAreErrors) {  // config-conf-syntax
  write("work/flyway.conf", "\nflyway.LOCATIONS=x\n");
  EXPECT_EQ(error(), "Unknown configuration property: flyway.LOCATIONS (" + work() +
                         "/flyway.conf line 2) is no option");
}

TEST_F(LoadTest, ConfFilesMayBeLatin1) {  // config-conf-encoding
  write("work/flyway.conf", "flyway.installedBy=y\xE9\n");
  EXPECT_EQ(text("installedBy", {{"configFileEncoding", "ISO-8859-1"}}), "y\xC3\xA9");
  EXPECT_EQ(text("installedBy"), "y\xC3\xA9") << "guessed, when it is no UTF-8";
}

TEST_F(LoadTest, ConfFilesInAnotherEncodingAreSeen) {
  struct Case {
    const char* why;
    std::string content;
    const char *charset, *error, *warning;
  };
  using namespace std::string_literals;
  const Case cases[] = {
      {"a mark of UTF-16",
       "\xFF\xFE"
       "f\0l\0"s,
       "", "line 1 begins with the mark of UTF-16", ""},
      {"the other order", "\xFE\xFF\0f\0l"s, "", "line 1 begins with the mark of UTF-16", ""},
      {"no mark", "#\n\0f\0l"s, "", "line 2 holds a zero byte", ""},
      {"said to be UTF-16",
       "\xFF\xFE"
       "#\0"s,
       "UTF-16", "none", ""},
      {"said to be what it is not", "# \xE9", "US-ASCII", "byte 0xE9 at line 1, column 3 is not",
       ""},
      {"Flyway reads it as ISO-8859-1", "# a\n# \xE9", "", "none",
       "byte 0xE9 at line 2, column 3 is not UTF-8: the file is read as ISO-8859-1"},
  };
  for (const auto& [why, content, charset, expected, warning] : cases) {
    SCOPED_TRACE(why);
    write("work/flyway.conf", content);
    Options options;
    if (*charset != '\0') options.emplace_back("configFileEncoding", charset);
    EXPECT_NE(error(options).find(expected), std::string::npos) << error(options);
    const auto loaded = load(options);
    const bool warned = loaded && !loaded->warnings.empty();
    EXPECT_EQ(warned, *warning != '\0');
    EXPECT_TRUE(!warned || loaded->warnings.front().contains(warning));
  }
}

TEST_F(LoadTest, EmptyVariablesOfFlywayCount) {  // config-env-unknown
  const auto loaded = load({}, {{"FLYWAY_TABLE", ""}});
  EXPECT_TRUE(loaded->has("table"));
  EXPECT_EQ(loaded->text("table"), "");
}

TEST_F(LoadTest, VariablesMayBeInLowerCaseAndUnknownOnesAreHarmless) {  // config-env-unknown
  const auto loaded = load({}, {{"flyway_table", "lower"}, {"FLYWAY_NONSENSE", "1"}});
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->text("table"), "lower");
  EXPECT_TRUE(loaded->warnings.empty());
  EXPECT_EQ(loaded->notes, std::vector<std::string>{"variable FLYWAY_NONSENSE names no option"});
  EXPECT_EQ(load({}, {{"FLYWAY_LOCATION", "x"}})->warnings,
            std::vector<std::string>{"variable FLYWAY_LOCATION names no option: did you mean "
                                     "FLYWAY_LOCATIONS?"});
}

TEST_F(LoadTest, AWrongVariableIsAnError) {  // config-env-unknown
  EXPECT_TRUE(error({}, {{"FLYWAY_OUT_OF_ORDER", "maybe"}})
                  .starts_with("Unable to parse command line params. outOfOrder"));
}

TEST_F(LoadTest, VariablesOfWhatIsLeftOutOnlyWarn) {
  const auto loaded = load({}, {{"FLYWAY_LICENSE_KEY", "x"}});
  ASSERT_TRUE(loaded) << "a machine may set it for everybody";
  EXPECT_EQ(loaded->warnings.size(), 1U);
}

TEST_F(LoadTest, SomeOptionsHaveNoVariableOfFlyways) {
  const auto loaded = load({}, {{"FLYWAY_ENVIRONMENT", "prod"}, {"FLYWAY_OUTPUT_TYPE", "json"}});
  ASSERT_TRUE(loaded);
  EXPECT_FALSE(loaded->has("outputType")) << "Flyway passes over it";
  EXPECT_EQ(loaded->warnings.size(), 2U);
  EXPECT_EQ(text("outputType", {}, {{"DUNLIN_OUTPUT_TYPE", "json"}}), "json");
}

TEST_F(LoadTest, ItsOwnVariableCountsBeforeFlyways) {
  EXPECT_EQ(text("table", {}, {{"DUNLIN_TABLE", "ours"}, {"FLYWAY_TABLE", "theirs"}}), "ours");
}

TEST_F(LoadTest, AnOptionMayBeGivenOnce) {  // config-option-twice
  EXPECT_EQ(error({{"table", "t1"}, {"table", "t2"}}), "option -table is given twice");
  const auto loaded = load({{"password", "tall"}, {"password", "grass"}});
  EXPECT_FALSE(loaded.error().message.contains("grass"));
}

TEST_F(LoadTest, UnknownOptionsAreErrors) {  // config-unknown-option
  EXPECT_TRUE(
      error({{"nonsense", "1"}}).starts_with("Failed to configure parameters: flyway.nonsense"));
  EXPECT_TRUE(error({{"Table", "x"}}).starts_with("Failed to configure parameters: flyway.Table"));
  EXPECT_TRUE(error({{"X", "1"}}).starts_with("Failed to configure parameters: flyway.X"));
  EXPECT_TRUE(error({{"placeholders.", "x"}}).starts_with("Unable to parse command line params."));
}

TEST_F(LoadTest, TomlLiesBelowVariablesAndOptions) {  // config-toml-precedence, config-toml-file
  write("work/flyway.toml",
        "[flyway]\ninstalledBy = 'toml'\nlocations = ['filesystem:sql']\n"
        "[environments.default]\nurl = 'u'\npassword = 'p'\n[flyway.placeholders]\np = 'v'\n");
  const auto loaded = load();
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->text("installedBy"), "toml");
  EXPECT_EQ(loaded->text("url"), "u");
  EXPECT_EQ(loaded->secret("password").reveal(), "p");
  EXPECT_EQ(loaded->placeholders().at("p"), "v");
  EXPECT_EQ(text("installedBy", {}, {{"FLYWAY_INSTALLED_BY", "env"}}), "env");
  EXPECT_EQ(text("installedBy", {{"installedBy", "opt"}}, {{"FLYWAY_INSTALLED_BY", "env"}}), "opt");
  EXPECT_EQ(text("url", {{"url", "opt"}}), "opt");
}

TEST_F(LoadTest, OneTomlFilePutsConfFilesAside) {  // config-toml-and-conf
  write("work/flyway.toml", "[flyway]\ninstalledBy = 'toml'\n");
  write("work/flyway.conf", "flyway.installedBy=conf\nflyway.table=t\n");
  EXPECT_EQ(text("installedBy"), "toml");
  EXPECT_EQ(text("table"), "flyway_schema_history");
  EXPECT_EQ(text("installedBy", {{"configFiles", "flyway.conf"}}), "conf") << "named: it counts";
  EXPECT_TRUE(error({{"configFiles", "flyway.toml,flyway.conf"}})
                  .starts_with("Using both TOML configuration and CONF configuration is not "
                               "supported. Please remove the CONF configuration files. (" +
                               work() + "/flyway.toml and " + work() + "/flyway.conf)"));
}

TEST_F(LoadTest, UserTomlLiesOverTheProjects) {  // config-toml-user
  write("work/flyway.toml", "[flyway]\ninstalledBy = 'base'\n");
  write("work/flyway.user.toml", "[flyway]\ninstalledBy = 'user'\n");
  EXPECT_EQ(text("installedBy"), "user");
  write("work/dunlin.toml", "[dunlin]\ninstalledBy = 'own'\n");
  EXPECT_EQ(text("installedBy"), "own");
}

TEST_F(LoadTest, AnEnvironmentIsChosen) {  // config-toml-environments
  write("work/flyway.toml",
        "[flyway]\nenvironment = 'prod'\n[environments.dev]\nurl = 'd'\nschemas = ['dev1']\n"
        "[environments.prod]\nurl = 'p'\nschemas = ['prod1']\n");
  EXPECT_EQ(text("url"), "p");
  EXPECT_EQ(text("url", {{"environment", "dev"}}), "d");
  EXPECT_EQ(load({{"environment", "dev"}})->list("schemas"), std::vector<std::string>{"dev1"});
  const auto nowhere = load({{"environment", "nowhere"}});
  EXPECT_EQ(nowhere.error().message,
            "Failed to configure parameters: environment nowhere (option -environment) is not in "
            "the configuration");
  EXPECT_EQ(nowhere.error().hint, "there are dev, prod");
  EXPECT_EQ(text("url", {{"environment", "nowhere"}, {"url", "u"}}), "u") << "a url makes one";
}

TEST_F(LoadTest, EnvironmentsCanBeSetFromOutside) {  // observed with Flyway 11.14.1
  write("work/flyway.toml", "[environments.dev]\nurl = 'file'\n");
  const Options dev = {{"environment", "dev"}};
  EXPECT_EQ(text("url", {{"environment", "dev"}, {"environments.dev.url", "opt"}}), "opt");
  EXPECT_EQ(text("url", dev, {{"environments_dev_url", "var"}}), "var");
}

TEST_F(LoadTest, AnEnvironmentsFlywayTableWinsOverAll) {  // observed with Flyway 11.14.1
  write("work/flyway.toml",
        "[flyway]\ntable = 'a'\n[environments.default]\nurl = 'u'\n"
        "[environments.default.flyway]\ntable = 'b'\n");
  EXPECT_EQ(text("table"), "b");
  const auto loaded = load({{"table", "c"}});
  EXPECT_EQ(loaded->text("table"), "b");
  ASSERT_EQ(loaded->warnings.size(), 1U) << "it surprises, so it is said";
  EXPECT_EQ(loaded->warnings.front(), "table of environment default (" + work() +
                                          "/flyway.toml line 6) wins over option -table");
}

TEST_F(LoadTest, VariablesInTomlAreForEnvironments) {  // config-toml-env-var
  write(
      "work/flyway.toml",
      "[flyway]\ninstalledBy = '${env.WHO}'\n[environments.default]\nurl = '${env.A}/${env.A}'\n");
  const auto loaded = load({}, {{"A", "aa"}, {"WHO", "ann"}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->text("installedBy"), "${env.WHO}");
  EXPECT_EQ(loaded->warnings.size(), 1U);
  EXPECT_EQ(loaded->text("url"), "aa/aa");
  EXPECT_EQ(error(),
            "Unable to resolve environment variable: A (" + work() + "/flyway.toml line 4)");
}

TEST_F(LoadTest, TomlErrors) {  // config-toml-errors
  struct Case {
    const char *why, *content, *begins;
  };
  constexpr Case cases[] = {
      {"syntax", "[flyway\nx", "Error parsing config file at [line 1, column 8]"},
      {"an unknown key", "[flyway]\nnonsense = 1",
       "Failed to configure parameters: flyway.nonsense"},
      {"a wrong value", "[flyway]\noutOfOrder = 'maybe'", "Unable to load config file: "},
      {"text for a list", "[flyway]\nlocations = 'x'", "Unable to load config file: "},
      {"a list for text", "[flyway]\ntable = ['x']", "Unable to load config file: "},
      {"a connection in [flyway]", "[flyway]\nurl = 'x'",
       "Failed to configure parameters: flyway.url"},
      {"what belongs on a command line", "[flyway]\ninfoOfState = ['pending']",
       "Failed to configure parameters: flyway.infoOfState"},
      {"another namespace", "[flyway.oracle]\nsqlplus = true",
       "Failed to configure parameters: flyway.oracle.sqlplus"},
      {"unknown tables belong to others", "nonsense = 1\n[other]\nx = 1", "none"},
      {"an environment's unknown keys too", "[environments.default]\nx = 1", "none"},
      {"loose values", "[flyway]\noutOfOrder = 'TRUE'\nlockRetryCount = '3'\ntable = 5", "none"},
  };
  for (const auto& [why, content, begins] : cases) {
    SCOPED_TRACE(why);
    write("work/flyway.toml", content);
    const std::string message = error();
    EXPECT_TRUE(message.starts_with(begins)) << message;
  }
}

TEST_F(LoadTest, TheWorkingDirectoryAddsItsFiles) {  // config-workingdirectory
  write("work/flyway.conf", "flyway.table=t\nflyway.installedBy=work\n");
  write("work/wd/flyway.conf", "flyway.installedBy=wd\n");
  write("work/wd/x.conf", "flyway.installedBy=x\n");
  EXPECT_EQ(text("installedBy", {{"workingDirectory", "wd"}}), "wd");
  EXPECT_EQ(text("table", {{"workingDirectory", "wd"}}), "t");
  EXPECT_EQ(text("installedBy", {{"workingDirectory", work() + "/wd"}}), "wd");
  EXPECT_EQ(text("installedBy", {{"workingDirectory", "wd"}, {"configFiles", "x.conf"}}), "x");
  EXPECT_EQ(text("installedBy", {{"workingDirectory", "nowhere"}}), "work");
}

TEST_F(LoadTest, OlderNamesKeepTheirMeaningWhereOldProjectsHaveThem) {
  using Items = std::vector<std::string>;
  const auto from_variable = load({}, {{"FLYWAY_IGNORE_MISSING_MIGRATIONS", "true"}});
  ASSERT_TRUE(from_variable) << from_variable.error().message;
  EXPECT_EQ(from_variable->list("ignoreMigrationPatterns"), (Items{"*:future", "*:missing"}));
  EXPECT_EQ(from_variable->warnings.size(), 1U);
  write("work/flyway.conf", "flyway.ignoreFutureMigrations=false\n");
  EXPECT_EQ(load({{"ignorePendingMigrations", "true"}})->list("ignoreMigrationPatterns"),
            (Items{"*:pending"}));
}

TEST_F(LoadTest, OlderNamesOnTheCommandLineAreErrors) {  // migrate-missing, validate-pending
  const auto loaded = load({{"ignoreMissingMigrations", "true"}});
  EXPECT_EQ(loaded.error().message,
            "Failed to configure parameters: flyway.ignoreMissingMigrations (option "
            "-ignoreMissingMigrations) is a name of Flyway 7");
  EXPECT_EQ(loaded.error().hint, "write -ignoreMigrationPatterns=*:missing");
}

TEST_F(LoadTest, TheJobsVariables) {
  const Variables variables = {{"REGION", ""},        {"AWS_REGION", "us-west-2"},
                               {"DB_HOST", "h"},      {"DB_PORT", ""},
                               {"DB_ROLES", "a, b,"}, {"REPOSITORY_DEPLOY_KEY_SECRET", "key"}};
  const auto loaded = load({}, variables);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->text("region"), "us-west-2") << "an empty one is not set";
  EXPECT_EQ(loaded->origin("region"), "variable AWS_REGION");
  EXPECT_EQ(loaded->integer("db.port"), 5432);
  EXPECT_EQ(loaded->list("db.roles"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(loaded->text("db.user"), "sqladmin");
  EXPECT_EQ(loaded->text("repository.deployKeySecret"), "key");
  EXPECT_TRUE(load({}, {{"DB_ROLES", ""}})->list("db.roles").empty())
      << "an empty list is a list of nothing, not the default";
  EXPECT_EQ(text("db.host", {{"db.host", "opt"}}, {{"DB_HOST", "h"}}), "opt");
}

TEST_F(LoadTest, WithoutAHomeFolderNothingIsLookedForThere) {
  const auto loaded = load_configuration({.folder = folder_ / "work"});
  EXPECT_TRUE(loaded);
}

TEST_F(LoadTest, AFileThatCannotBeReadIsNamed) {
  EXPECT_TRUE(error({{"configFiles", "."}}).starts_with("none")) << "a folder is no file";
}

}  // namespace
}  // namespace dunlin
