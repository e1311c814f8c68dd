"""dunlin fargate secrets: what the job needs, stored once and shown never."""
import json
import subprocess

import pytest

from support.aws import REGION
from support.job import DATABASE
from support.program import Program, Said
from support.sshd import make_key
from support.terminal import Terminal

pytestmark = pytest.mark.server

PASSWORD = "Str0ng \"& 'odd' $x"
OWNER, PATH = "flock", "migrations"


@pytest.fixture
def store(aws, fargate):
    """Secrets Manager with a prefix of its own for names."""
    class Store:
        client, prefix, key = aws.client, fargate.name, "github@%s@%s-%s" % (OWNER, PATH, fargate.name)

        def id(self, user):
            return "%s@%s" % (self.prefix, user)

        def value(self, name):
            return self.client.get_secret_value(SecretId=name)["SecretString"]

        def versions(self, name):
            return len(self.client.describe_secret(SecretId=name)["VersionIdsToStages"])
    return Store()


@pytest.fixture
def dunlin(fargate, store, tmp_path):
    """The program, and put(words, value) that gives it a value on standard input."""
    program = Program(tmp_path, {**fargate.environment(), "REPOSITORY_OWNER": OWNER, "REPOSITORY_PATH": PATH,
                                 "REPOSITORY_DEPLOY_KEY_SECRET": store.key, "DB_SECRET_PREFIX": store.prefix,
                                 "DB_USER": "sqladmin", "DB_ROLES": "read_only", "PATH": "/usr/bin"}, [PASSWORD])

    def put(*words, value="", **environment):
        variables = {name: str(text) for name, text in {**program.environment, **environment}.items()}
        ran = subprocess.run(program.command(["fargate", "secrets", "put", *words]), input=value.encode(), env=variables,
                             cwd=tmp_path, capture_output=True, timeout=60)
        said = Said(ran.returncode, ran.stdout.decode(), ran.stderr.decode(), 0)
        program.expect_no_secret(said)
        return said
    program.put = put
    return program


def rows(said):
    return {row.split("|")[1].strip(): row.split("|")[3].strip() for row in said.out.splitlines() if row.startswith("| ")}


def test_what_is_missing_is_listed_with_the_command_that_stores_it(dunlin, store):
    store.client.create_secret(Name=store.id("sqladmin"), SecretString="x")
    said = dunlin("fargate", "secrets")
    assert said.code == 0, said
    assert {name: state for name, state in rows(said).items() if "Secret" not in name} == {
        store.key: "missing", store.id("sqladmin"): "stored", store.id("read_only"): "missing"}
    assert "dunlin fargate secrets put deploy-key --generate-key" in said.out
    assert "dunlin fargate secrets put database-password read_only --generate" in said.out
    document = json.loads(dunlin("fargate", "secrets", "-outputType=json").out)
    assert [each["state"] for each in document["secrets"]] == ["missing", "stored", "missing"]


def test_only_what_the_job_needs_is_listed(dunlin, store):
    said = dunlin("fargate", "secrets", REPOSITORY_URL="https://git.example/a/b.git", AWS_IAM_AUTH="true", DB_ROLES="",
                  FARGATE_REGISTRY_SECRET="the-registry")
    assert [name for name in rows(said) if "Secret" not in name] == ["the-registry"], said


def test_a_password_is_stored_as_the_job_reads_it(dunlin, store):
    said = dunlin.put("database-password", "read_only", value=PASSWORD + "\n")
    assert said.code == 0 and "is stored in " + REGION in said.err and said.out == "", said
    assert json.loads(store.value(store.id("read_only"))) == {"username": "read_only", "password": PASSWORD}


def test_the_same_value_makes_no_new_version_and_another_is_refused(dunlin, store):
    name = store.id("read_only")
    for _ in range(2):
        said = dunlin.put("database-password", "read_only", value=PASSWORD)
        assert said.code == 0, said
    assert "holds this value already" in said.err and store.versions(name) == 1
    said = dunlin.put("database-password", "read_only", value="another one")
    assert said.code == 2 and "secret %s holds another value already" % name in said.err, said
    assert "--overwrite" in said.err and "another one" not in said.all
    assert json.loads(store.value(name))["password"] == PASSWORD
    said = dunlin.put("database-password", "read_only", "--overwrite", value="another one")
    assert said.code == 0 and "AWSPREVIOUS" in said.err and "ALTER ROLE read_only" in said.err, said
    assert json.loads(store.value(name))["password"] == "another one" and store.versions(name) == 2


def test_a_value_may_come_from_a_file(dunlin, store, tmp_path):
    (tmp_path / "value").write_text(PASSWORD + "\r\n")
    assert dunlin.put("database-password", "read_only", "--from-file", "value").code == 0
    assert json.loads(store.value(store.id("read_only")))["password"] == PASSWORD
    said = dunlin.put("database-password", "sqladmin", "--from-file", "nowhere")
    assert said.code == 2 and "file nowhere cannot be read: No such file" in said.err, said


def test_what_is_typed_is_not_shown(dunlin, store):
    terminal = Terminal(dunlin, "fargate", "secrets", "put", "database-password", "read_only")
    terminal.waits_for("Password of read_only: ")
    terminal.types(PASSWORD + "\n")
    said = terminal.ends()
    assert said.code == 0 and PASSWORD not in said.all, said
    assert json.loads(store.value(store.id("read_only")))["password"] == PASSWORD


def test_ctrl_c_at_the_question_stores_nothing_and_shows_letters_again(dunlin, store):
    terminal = Terminal(dunlin, "fargate", "secrets", "put", "database-password", "read_only")
    terminal.waits_for("Password of read_only: ")
    terminal.presses_ctrl_c()
    assert terminal.ends_with_echo().code == 130
    with pytest.raises(store.client.exceptions.ResourceNotFoundException):
        store.value(store.id("read_only"))


def test_passwords_are_generated_for_all_that_lack_one(dunlin, store):
    store.client.create_secret(Name=store.id("sqladmin"), SecretString=json.dumps({"username": "sqladmin", "password": "old"}))
    said = dunlin.put("database-password", "--generate")
    assert said.code == 0 and "secret %s is there already" % store.id("sqladmin") in said.err.replace("Secret", "secret"), said
    made = json.loads(store.value(store.id("read_only")))
    assert made["username"] == "read_only" and len(made["password"]) == 32 and made["password"] not in said.all
    assert all(c.isascii() and (c.isalnum() or c in "-_") for c in made["password"])
    assert json.loads(store.value(store.id("sqladmin")))["password"] == "old"
    assert dunlin.put("database-password", "--generate").code == 0
    assert json.loads(store.value(store.id("read_only"))) == made, "a second call makes nothing new"


def test_a_registry_token_becomes_a_login(dunlin, store, fargate):
    name = "registry-" + fargate.name
    said = dunlin.put("registry-token", value=PASSWORD, FARGATE_REGISTRY_SECRET=name)
    assert said.code == 0 and json.loads(store.value(name)) == {"username": OWNER, "password": PASSWORD}, said
    login = json.dumps({"username": "ada", "password": PASSWORD})
    said = dunlin.put("registry-token", "--overwrite", value=login, FARGATE_REGISTRY_SECRET=name)
    assert said.code == 0 and json.loads(store.value(name))["username"] == "ada", said
    said = dunlin.put("registry-token", "--generate", FARGATE_REGISTRY_SECRET=name)
    assert said.code == 2 and "cannot be made here" in said.err, said


def test_a_pasted_deploy_key_is_stored_and_its_public_half_shown(dunlin, store, tmp_path):
    key = make_key(tmp_path / "key", "rsa")
    dunlin.secrets.append(key)
    said = dunlin.put("deploy-key", value="  " + key.replace("\n", "\r\n"))
    public = (tmp_path / "key.pub").read_text().split()
    assert said.code == 0 and said.out.split()[:2] == public[:2], said
    assert "https://github.com/%s/%s/settings/keys/new" % (OWNER, PATH) in said.err
    assert "".join(store.value(store.key).split()) == "".join(key.split())
    assert "holds this value already" in dunlin.put("deploy-key", value=key).err


@pytest.mark.parametrize("value, says", [
    ("", "the value to store is empty"), ("ssh-ed25519 AAAAC3 x", "is a public key"), ("hello", "is not a private key")])
def test_what_is_no_key_is_not_stored(dunlin, store, value, says):
    said = dunlin.put("deploy-key", value=value)
    assert said.code in (2, 4) and says in said.err, said
    with pytest.raises(store.client.exceptions.ResourceNotFoundException):
        store.value(store.key)


def test_a_generated_key_stays_and_is_shown_again(dunlin, store):
    first, second = dunlin.put("deploy-key", "--generate-key"), dunlin.put("deploy-key", "--generate-key")
    assert first.code == second.code == 0, first
    assert first.out == second.out and first.out.startswith("ssh-ed25519 AAAA") and "stays" in second.err
    third = dunlin.put("deploy-key", "--generate-key", "--overwrite")
    assert third.code == 0 and third.out != first.out and store.versions(store.key) == 2
    document = json.loads(dunlin.put("deploy-key", "--generate-key", "-outputType=json").out)
    assert document["secrets"][0]["publicKey"] == third.out.strip() and document["secrets"][0]["outcome"] == "kept"


def test_the_job_gets_in_with_the_generated_key(job, fargate, tmp_path):
    """From the key and the passwords made here to a migrated database, through a task."""
    from support.job import DEPLOY_KEY, OWNER, PATH, PREFIX
    for name in (DEPLOY_KEY, PREFIX + "@read_only", PREFIX + "@sample_application"):
        job.aws.client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    (tmp_path / "caller").mkdir()
    caller = Program(tmp_path / "caller", {
        **fargate.environment(), "REPOSITORY_OWNER": OWNER, "REPOSITORY_PATH": PATH, "DB_SECRET_PREFIX": PREFIX})
    said = caller("fargate", "secrets", "put", "deploy-key", "--generate-key")
    assert said.code == 0, said
    (tmp_path / "key.pub").write_text(said.out)
    job.sshd.trust(tmp_path / "key.pub")
    assert caller("fargate", "secrets", "put", "database-password", "--generate").code == 0
    said = caller("fargate", "secrets")
    assert "missing" not in said.out, said

    fargate.define({**job.program.environment, "AWS_REGION": REGION})

    def runs(task):
        task.starts()
        task.stops(task.runs_the_program(tmp_path / "container"))
    fargate.does = runs
    said = caller("fargate", "run", "develop")
    assert said.code == 0 and "Successfully applied 4 migrations" in said.out, said
    assert said.out.startswith("Starting Fargate task to run Flyway migration from develop for RDS database " + DATABASE)
    password = json.loads(job.aws.client.get_secret_value(SecretId=PREFIX + "@read_only")["SecretString"])["password"]
    assert job.rows("SELECT count(*) FROM product", user="read_only", password=password) == [(0,)]


def test_a_secret_without_a_value_gets_its_first(dunlin, store):
    store.client.create_secret(Name=store.id("read_only"))
    assert dunlin.put("database-password", "read_only", value=PASSWORD).code == 0
    assert json.loads(store.value(store.id("read_only")))["password"] == PASSWORD


def test_a_secret_that_is_going_is_named(dunlin, store):
    store.client.create_secret(Name=store.id("read_only"), SecretString="x")
    store.client.delete_secret(SecretId=store.id("read_only"))
    said = dunlin.put("database-password", "read_only", value=PASSWORD)
    assert said.code == 3 and "is marked for deletion" in said.err and "restore-secret" in said.err, said
    assert rows(dunlin("fargate", "secrets"))[store.id("read_only")] == "marked for deletion"


def test_a_key_of_ones_own_encrypts_what_is_made(dunlin, store, aws, fargate):
    assert dunlin.put("database-password", "read_only", value=PASSWORD, FARGATE_KMS_KEY="arn:aws:kms:us-west-2:1:key/k").code == 0
    assert store.client.describe_secret(SecretId=store.id("read_only"))["KmsKeyId"] == "arn:aws:kms:us-west-2:1:key/k"


@pytest.mark.parametrize("words, says", [
    ([], "needs the name of a secret"), (["password"], "there is no secret password"),
    (["deploy-key", "x"], "takes no further word"), (["database-password"], "needs a user")])
def test_words_that_mean_nothing(dunlin, words, says):
    said = dunlin.put(*words, value=PASSWORD)
    assert said.code == 2 and says in said.err, said
