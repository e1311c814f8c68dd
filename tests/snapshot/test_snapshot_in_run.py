"""snapshotBeforeMigrate in the job, and a database behind a bastion."""
import re

import pytest

from support.job import DATABASE, PASSWORDS
from support.program import Program
from support.repository import git
from support.sshd import make_key

pytestmark = pytest.mark.server


def names(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_run_takes_one_named_after_the_commit_with_the_password_of_the_secret(job, tmp_path):
    commit = git(job.repository.folder, "rev-parse", "master").strip()
    folder = tmp_path / "snapshots"
    said = job(SNAPSHOT_BEFORE_MIGRATE="true", SNAPSHOT_FOLDER=folder)
    assert said.code == 0, said
    (name,) = names(folder)
    assert re.fullmatch(r"dunlin-aurora-serverless-flyway-db-\d{8}t\d{6}z-%s\.dump" % commit[:8], name)
    assert re.search(r"^Snapshot before migrating: \S+/%s$" % name, said.out, re.M), said  # the key of moto, "test", is masked
    assert job(SNAPSHOT_BEFORE_MIGRATE="true", SNAPSHOT_FOLDER=folder).code == 0
    assert names(folder) == [name]


def test_run_does_nothing_where_no_snapshot_can_be_written(job):
    said = job(SNAPSHOT_BEFORE_MIGRATE="true", SNAPSHOT_FOLDER="/proc/snapshots")
    assert said.code == 1 and "nothing is migrated, as there is no snapshot: the folder for snapshots, /proc/snapshots" in said.err, said
    job.expect_untouched()


def test_pg_dump_goes_through_the_tunnel_and_checks_the_certificate(job, tmp_path):
    key = make_key(tmp_path / "bastion", "ed25519")
    job.sshd.let_in(tmp_path / "bastion.pub", 'restrict,port-forwarding,permitopen="localhost:%d"' % job.postgresql.port)
    (tmp_path / "here").mkdir()
    dunlin = Program(tmp_path / "here", {
        "FLYWAY_URL": "jdbc:postgresql://localhost:%d/%s?sslmode=verify-full&sslrootcert=%s"
                      % (job.postgresql.port, DATABASE, job.postgresql.authority),
        "FLYWAY_USER": "sqladmin", "FLYWAY_PASSWORD": "${env:ADMIN_PASSWORD}", "ADMIN_PASSWORD": PASSWORDS["sqladmin"],
        "SSH_TUNNEL": job.sshd.hop(), "SSH_TUNNEL_KEY": "${file:%s}" % (tmp_path / "bastion"), "KNOWN_HOSTS": job.sshd.known_hosts(),
    }, secrets=[key, PASSWORDS["sqladmin"]])
    before = job.sshd.log().count("Accepted publickey")
    said = dunlin("snapshot", "create")
    assert said.code == 0 and len(names(tmp_path / "here/snapshots")) == 1, said
    assert job.sshd.log().count("Accepted publickey") == before + 2, "one for the session, one for pg_dump"
