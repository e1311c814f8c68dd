"""The Fargate job as a task runs it: PostgreSQL, sshd and Secrets Manager behind the environment of the task."""
from support.aws import REGION
from support.program import Program
from support.repository import Repository
from support.server import wait_until

OWNER, PATH, DATABASE = "flock", "migrations", "aurora_serverless_flyway_db"
PREFIX = "postgresql@aurora-serverless-flyway-db"
DEPLOY_KEY = "github@%s@%s@repository-deploy-key" % (OWNER, PATH)
# Every character that quoting gets wrong somewhere.
PASSWORDS = {"sqladmin": "Admin's 1st \"pass\\word\" $1 ${X} ${env:X} é",
             "read_only": "Read only 2' \" $$ \\n ;--%s",
             "sample_application": "Sample=3 @/:?#&+'"}


class Job:
    """A fresh database, the example's repository, and all secrets; change what a test is about, then call it."""

    def __init__(self, postgresql, sshd, aws, keys, folder):
        self.postgresql, self.sshd, self.aws, self.keys, self.folder = postgresql, sshd, aws, keys, folder
        self.repository = Repository.of_example("postgresql", folder / "work")
        self.publish()
        aws.put(DEPLOY_KEY, keys["ed25519"])
        for user, password in PASSWORDS.items():
            aws.put("%s@%s" % (PREFIX, user), {"username": user, "password": password})
        self.fresh_database()
        (folder / "task").mkdir()
        self.program = Program(folder / "task", {
            **aws.environment(), "REGION": REGION, "REPOSITORY_DEPLOY_KEY_SECRET": DEPLOY_KEY,
            "REPOSITORY_OWNER": OWNER, "REPOSITORY_PATH": PATH, "REPOSITORY_URL": sshd.url(OWNER + "/" + PATH),
            "KNOWN_HOSTS": sshd.known_hosts(), "DB_HOST": postgresql.host, "DB_PORT": postgresql.port,
            "DB_NAME": DATABASE, "PGSSLMODE": "verify-full", "PGSSLROOTCERT": postgresql.authority,
        }, secrets=[*PASSWORDS.values(), *keys.values()])

    def __call__(self, *arguments, **environment):
        said = self.program("run", *arguments, **environment)
        left = sorted(p.name for p in self.program.folder.iterdir())
        assert not left, "files were left in the working folder: %s" % left
        return said

    def run_while(self, change, **environment):
        """Runs, and calls `change` when the secrets have been fetched and before Git goes on."""
        with self.sshd.gate() as gate:
            process = self.program.start("run", **environment)
            wait_until(gate.is_reached, 30, "the fetch")  # the deploy key is one of the secrets
            change()
            gate.open()
            return self.program.finish(process)

    def new_password(self, password, user="sqladmin"):
        """The database's, not the secret's."""
        self.postgresql.run("ALTER ROLE %s PASSWORD '%s'" % (user, password))
        self.program.secrets.append(password)

    def publish(self):
        """What is committed becomes what the server serves."""
        return self.repository.publish(self.sshd.repositories / OWNER / (PATH + ".git"))

    def fresh_database(self):
        with self.postgresql.connect() as c:
            c.execute("DROP DATABASE IF EXISTS %s WITH (FORCE)" % DATABASE)
            for role in PASSWORDS:
                c.execute("DROP ROLE IF EXISTS " + role)
            c.execute("CREATE ROLE sqladmin LOGIN CREATEROLE PASSWORD '%s'" % PASSWORDS["sqladmin"].replace("'", "''"))
            c.execute("CREATE DATABASE %s OWNER sqladmin" % DATABASE)

    def rows(self, sql, **login):
        return self.postgresql.rows(sql, DATABASE, **login)

    def history(self):
        """(version, script, success) of every row, in order."""
        return self.rows("SELECT version, script, success FROM flyway_schema_history ORDER BY installed_rank")

    def tables(self):
        return [name for name, in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")]

    def sessions(self):
        """What the job's user is logged in with."""
        return self.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'sqladmin'")

    def expect_untouched(self):
        """No table and no role is there, and no session of ours stays."""
        assert self.tables() == []
        assert self.rows("SELECT rolname FROM pg_roles WHERE rolname IN ('read_only', 'sample_application')") == []
        wait_until(lambda: not self.sessions(), 10, "the end of sqladmin's sessions")
