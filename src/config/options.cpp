// The one table of options. A row's standing becomes `live` in the commit that reads it.
#include "config/options.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

using enum OptionType;
using enum OptionGroup;
constexpr auto kYes = Checkout::yes;
constexpr auto kPath = Checkout::path;
constexpr auto kEnvironment = Place::environment;
constexpr auto kCommandLine = Place::command_line;
constexpr auto kInert = Standing::inert;
constexpr auto kOlder = Standing::older;
constexpr auto kLeftOut = Standing::left_out;

constexpr std::string_view kNoJava = "dunlin runs SQL and loads no Java classes";
constexpr std::string_view kNoLicense = "dunlin has no editions and needs no license";
constexpr std::string_view kOtherStore =
    "dunlin reads secrets by references such as ${secret:ID}, wherever a value stands";
constexpr std::string_view kOtherDatabase = "dunlin speaks to PostgreSQL and SQLite";
constexpr std::string_view kStreams = "dunlin always streams scripts and sends them in batches";

// clang-format off
constexpr std::array kOptions = {
    // --- where configuration comes from
    Option{.key = "configFiles", .type = list, .group = configuration, .help = "configuration files, later ones win", .place = kCommandLine},
    Option{.key = "configFileEncoding", .fallback = "UTF-8", .group = configuration, .help = "encoding of .conf files", .place = kCommandLine},
    Option{.key = "workingDirectory", .group = configuration, .help = "folder below which relative locations and configuration files are looked for", .place = kCommandLine},
    Option{.key = "environment", .fallback = "default", .group = configuration, .help = "which [environments.NAME] of the TOML files to use"},

    // --- where to connect, and as whom
    Option{.key = "url", .group = connection, .help = "the database: jdbc:postgresql://host:5432/db, postgresql://..., jdbc:sqlite:file.db or sqlite:file.db", .place = kEnvironment},
    Option{.key = "user", .group = connection, .help = "the database user", .place = kEnvironment},
    Option{.key = "password", .type = secret, .group = connection, .help = "the user's password; better a reference such as ${secret:ID#password}", .place = kEnvironment},
    Option{.key = "awsIamAuth", .type = boolean, .fallback = "false", .group = connection, .help = "log in to RDS or Aurora by IAM: a token made at each connect is the password", .variables = "AWS_IAM_AUTH", .place = kEnvironment},
    Option{.key = "connectRetries", .type = integer, .fallback = "0", .group = connection, .help = "how often to try again when the database does not answer", .place = kEnvironment},
    Option{.key = "connectRetriesInterval", .type = seconds, .fallback = "120", .group = connection, .help = "longest wait between two of these tries", .place = kEnvironment},
    Option{.key = "connectDeadline", .type = seconds, .fallback = "0", .group = connection, .help = "how long to wait for a database that resumes or starts: refuses, hangs, has no connection left; 60 in run", .variables = "CONNECT_DEADLINE", .place = kEnvironment},
    Option{.key = "initSql", .group = connection, .help = "SQL to run on each new connection", .place = kEnvironment},
    Option{.key = "sslRootCert", .group = connection, .help = "bundle of certificates that the database's own must lead to, for sslmode=verify-ca and verify-full"},
    Option{.key = "sshTunnel", .group = connection, .help = "way to the database: USER@BASTION[:PORT], several hops between commas", .variables = "SSH_TUNNEL"},
    Option{.key = "sshTunnelKey", .type = secret, .group = connection, .help = "private SSH key for the hops, as a reference; the repository's if not set", .variables = "SSH_TUNNEL_KEY"},
    Option{.key = "sshTunnelKeyPassphrase", .type = secret, .group = connection, .help = "that key's passphrase, as a reference", .variables = "SSH_TUNNEL_KEY_PASSPHRASE"},
    Option{.key = "sshTunnelPort", .type = integer, .fallback = "0", .group = connection, .help = "tunnel: the port of this machine to listen on; 0: any that is free"},
    Option{.key = "lockUrl", .group = connection, .help = "URL of a direct connection for the lock, when url leads through a pooler", .place = kEnvironment},
    Option{.key = "postgresql.pooler", .group = connection, .help = "session: the pooler in between gives each client a connection of its own", .choices = "session"},
    Option{.key = "jdbcProperties", .type = map, .group = connection, .help = "jdbcProperties.NAME=value: parameters of the connection, as if they stood in url", .place = kEnvironment},
    Option{.key = "driver", .group = connection, .place = kEnvironment, .standing = kInert, .note = "the url says which database it is"},
    Option{.key = "provisioner", .group = connection, .place = kEnvironment, .standing = kLeftOut, .note = "dunlin makes no databases"},

    // --- which scripts
    Option{.key = "locations", .type = list, .group = scripts, .help = "folders of scripts, sub-folders included: filesystem:sql, or in Git: git@HOST:OWNER/REPO.git//sql?ref=main", .checkout = kPath},
    Option{.key = "expectCommit", .group = scripts, .help = "full id of the commit that the branch or tag in Git must lead to", .variables = "EXPECT_COMMIT"},
    Option{.key = "requireSigned", .type = boolean, .fallback = "false", .group = scripts, .help = "the commit must be signed by an SSH key of allowedSigners", .variables = "REQUIRE_SIGNED"},
    Option{.key = "allowedSigners", .group = scripts, .help = "who may sign: lines of an allowed signers file (man ssh-keygen), or its path", .variables = "ALLOWED_SIGNERS"},
    Option{.key = "callbackLocations", .type = list, .group = scripts, .help = "more folders, for callbacks only", .checkout = kPath},
    Option{.key = "failOnMissingLocations", .type = boolean, .fallback = "false", .group = scripts, .help = "a location that does not exist is an error, not a warning", .checkout = kYes},
    Option{.key = "encoding", .fallback = "UTF-8", .group = scripts, .help = "encoding of scripts", .checkout = kYes},
    Option{.key = "detectEncoding", .type = boolean, .fallback = "false", .group = scripts, .help = "find out each script's encoding: UTF-8, UTF-16 or ISO-8859-1", .checkout = kYes},
    Option{.key = "sqlMigrationPrefix", .fallback = "V", .group = scripts, .help = "how names of versioned scripts begin", .checkout = kYes},
    Option{.key = "repeatableSqlMigrationPrefix", .fallback = "R", .group = scripts, .help = "how names of repeatable scripts begin", .checkout = kYes},
    Option{.key = "undoSqlMigrationPrefix", .fallback = "U", .group = scripts, .help = "how names of undo scripts begin", .checkout = kYes},
    Option{.key = "baselineMigrationPrefix", .fallback = "B", .group = scripts, .help = "how names of baseline scripts begin", .checkout = kYes},
    Option{.key = "sqlMigrationSeparator", .fallback = "__", .group = scripts, .help = "what stands between version and description", .checkout = kYes},
    Option{.key = "sqlMigrationSuffixes", .type = list, .fallback = ".sql", .group = scripts, .help = "how names of scripts end", .checkout = kYes},
    Option{.key = "validateMigrationNaming", .type = boolean, .fallback = "false", .group = scripts, .help = "a file whose name is none of a script's is an error", .checkout = kYes},
    Option{.key = "skipDefaultResolvers", .type = boolean, .fallback = "false", .group = scripts, .help = "take no SQL scripts as migrations", .checkout = kYes},
    Option{.key = "skipDefaultCallbacks", .type = boolean, .fallback = "false", .group = scripts, .help = "run no SQL callbacks", .checkout = kYes},
    Option{.key = "jarDirs", .type = list, .group = scripts, .standing = kLeftOut, .note = kNoJava},
    Option{.key = "resolvers", .type = list, .group = scripts, .standing = kLeftOut, .note = kNoJava},
    Option{.key = "migrationResolvers", .type = list, .group = scripts, .standing = kLeftOut, .note = kNoJava},
    Option{.key = "callbacks", .type = list, .group = scripts, .standing = kLeftOut, .note = "dunlin loads no Java classes: write callbacks as SQL, in locations or callbackLocations"},
    Option{.key = "powershellExecutable", .group = scripts, .standing = kLeftOut, .note = "dunlin runs SQL only, no shell scripts"},
    Option{.key = "scriptPlaceholderPrefix", .fallback = "FP__", .group = scripts, .standing = kInert, .note = "it is for shell scripts, and dunlin runs SQL only"},
    Option{.key = "scriptPlaceholderSuffix", .fallback = "__", .group = scripts, .standing = kInert, .note = "it is for shell scripts, and dunlin runs SQL only"},

    // --- placeholders
    Option{.key = "placeholders", .type = map, .group = placeholders, .help = "placeholders.NAME=value replaces ${NAME} in scripts", .checkout = kYes},
    Option{.key = "placeholderReplacement", .type = boolean, .fallback = "true", .group = placeholders, .help = "replace placeholders at all", .checkout = kYes},
    Option{.key = "placeholderPrefix", .fallback = "${", .group = placeholders, .help = "what stands before a placeholder's name", .checkout = kYes},
    Option{.key = "placeholderSuffix", .fallback = "}", .group = placeholders, .help = "what stands after it", .checkout = kYes},
    Option{.key = "placeholderSeparator", .fallback = ":", .group = placeholders, .help = "what stands between flyway and the name of a built-in placeholder", .checkout = kYes},

    // --- the schema history
    Option{.key = "schemas", .type = list, .group = history, .help = "the schemas that belong to the project; case counts", .place = kEnvironment, .checkout = kYes},
    Option{.key = "defaultSchema", .group = history, .help = "the schema of the history table; the first of schemas if not set", .checkout = kYes},
    Option{.key = "createSchemas", .type = boolean, .fallback = "true", .group = history, .help = "make schemas that do not exist", .checkout = kYes},
    Option{.key = "table", .fallback = "flyway_schema_history", .group = history, .help = "name of the history table", .checkout = kYes},
    Option{.key = "tablespace", .group = history, .help = "tablespace of the history table", .checkout = kYes},
    Option{.key = "installedBy", .group = history, .help = "who stands in the history; the database user if not set"},
    Option{.key = "baselineVersion", .type = version, .fallback = "1", .group = history, .help = "version that baseline writes", .checkout = kYes},
    Option{.key = "baselineDescription", .fallback = "<< Flyway Baseline >>", .group = history, .help = "description that baseline writes", .checkout = kYes},
    Option{.key = "baselineOnMigrate", .type = boolean, .fallback = "false", .group = history, .help = "baseline first when the schema is not empty and has no history table", .checkout = kYes},

    // --- how scripts are run
    Option{.key = "target", .type = version, .fallback = "latest", .group = running, .help = "last version to go to: a version, latest, current or next; with ? it need not exist", .checkout = kYes},
    Option{.key = "failOnMissingTarget", .type = boolean, .fallback = "false", .group = running, .checkout = kYes, .standing = kInert, .note = "a target that no script has is an error, unless it is written target=VERSION?"},
    Option{.key = "outOfOrder", .type = boolean, .fallback = "false", .group = running, .help = "run scripts older than the newest applied one", .checkout = kYes},
    Option{.key = "group", .type = boolean, .fallback = "false", .group = running, .help = "all pending scripts in one transaction", .checkout = kYes},
    Option{.key = "mixed", .type = boolean, .fallback = "false", .group = running, .help = "a script may mix statements that can and cannot run in a transaction", .checkout = kYes},
    Option{.key = "executeInTransaction", .type = boolean, .fallback = "true", .group = running, .help = "run scripts in transactions", .checkout = kYes},
    Option{.key = "skipExecutingMigrations", .type = boolean, .fallback = "false", .group = running, .help = "write the history rows and run nothing"},
    Option{.key = "cherryPick", .type = list, .group = running, .help = "only these versions or descriptions, in this order"},
    Option{.key = "dryRunOutput", .group = running, .help = "write what would be run to this SQL file, and change nothing"},
    Option{.key = "errorOverrides", .type = list, .group = running, .help = "SQLSTATE:CODE:D, I, W or E: such an error or warning counts as a line with -X, information, warning or error", .checkout = kYes},
    Option{.key = "nonTransactionalStatements", .group = running, .help = "regular expression for more statements that cannot run in a transaction", .checkout = kYes},
    Option{.key = "lockRetryCount", .type = integer, .fallback = "50", .group = running, .help = "seconds to wait for another process to let go of the lock; 0: one try, -1: without end", .checkout = kYes},
    Option{.key = "postgresql.transactional.lock", .type = boolean, .fallback = "false", .group = running, .help = "hold the lock in a transaction, as Flyway does by default; for those behind a transaction pooler"},
    Option{.key = "tableLockTimeout", .type = seconds, .group = running, .help = "longest wait of a script for a table lock; 0: without end; 5 in run, else the server's own", .checkout = kYes},
    Option{.key = "tableLockRetries", .type = integer, .fallback = "0", .group = running, .help = "how often a script that got no table lock is run again", .checkout = kYes},
    Option{.key = "statementTimeout", .type = seconds, .group = running, .help = "longest time for one statement; 0: without end; else the server's own", .checkout = kYes},
    Option{.key = "deadline", .type = seconds, .group = running, .help = "longest time for the whole call; then it ends as SIGTERM would end it, with exit 1; 0: without end"},
    Option{.key = "asynchronousCommits", .type = boolean, .fallback = "true", .group = running, .help = "only the last commit of a batch waits for the disk; nothing is reported before it"},
    Option{.key = "stream", .type = boolean, .fallback = "false", .group = running, .standing = kInert, .note = kStreams},
    Option{.key = "batch", .type = boolean, .fallback = "false", .group = running, .standing = kInert, .note = kStreams},

    // --- validate, clean
    Option{.key = "validateOnMigrate", .type = boolean, .fallback = "true", .group = checking, .help = "validate before migrate", .checkout = kYes},
    Option{.key = "ignoreMigrationPatterns", .type = list, .fallback = "*:future", .group = checking, .help = "what validate overlooks: type:state, such as *:missing or repeatable:pending", .checkout = kYes},
    Option{.key = "cleanDisabled", .type = boolean, .fallback = "true", .group = checking, .help = "clean is refused"},
    Option{.key = "cleanOnValidationError", .type = boolean, .fallback = "false", .group = checking, .standing = kInert, .note = "dunlin cleans when told to, never by itself"},
    Option{.key = "ignoreMissingMigrations", .type = boolean, .group = checking, .standing = kOlder, .note = "*:missing"},
    Option{.key = "ignoreIgnoredMigrations", .type = boolean, .group = checking, .standing = kOlder, .note = "*:ignored"},
    Option{.key = "ignorePendingMigrations", .type = boolean, .group = checking, .standing = kOlder, .note = "*:pending"},
    Option{.key = "ignoreFutureMigrations", .type = boolean, .group = checking, .standing = kOlder, .note = "*:future"},

    // --- what is printed
    Option{.key = "outputType", .group = output, .help = "json: one JSON document instead of text", .choices = "json"},
    Option{.key = "outputFile", .group = output, .help = "write the output to this file too", .place = kCommandLine},
    Option{.key = "color", .fallback = "auto", .group = output, .help = "colours: always, never, or auto", .choices = "always never auto"},
    Option{.key = "outputQueryResults", .type = boolean, .fallback = "true", .group = output, .help = "print the rows that statements of scripts return", .checkout = kYes},
    Option{.key = "outputQueryRows", .type = integer, .fallback = "1000", .group = output, .help = "how many of these rows are kept and printed", .checkout = kYes},
    Option{.key = "infoSinceVersion", .type = version, .group = output, .help = "info: versions from here on", .place = kCommandLine},
    Option{.key = "infoUntilVersion", .type = version, .group = output, .help = "info: versions up to here", .place = kCommandLine},
    Option{.key = "infoSinceDate", .group = output, .help = "info: applied since dd/MM/yyyy HH:mm", .place = kCommandLine},
    Option{.key = "infoUntilDate", .group = output, .help = "info: applied until dd/MM/yyyy HH:mm", .place = kCommandLine},
    Option{.key = "infoOfState", .type = list, .group = output, .help = "info: scripts in these states", .place = kCommandLine},
    Option{.key = "into", .group = output, .help = "docs: write into this Markdown file, between its two marker lines (`dunlin help docs`); snapshot restore: name of the new cluster or instance, or of another SQLite file", .place = kCommandLine},
    Option{.key = "check", .type = boolean, .fallback = "false", .group = output, .help = "docs: write nothing; exit 1 if the file of into is out of date", .place = kCommandLine},
    Option{.key = "outputProgress", .type = boolean, .fallback = "false", .group = output, .standing = kInert, .note = "progress goes to standard error"},
    Option{.key = "loggers", .type = list, .fallback = "auto", .group = output, .standing = kInert, .note = "dunlin writes to standard output and standard error"},
    Option{.key = "reportEnabled", .type = boolean, .fallback = "false", .group = output, .help = "write a report of the run, as HTML and as JSON"},
    Option{.key = "reportFilename", .fallback = "report", .group = output, .help = "where: this name with .html and with .json"},
    Option{.key = "provisionMode", .group = output, .standing = kInert, .note = "dunlin makes no databases"},
    Option{.key = "publishResult", .type = boolean, .group = output, .standing = kInert, .note = "dunlin reports to nobody"},
    Option{.key = "checkDriftOnMigrate", .type = boolean, .group = output, .standing = kLeftOut, .note = "it belongs to a service of Flyway's vendor"},
    Option{.key = "communityDBSupportEnabled", .type = boolean, .group = output, .standing = kInert, .note = kOtherDatabase},

    // --- secrets
    Option{.key = "secrets.provider", .group = secrets, .help = "where ${secret:ID} is looked up: aws (in run, if not set), vault or file", .choices = "aws vault file"},
    Option{.key = "secrets.file", .group = secrets, .help = "TOML or JSON file of secrets, id = value, for the provider file"},
    Option{.key = "secrets.vault.address", .group = secrets, .help = "where Vault or OpenBao is: https://HOST:8200", .variables = "VAULT_ADDR BAO_ADDR"},
    Option{.key = "secrets.vault.namespace", .group = secrets, .help = "its namespace, if not the root's", .variables = "VAULT_NAMESPACE BAO_NAMESPACE"},
    Option{.key = "secrets.vault.caCert", .group = secrets, .help = "PEM file of the authorities that its certificate leads to; else those of the system", .variables = "VAULT_CACERT BAO_CACERT"},
    Option{.key = "secrets.vault.mount", .fallback = "secret", .group = secrets, .help = "mount of the KV engine, version 2"},
    Option{.key = "secrets.vault.auth", .fallback = "token", .group = secrets, .help = "how to log in", .choices = "token approle kubernetes jwt"},
    Option{.key = "secrets.vault.authMount", .group = secrets, .help = "mount of that method below auth/, if it is not called as the method"},
    Option{.key = "secrets.vault.role", .group = secrets, .help = "approle: the role's id; kubernetes, jwt: its name"},
    Option{.key = "secrets.vault.token", .type = secret, .group = secrets, .help = "the token; if not set, the one in ~/.vault-token", .variables = "VAULT_TOKEN BAO_TOKEN"},
    Option{.key = "secrets.vault.secretId", .type = secret, .group = secrets, .help = "approle: the role's secret id, as ${env:NAME} or ${file:PATH}"},
    Option{.key = "secrets.vault.jwt", .type = secret, .group = secrets, .help = "jwt, kubernetes: the token to show, as ${env:NAME} or ${file:PATH}; kubernetes: else the service account's"},
    Option{.key = "licenseKey", .type = secret, .group = secrets, .standing = kLeftOut, .note = kNoLicense},
    Option{.key = "email", .group = secrets, .standing = kLeftOut, .note = kNoLicense},
    Option{.key = "token", .type = secret, .group = secrets, .standing = kLeftOut, .note = kNoLicense},
    Option{.key = "kerberosConfigFile", .group = secrets, .standing = kLeftOut, .note = "dunlin logs in with a password or a certificate"},
    Option{.key = "vault", .type = map, .group = secrets, .standing = kLeftOut, .note = "dunlin reads secrets by references: secrets.provider=vault, and ${secret:PATH#key} wherever a value stands"},
    Option{.key = "dapr", .type = map, .group = secrets, .standing = kLeftOut, .note = kOtherStore},
    Option{.key = "gcsm", .type = map, .group = secrets, .standing = kLeftOut, .note = kOtherStore},
    Option{.key = "conjur", .type = map, .group = secrets, .standing = kLeftOut, .note = kOtherStore},
    Option{.key = "oracle", .type = map, .group = secrets, .standing = kLeftOut, .note = kOtherDatabase},
    Option{.key = "sqlserver", .type = map, .group = secrets, .standing = kLeftOut, .note = kOtherDatabase},
    Option{.key = "plugins", .type = map, .group = secrets, .standing = kLeftOut, .note = kNoJava},

    // --- the container job
    Option{.key = "region", .group = job, .help = "AWS region of the secrets", .variables = "REGION AWS_REGION AWS_DEFAULT_REGION"},
    Option{.key = "repository.url", .group = job, .help = "the repository: git@host:owner/path.git, ssh://, https://, file:// or a path", .variables = "REPOSITORY_URL"},
    Option{.key = "repository.owner", .group = job, .help = "owner of the repository at github.com", .variables = "REPOSITORY_OWNER"},
    Option{.key = "repository.path", .group = job, .help = "its name there", .variables = "REPOSITORY_PATH"},
    Option{.key = "repository.deployKey", .type = secret, .group = job, .help = "the private SSH key itself, as a reference such as ${file:PATH}; in the place of the next", .variables = "REPOSITORY_DEPLOY_KEY"},
    Option{.key = "repository.deployKeySecret", .group = job, .help = "id of the secret that is the private SSH key", .variables = "REPOSITORY_DEPLOY_KEY_SECRET"},
    Option{.key = "repository.deployKeyPassphraseSecret", .group = job, .help = "id of the secret with that key's passphrase, if it has one", .variables = "REPOSITORY_DEPLOY_KEY_PASSPHRASE_SECRET"},
    Option{.key = "repository.deployKeyPassphrase", .type = secret, .group = job, .help = "that key's passphrase itself, as a reference", .variables = "REPOSITORY_DEPLOY_KEY_PASSPHRASE"},
    Option{.key = "repository.token", .type = secret, .group = job, .help = "the token for https itself, as a reference such as ${env:GITHUB_TOKEN}", .variables = "REPOSITORY_TOKEN"},
    Option{.key = "repository.tokenSecret", .group = job, .help = "id of the secret that is the token for https", .variables = "REPOSITORY_TOKEN_SECRET"},
    Option{.key = "repository.knownHosts", .group = job, .help = "more host keys to trust: known_hosts lines, or a path", .variables = "KNOWN_HOSTS"},
    Option{.key = "db.host", .group = job, .help = "host of the database", .variables = "DB_HOST"},
    Option{.key = "db.port", .type = integer, .fallback = "5432", .group = job, .help = "its port", .variables = "DB_PORT"},
    Option{.key = "db.name", .group = job, .help = "name of the database; also placeholder DATABASE_NAME", .variables = "DB_NAME"},
    Option{.key = "db.user", .fallback = "sqladmin", .group = job, .help = "the user that migrates", .variables = "DB_USER"},
    Option{.key = "db.secretPrefix", .fallback = "postgresql@aurora-serverless-flyway-db", .group = job, .help = "the secret PREFIX@USER holds that user's password", .variables = "DB_SECRET_PREFIX"},
    Option{.key = "db.secret", .group = job, .help = "id of a secret as RDS writes it: username, password, host, port, dbname", .variables = "DB_SECRET"},
    Option{.key = "db.roles", .type = list, .fallback = "read_only,sample_application", .group = job, .help = "for each role R, the password in secret PREFIX@R becomes placeholder R_PASSWORD, in capitals", .variables = "DB_ROLES"},

    // --- the job as a task of AWS Fargate
    Option{.key = "fargate.stack", .fallback = "dunlin", .group = fargate, .help = "name of the CloudFormation stack", .variables = "FARGATE_STACK"},
    Option{.key = "fargate.image", .group = fargate, .help = "the image that tasks run, such as ghcr.io/OWNER/dunlin:0.1.0", .variables = "FARGATE_IMAGE"},
    Option{.key = "fargate.architecture", .fallback = "X86_64", .group = fargate, .help = "processor that the image is built for", .variables = "FARGATE_ARCHITECTURE", .choices = "X86_64 ARM64"},
    Option{.key = "fargate.approve", .group = fargate, .help = "deploy and destroy without a question: true; data-loss even where a database or a password goes", .variables = "FARGATE_APPROVE", .choices = "true data-loss"},
    Option{.key = "fargate.cluster", .fallback = "dunlin", .group = fargate, .help = "name of the ECS cluster", .variables = "FARGATE_CLUSTER"},
    Option{.key = "fargate.task", .fallback = "dunlin", .group = fargate, .help = "family of the task definition, which is also the name of its container; its log group is /ecs/ with this name", .variables = "FARGATE_TASK"},
    Option{.key = "fargate.databaseCluster", .group = fargate, .help = "identifier of the Aurora cluster or RDS instance whose network a task gets; else found by its endpoint, DB_HOST", .variables = "FARGATE_DATABASE_CLUSTER"},
    Option{.key = "fargate.subnets", .type = list, .group = fargate, .help = "subnets of a task; the database's if not set", .variables = "FARGATE_SUBNETS"},
    Option{.key = "fargate.securityGroups", .type = list, .group = fargate, .help = "security groups of a task; the database's if not set", .variables = "FARGATE_SECURITY_GROUPS"},
    Option{.key = "fargate.assignPublicIp", .type = boolean, .fallback = "false", .group = fargate, .help = "give a task a public address, which it needs in a public subnet to reach anything outside", .variables = "FARGATE_ASSIGN_PUBLIC_IP"},
    Option{.key = "fargate.capacityProvider", .group = fargate, .help = "capacity provider to run a task on, such as FARGATE_SPOT; launch type FARGATE if not set", .variables = "FARGATE_CAPACITY_PROVIDER"},
    Option{.key = "fargate.stopWhenInterrupted", .type = boolean, .fallback = "false", .group = fargate, .help = "fargate run: stop the task when a signal or the deadline ends the call and nobody can be asked; else it goes on", .variables = "FARGATE_STOP_WHEN_INTERRUPTED"},
    Option{.key = "follow", .type = boolean, .fallback = "false", .group = fargate, .help = "fargate logs: go on while the task runs", .place = kCommandLine},
    Option{.key = "fargate.registrySecret", .group = fargate, .help = "id of the secret with the login of a private image registry; none is needed for a public image or ECR", .variables = "FARGATE_REGISTRY_SECRET"},
    Option{.key = "fargate.registryUser", .group = fargate, .help = "who logs in to that registry; REPOSITORY_OWNER if not set", .variables = "FARGATE_REGISTRY_USER"},
    Option{.key = "generate", .type = boolean, .fallback = "false", .group = fargate, .help = "fargate secrets put database-password: make a password; without a user one for each that is missing", .place = kCommandLine},
    Option{.key = "generateKey", .type = boolean, .fallback = "false", .group = fargate, .help = "fargate secrets put deploy-key: make an Ed25519 key and print its public half", .place = kCommandLine},
    Option{.key = "fromFile", .group = fargate, .help = "fargate secrets put: the file with the value; else standard input, or what is typed", .place = kCommandLine},
    Option{.key = "overwrite", .type = boolean, .fallback = "false", .group = fargate, .help = "fargate secrets put: put a new version into a secret that is there", .place = kCommandLine},
    Option{.key = "fargate.kmsKey", .group = fargate, .help = "ARN of the KMS key of the secrets, if it is one of your own", .variables = "FARGATE_KMS_KEY"},
    Option{.key = "fargate.logRetention", .type = integer, .fallback = "90", .group = fargate, .help = "days that logs are kept, one of CloudWatch's: 1 3 5 7 14 30 60 90 120 150 180 365 400 and on", .variables = "FARGATE_LOG_RETENTION"},
    Option{.key = "fargate.createSecurityGroup", .type = boolean, .fallback = "false", .group = fargate, .help = "deploy: make a security group for tasks, with only what the job needs", .variables = "FARGATE_CREATE_SECURITY_GROUP"},
    Option{.key = "fargate.createDatabase", .type = boolean, .fallback = "false", .group = fargate, .help = "deploy: make an Aurora Serverless PostgreSQL cluster and the secrets of its users, and that security group", .variables = "FARGATE_CREATE_DATABASE"},
    Option{.key = "fargate.databaseVersion", .group = fargate, .help = "deploy: version of that cluster's Aurora PostgreSQL", .variables = "FARGATE_DATABASE_VERSION"},
    Option{.key = "fargate.createBastion", .type = boolean, .fallback = "false", .group = fargate, .help = "deploy: make a bastion host, reached by the Session Manager", .variables = "FARGATE_CREATE_BASTION"},
    Option{.key = "fargate.bastionKey", .group = fargate, .help = "deploy: EC2 key pair to reach the bastion host by SSH too", .variables = "FARGATE_BASTION_KEY"},
    Option{.key = "fargate.bastionFrom", .fallback = "127.0.0.1/32", .group = fargate, .help = "deploy: addresses that may do so, such as 203.0.113.7/32", .variables = "FARGATE_BASTION_FROM"},
    Option{.key = "fargate.vpc", .group = fargate, .help = "deploy: VPC of what it makes; that of fargate.subnets or the default one if not set", .variables = "FARGATE_VPC"},

    // --- snapshots
    Option{.key = "snapshotBeforeMigrate", .type = boolean, .fallback = "false", .group = snapshots, .help = "migrate and run: take a snapshot when something is pending, before anything is changed; if that fails nothing is migrated", .variables = "SNAPSHOT_BEFORE_MIGRATE"},
    Option{.key = "snapshot.method", .fallback = "auto", .group = snapshots, .help = "rds: RDS takes a snapshot of the whole cluster or instance; file: a file of pg_dump, or a copy of the SQLite file; auto: rds for a host of RDS", .variables = "SNAPSHOT_METHOD", .choices = "auto rds file"},
    Option{.key = "snapshot.database", .group = snapshots, .help = "identifier of the Aurora cluster or RDS instance; else it is fargate.databaseCluster, or found by its endpoint", .variables = "SNAPSHOT_DATABASE"},
    Option{.key = "snapshot.folder", .fallback = "snapshots", .group = snapshots, .help = "folder of snapshots that are files; made with the first", .variables = "SNAPSHOT_FOLDER"},
    Option{.key = "replace", .type = boolean, .fallback = "false", .group = snapshots, .help = "snapshot restore: throw away what is in the PostgreSQL database or the SQLite file", .place = kCommandLine},
};
// clang-format on

/// A map is set by KEY.name only; its bare key ("placeholders", "placeholders.") is no option.
bool is_row_of(const Option& option, std::string_view key) {
  if (option.type != map) return option.key == key;
  return key.size() > option.key.size() + 1 && key.starts_with(option.key) &&
         key[option.key.size()] == '.';
}

bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }

}  // namespace

std::span<const Option> options() noexcept { return kOptions; }

const Option* find_option(std::string_view key) noexcept {
  const auto* const found =
      std::ranges::find_if(kOptions, [&](const Option& option) { return is_row_of(option, key); });
  return found == kOptions.end() ? nullptr : found;
}

std::string variable_name(std::string_view key) {
  std::string result;
  for (const char c : key) {
    if (is_capital(c)) result += '_';
    result += c == '.' ? '_' : c;
  }
  return upper(result);
}

std::optional<std::string> key_of_variable(std::string_view name) {
  const std::string wanted = upper(name);
  for (const Option& option : kOptions) {
    const std::string own = variable_name(option.key);
    if (option.type == map) {
      if (wanted.starts_with(own + '_') && wanted.size() > own.size() + 1) {
        return std::string(option.key) + '.' + lower(name.substr(own.size() + 1));
      }
    } else if (wanted == own) {
      return std::string(option.key);
    }
  }
  if (wanted == "DRYRUN_OUTPUT") return "dryRunOutput";  // how Flyway's variable is spelled
  return std::nullopt;
}

std::string key_of_dashes(std::string_view name) {
  std::string result;
  bool after_dash = false;
  for (const char c : name) {
    if (c == '-') {
      after_dash = true;
      continue;
    }
    result += after_dash ? upper(std::string_view(&c, 1)) : std::string(1, c);
    after_dash = false;
  }
  return result;
}

std::vector<std::string> near_options(std::string_view key) {
  std::vector<std::string> keys;
  for (const Option& option : kOptions) {
    if (option.standing == Standing::live) keys.emplace_back(option.key);
  }
  return nearest(key, keys);
}

bool is_own(OptionGroup group) noexcept {
  return group == job || group == fargate || group == snapshots;
}

std::string_view heading(OptionGroup group) noexcept {
  switch (group) {
    case configuration:
      return "Where configuration comes from";
    case connection:
      return "Connection";
    case scripts:
      return "Scripts";
    case placeholders:
      return "Placeholders";
    case history:
      return "Schemas and the history table";
    case running:
      return "Running scripts";
    case checking:
      return "Validate and clean";
    case output:
      return "Output";
    case secrets:
      return "Secrets";
    case job:
      return "The job (dunlin run), and repositories";
    case fargate:
      return "The job on AWS Fargate (dunlin fargate ...)";
    case snapshots:
      return "Snapshots (dunlin snapshot ..., snapshotBeforeMigrate)";
  }
  return {};
}

std::string_view name_of(OptionType type) noexcept {
  switch (type) {
    case text:
      return "text";
    case boolean:
      return "true or false";
    case integer:
      return "whole number";
    case seconds:
      return "seconds";
    case list:
      return "list";
    case version:
      return "version";
    case secret:
      return "secret";
    case map:
      return "names and values";
  }
  return {};
}

}  // namespace dunlin
