"""What bad input gets: its exit code, one clear message that names the thing, no secret, and nothing changed."""
import socket

import pytest

from support.job import DEPLOY_KEY, PREFIX
from support.server import free_port

pytestmark = pytest.mark.server


def expect_one_message(job, said, code, *words):
    assert said.code == code, said
    errors = [line for line in said.err.splitlines() if line.startswith("ERROR: ")]
    assert len(errors) == 1, said
    for word in words:
        assert word.lower() in said.err.lower(), "%r is not named\n%s" % (word, said)
    for noise in ("Caused by", "Exception", "    at ", "std::", "terminate called"):
        assert noise not in said.all, said
    job.expect_untouched()


MISSING = [
    # (variable, what the message names besides it)
    ("REGION", "task definition"),
    ("REPOSITORY_DEPLOY_KEY_SECRET", "task definition"),
    ("DB_HOST", "task definition"),
    ("DB_NAME", "task definition"),
]


@pytest.mark.parametrize("variable, where", MISSING, ids=[v for v, _ in MISSING])
@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_a_missing_variable_is_named_with_where_it_is_set(job, variable, where, value):
    expect_one_message(job, job("develop", **{variable: value}), 2, variable, where)


@pytest.mark.parametrize("variable", ["REPOSITORY_OWNER", "REPOSITORY_PATH"])
def test_owner_and_path_are_needed_without_a_url(job, variable):
    expect_one_message(job, job("develop", **{"REPOSITORY_URL": None, variable: None}), 2, variable)


def put(name, value):
    return lambda job: job.aws.put(name, value)


ADMIN, READER = PREFIX + "@sqladmin", PREFIX + "@read_only"
# (why, what is done to the job, environment of the run, exit code, words of the message)
SECRETS = [
    ("a wrong password", put(ADMIN, {"password": "quite another"}), {}, 5, ["from ${secret:%s#password}" % ADMIN]),
    ("a secret without .password", put(ADMIN, {"username": "x"}), {}, 3, [ADMIN, "password"]),
    ("a role's secret without .password", put(READER, {"Password": "x"}), {}, 3, [READER, "password"]),
    ("a password that is no text", put(READER, {"password": {"a": 1}}), {}, 3, [READER, "password"]),
    ("a secret that is no JSON", put(ADMIN, "just words"), {}, 3, [ADMIN, "JSON"]),
    ("a binary secret", put(ADMIN, b"\x00\x01\xff"), {}, 3, [ADMIN, "binary"]),
    ("a binary deploy key", put(DEPLOY_KEY, b"\x00\x01\xff"), {}, 3, [DEPLOY_KEY, "binary"]),
    ("no such secret", None, {"DB_SECRET_PREFIX": "nowhere"}, 3, ["nowhere@sqladmin"]),
    ("no such deploy key", None, {"REPOSITORY_DEPLOY_KEY_SECRET": "no-such-key"}, 3, ["no-such-key"]),
    ("no secret for a role", None, {"DB_ROLES": "read_only,ghost"}, 3, [PREFIX + "@ghost"]),
    ("no credentials", None, {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_EC2_METADATA_DISABLED": "true"},
     3, ["credentials"]),
]


@pytest.mark.parametrize("prepare, environment, code, words", [row[1:] for row in SECRETS], ids=[row[0] for row in SECRETS])
def test_secrets_that_cannot_be_had(job, prepare, environment, code, words):
    if prepare:
        prepare(job)
    expect_one_message(job, job("develop", **environment), code, *words)


def test_secrets_manager_does_not_answer(job):
    port = free_port()
    said = job("develop", AWS_ENDPOINT_URL="http://127.0.0.1:%d" % port)
    expect_one_message(job, said, 3, "127.0.0.1:%d" % port)


def test_a_wrong_key_is_refused(job):
    job.aws.put(DEPLOY_KEY, job.keys["stranger"])
    expect_one_message(job, job("develop"), 4, "key", "127.0.0.1")


def test_a_key_that_is_none(job):
    job.aws.put(DEPLOY_KEY, "this is not a key")
    expect_one_message(job, job("develop"), 4, "deploy key", "BEGIN")


def test_a_public_key_is_not_the_private_one(job):
    job.aws.put(DEPLOY_KEY, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl deploy")
    expect_one_message(job, job("develop"), 4, "deploy key", "public")


def test_an_unknown_host_key_is_not_trusted(job):
    expect_one_message(job, job("develop", KNOWN_HOSTS=None), 4, "host key", "127.0.0.1", "KNOWN_HOSTS")


def test_a_changed_host_key_is_not_trusted(job):
    other = job.sshd.known_hosts().split()[0] + " ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    expect_one_message(job, job("develop", KNOWN_HOSTS=other), 4, "host key", "127.0.0.1")


def test_a_missing_branch_lists_the_near_ones(job):
    expect_one_message(job, job("devlop"), 4, "devlop", "develop")


def test_main_is_not_master(job):
    expect_one_message(job, job("main"), 4, "main", "master")


def test_a_missing_commit(job):
    expect_one_message(job, job("0123456789012345678901234567890123456789"), 4, "0123456789012345678901234567890123456789")


def test_a_missing_repository(job):
    said = job("develop", REPOSITORY_URL=job.sshd.url("flock/nothing"))
    expect_one_message(job, said, 4, "flock/nothing")


def test_a_git_server_that_does_not_answer(job):
    port = free_port()
    said = job("develop", REPOSITORY_URL="ssh://git@127.0.0.1:%d/a/b.git" % port)
    expect_one_message(job, said, 4, "127.0.0.1:%d" % port)


def test_a_missing_location(job):
    said = job("develop", "-locations=filesystem:./migrations")
    expect_one_message(job, said, 4, "migrations", "root of the repository")


def test_a_database_that_refuses_connections(job):
    port = free_port()
    expect_one_message(job, job("develop", DB_PORT=port, CONNECT_DEADLINE=0), 5, "localhost", str(port))


def test_a_database_that_never_answers(job):
    """It accepts and says nothing, as a paused cluster does: the time-out is the caller's."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        port = silent.getsockname()[1]
        said = job("develop", DB_PORT=port, PGCONNECT_TIMEOUT=2, CONNECT_DEADLINE=0)
    expect_one_message(job, said, 5, "localhost", str(port))


def test_a_database_that_does_not_exist(job):
    expect_one_message(job, job("develop", DB_NAME="nowhere_db"), 5, "nowhere_db")


def test_a_certificate_of_an_unknown_authority(job):
    other = job.folder / "other.pem"
    other.write_text(open("/etc/ssl/certs/ca-certificates.crt").read())
    expect_one_message(job, job("develop", PGSSLROOTCERT=other), 5, "certificate")


@pytest.mark.parametrize("arguments, word", [
    (["develop", "master"], "one branch"),
    (["develop", "migrate"], "one branch"),
    (["-nosuchoption=1"], "nosuchoption"),
    (["--branch"], "branch"),
])
def test_usage_errors_end_with_2(job, arguments, word):
    said = job(*arguments)
    assert said.code == 2 and word in said.err, said
    job.expect_untouched()


def test_the_store_of_secrets_is_not_named_by_a_secret(job):
    expect_one_message(job, job("develop", REGION="${secret:somewhere}"), 2, "region", "REGION")


@pytest.mark.parametrize("port", ["x", "0", "70000"])
def test_a_port_that_is_none(job, port):
    expect_one_message(job, job("develop", DB_PORT=port), 2, "DB_PORT", port)
