"""Scripts out of Git without the job: `git:` locations of migrate and its like."""
import json

import pytest

from support.https import GitOverHttps
from support.program import Program
from support.repository import Repository, git
from support.sshd import make_key

pytestmark = pytest.mark.server

TOKEN = "ghp_a-token-0123456789"


class Site:
    """A repository behind sshd, a SQLite file, and dunlin beside them."""

    def __init__(self, sshd, keys, folder):
        self.sshd, self.folder = sshd, folder
        self.repository = Repository.empty(folder / "work")
        self.repository.commit({"sql/V1__a.sql": "CREATE TABLE a (i int);", "other/V9__z.sql": "SELECT broken;"})
        self.key = folder / "key"
        self.key.write_text(keys["ed25519"])
        make_key(folder / "signing", "ed25519")
        self.publish()
        (folder / "here").mkdir()
        self.dunlin = Program(folder / "here", {"FLYWAY_URL": "jdbc:sqlite:app.db", "KNOWN_HOSTS": sshd.known_hosts(),
                                                "REPOSITORY_DEPLOY_KEY": "${file:%s}" % self.key},
                              secrets=[keys["ed25519"], TOKEN])

    def publish(self):
        return self.repository.publish(self.sshd.repositories / "site/scripts.git")

    def location(self, folder="sql", query=""):
        return "-locations=%s//%s%s" % (self.sshd.url("site/scripts"), folder, query)

    def head(self):
        return git(self.repository.folder, "rev-parse", "HEAD")


@pytest.fixture
def site(sshd, deploy_keys, tmp_path):
    return Site(sshd, deploy_keys, tmp_path)


def test_migrate_reads_a_branch_over_ssh(site):
    said = site.dunlin("migrate", site.location(query="?ref=master"))
    assert said.code == 0 and "Successfully applied 1 migration" in said.out, said
    commit = site.head()
    assert "refs/heads/master, commit %s: \"change\" by t <t@example.com>, 20" % commit in said.out, said
    assert "V1__a.sql" in site.dunlin("info", "-X", site.location()).all


def test_folders_and_repositories_stand_side_by_side(site):
    (site.folder / "here/own").mkdir()
    (site.folder / "here/own/V2__b.sql").write_text("CREATE TABLE b (i int);")
    said = site.dunlin("migrate", site.location() + ",filesystem:own")
    assert said.code == 0 and "Successfully applied 2 migrations" in said.out, said


def test_a_tag_and_a_pull_request_can_be_asked_for(site):
    first = site.head()
    git(site.repository.folder, "tag", "-a", "-m", "note", "v1")
    site.repository.commit({"sql/V2__b.sql": "CREATE TABLE b (i int);"})
    git(site.repository.folder, "update-ref", "refs/pull/7/head", first)
    bare = site.publish()
    git(bare, "update-ref", "refs/pull/7/head", first)
    for ref in ("v1", "refs/pull/7/head", first):
        said = site.dunlin("info", site.location(query="?ref=" + ref))
        assert said.code == 0 and first in said.out and "| b " not in said.out, said


def test_another_commit_than_the_expected_one_is_refused_before_the_database_is_opened(site):
    expected = site.head()
    site.repository.commit({"sql/V2__b.sql": "CREATE TABLE b (i int);"})
    site.publish()
    for option in (["--expect-commit", expected], ["-expectCommit=" + expected]):
        said = site.dunlin("migrate", site.location(), *option)
        assert said.code == 4 and expected in said.err and site.head() in said.err, said
    said = site.dunlin("migrate", site.location(query="?commit=" + expected))
    assert said.code == 4, said
    assert not (site.folder / "here/app.db").exists()
    assert site.dunlin("migrate", site.location(), "--expect-commit", site.head()).code == 0


def test_documents_and_reports_name_the_commit(site):
    said = site.dunlin("migrate", site.location(), "-outputType=json", "-reportEnabled=true")
    assert said.code == 0, said
    source, = json.loads(said.out)["sources"]
    assert source["commit"] == site.head() and source["ref"] == "refs/heads/master", said
    assert source["author"] == "t <t@example.com>" and source["subject"] == "change" and source["date"], said
    page = (site.folder / "here/report.html").read_text()
    assert site.head() in page and "t &lt;t@example.com&gt;" in page
    assert json.loads((site.folder / "here/report.json").read_text())["individualResults"][0]["sources"] == [source]


def test_https_takes_the_token_of_a_secret(site, tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "secrets.toml").write_text('"github-token" = "%s"\n' % TOKEN)
    with GitOverHttps(tmp_path / "web", site.sshd.repositories, TOKEN) as web:
        def info(**environment):
            return site.dunlin("info", "-locations=%s//sql" % web.url("site/scripts"), SSL_CERT_FILE=web.authority,
                               **environment)
        by_id = {"REPOSITORY_TOKEN_SECRET": "github-token", "DUNLIN_SECRETS_PROVIDER": "file",
                 "DUNLIN_SECRETS_FILE": tmp_path / "secrets.toml"}
        assert "| a " in info(**by_id).out
        assert "| a " in info(REPOSITORY_TOKEN="${env:GITHUB_TOKEN}", GITHUB_TOKEN=TOKEN).out
        said = info()
        assert said.code == 4 and "asks for a token" in said.err and "REPOSITORY_TOKEN" in said.err, said


def test_only_a_signed_commit_is_taken_where_that_is_asked(site):
    (site.folder / "signers").write_text("ada@example.org %s\n" % (site.folder / "signing.pub").read_text())
    asked = [site.location(), "--require-signed", "--allowed-signers", site.folder / "signers"]
    said = site.dunlin("migrate", *asked)
    assert said.code == 4 and "commit %s by t <t@example.com> is not signed" % site.head() in said.err, said
    git(site.repository.folder, "-c", "gpg.format=ssh", "-c", "user.signingKey=%s" % (site.folder / "signing"),
        "commit", "-q", "--amend", "--no-edit", "-S")
    site.publish()
    said = site.dunlin("migrate", *asked, "-outputType=json")
    assert said.code == 0 and json.loads(said.out)["sources"][0]["signer"] == "ada@example.org", said
    said = site.dunlin("migrate", site.location(), REQUIRE_SIGNED="true")
    assert said.code == 2 and "allowedSigners names nobody" in said.err, said


@pytest.mark.parametrize("address", ["%s", "file://%s"])
def test_a_repository_of_this_machine_needs_no_key(site, address):
    bare = site.sshd.repositories / "site/scripts.git"
    said = site.dunlin("migrate", "-locations=git:%s//sql" % (address % bare), REPOSITORY_DEPLOY_KEY=None, KNOWN_HOSTS=None)
    assert said.code == 0 and "Successfully applied 1 migration" in said.out, said


def test_a_missing_key_and_a_missing_branch_say_what_to_do(site):
    said = site.dunlin("info", site.location(), REPOSITORY_DEPLOY_KEY=None)
    assert said.code == 4 and "REPOSITORY_DEPLOY_KEY" in said.err, said
    said = site.dunlin("info", site.location(query="?ref=mastre"))
    assert said.code == 4 and "did you mean: master" in said.err, said


def test_the_job_takes_git_locations_beside_its_checkout(job):
    other = Repository.empty(job.folder / "other")
    other.commit({"db/V7__shared.sql": "CREATE TABLE shared (i int);"})
    other.publish(job.sshd.repositories / "flock/shared.git")
    said = job("develop", FLYWAY_LOCATIONS="filesystem:./sql,%s//db" % job.sshd.url("flock/shared"))
    assert said.code == 0 and "shared" in job.tables() and "product" in job.tables(), said


def test_a_checkout_cannot_name_another_repository(job):
    for text in ("git:file:///etc//x", "git@github.com:a/b.git//sql", "https://host/a//sql"):
        job.repository.commit({"flyway.conf": "flyway.locations=%s\n" % text})
        job.publish()
        said = job()
        assert said.code == 2 and "leads out of the checkout" in said.err, said


def test_the_job_takes_a_token_from_a_secret_and_a_key_by_reference(job):
    certificates = job.folder / "web"
    certificates.mkdir()
    job.aws.put("forge-token", TOKEN)
    job.program.secrets.append(TOKEN)
    with GitOverHttps(certificates, job.sshd.repositories, TOKEN) as web:
        said = job("develop", REPOSITORY_URL=web.url("flock/migrations"), REPOSITORY_DEPLOY_KEY_SECRET=None,
                   REPOSITORY_TOKEN_SECRET="forge-token", SSL_CERT_FILE=web.authority)
    assert said.code == 0 and "product" in job.tables(), said
    job.fresh_database()
    key = job.folder / "key"
    key.write_text(job.keys["ed25519"])
    said = job("develop", REPOSITORY_DEPLOY_KEY_SECRET=None, REPOSITORY_DEPLOY_KEY="${file:%s}" % key)
    assert said.code == 0 and "product" in job.tables(), said
