"""Snapshots that RDS takes, against moto; tests/support/rds.py adds what takes its time on AWS."""
import json
import os
import re
import time

import boto3
import pytest

from support.aws import REGION
from support.program import Program
from support.rds import Rds
from support.server import wait_until

ENDPOINT = re.compile(r"\S+\.%s\.rds\.amazonaws\.com" % REGION)


@pytest.fixture
def rds(aws):
    with Rds(aws) as front:
        yield front


@pytest.fixture
def client(aws):
    keys = {"endpoint_url": aws.url, "region_name": REGION, "aws_access_key_id": "AKIATEST", "aws_secret_access_key": "test"}
    client = boto3.client("rds", **keys)
    yield client
    for instance in client.describe_db_instances()["DBInstances"]:
        client.delete_db_instance(DBInstanceIdentifier=instance["DBInstanceIdentifier"], SkipFinalSnapshot=True)
    for cluster in client.describe_db_clusters()["DBClusters"]:
        client.delete_db_cluster(DBClusterIdentifier=cluster["DBClusterIdentifier"], SkipFinalSnapshot=True)
    for snapshot in client.describe_db_cluster_snapshots()["DBClusterSnapshots"]:
        client.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=snapshot["DBClusterSnapshotIdentifier"])
    for snapshot in client.describe_db_snapshots()["DBSnapshots"]:
        client.delete_db_snapshot(DBSnapshotIdentifier=snapshot["DBSnapshotIdentifier"])


@pytest.fixture
def cluster(client):
    client.create_db_cluster(DBClusterIdentifier="aurora", Engine="aurora-postgresql", MasterUsername="sqladmin",
                             MasterUserPassword="of no database", DatabaseName="app", Port=5432,
                             VpcSecurityGroupIds=["sg-1", "sg-2"],
                             ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4})
    client.create_db_instance(DBInstanceIdentifier="aurora-a", DBClusterIdentifier="aurora", Engine="aurora-postgresql",
                              DBInstanceClass="db.serverless")
    return client.describe_db_clusters(DBClusterIdentifier="aurora")["DBClusters"][0]


@pytest.fixture
def instance(client):
    client.create_db_instance(DBInstanceIdentifier="plain", Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
                              MasterUsername="sqladmin", MasterUserPassword="of no database", DBName="app", Port=5432)
    return client.describe_db_instances(DBInstanceIdentifier="plain")["DBInstances"][0]


@pytest.fixture
def here(rds, tmp_path):
    """dunlin with the task's environment; the host is given by each test."""
    return Program(tmp_path, {"AWS_ENDPOINT_URL": rds.url, "AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "test",
                              "REGION": REGION, "DB_NAME": "app"})


def done(rds, action):
    return [each for each in rds.asked if each["Action"] == action]


def test_a_cluster_is_found_by_its_endpoint_and_waited_for(here, rds, client, cluster):
    said = here("snapshot", "create", DB_HOST=cluster["Endpoint"])
    assert said.code == 0, said
    (snapshot,) = client.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    name = snapshot["DBClusterSnapshotIdentifier"]
    assert re.fullmatch(r"dunlin-aurora-\d{8}t\d{6}z", name)
    lines = said.out.splitlines()
    assert lines[0] == "Taking snapshot %s of cluster aurora" % name
    assert lines[1] == "snapshot %s: creating, 50 %%" % name
    assert lines[2].startswith("Snapshot %s is complete" % name) and lines[2].endswith(snapshot["DBClusterSnapshotArn"]), said
    assert [tag["Key"] for tag in snapshot["TagList"]] == ["dunlin:version"]


def test_a_snapshot_of_another_cluster_is_not_taken_for_ones_own(here, client):
    first, second = ("one-of-many-clusters-with-a-long-name-%s" % letter for letter in "ab")
    for name in (first, second):
        client.create_db_cluster(DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="sqladmin",
                                 MasterUserPassword="of no database")
    for i in range(30):
        moment = time.strftime("%Y%m%dt%H%M%Sz", time.gmtime(time.time() + i))
        client.create_db_cluster_snapshot(DBClusterIdentifier=first, DBClusterSnapshotIdentifier="dunlin-%s-%s" % (first[:29].rstrip("-"), moment))
    said = here("snapshot", "create", SNAPSHOT_DATABASE=second)
    assert said.code == 1 and "no snapshot of cluster %s was taken" % second in said.err and "is one of " + first in said.err, said


@pytest.mark.parametrize("variable", ["SNAPSHOT_DATABASE", "FARGATE_DATABASE_CLUSTER"])
def test_a_cluster_that_is_named_is_the_one_that_url_leads_to(here, rds, client, cluster, variable):
    client.create_db_cluster(DBClusterIdentifier="other", Engine="aurora-postgresql", MasterUsername="sqladmin",
                             MasterUserPassword="of no database")
    said = here("snapshot", "create", DB_HOST=cluster["Endpoint"], **{variable: "other"})
    assert said.code == 2 and "%s is an endpoint of cluster aurora, not of cluster other" % cluster["Endpoint"] in said.err, said
    assert done(rds, "CreateDBClusterSnapshot") == []
    assert here("snapshot", "create", DB_HOST=cluster["Endpoint"], **{variable: "aurora"}).code == 0
    proxy = "shop.proxy-abc.%s.rds.amazonaws.com" % REGION
    assert here("snapshot", "create", DB_HOST=proxy, **{variable: "aurora"}).code == 0


def test_the_reader_an_instance_and_a_name_lead_to_the_same_cluster(here, client, cluster):
    member = client.describe_db_instances(DBInstanceIdentifier="aurora-a")["DBInstances"][0]["Endpoint"]["Address"]
    for how in ({"DB_HOST": cluster["ReaderEndpoint"]}, {"DB_HOST": member}, {"SNAPSHOT_DATABASE": "aurora"},
                {"DB_HOST": cluster["Endpoint"].upper()}, {"FLYWAY_URL": "jdbc:postgresql://%s:5432/app" % cluster["Endpoint"]}):
        said = here("snapshot", "list", **how)
        assert said.code == 0 and "rds:aurora-" in said.out, said


def test_the_list_follows_the_pages(here, client, cluster, rds):
    rds.page = 4
    for i in range(9):
        client.create_db_cluster_snapshot(DBClusterIdentifier="aurora", DBClusterSnapshotIdentifier="s%03d" % i)
    said = here("-outputType=json", "snapshot", "list", DB_HOST=cluster["Endpoint"])
    snapshots = json.loads(said.out)["snapshots"]
    assert {each["name"] for each in snapshots} >= {"s%03d" % i for i in range(9)}
    assert len(done(rds, "DescribeDBClusterSnapshots")) == 3


def test_a_list_that_stands_still_is_no_list(here, client, cluster, rds):
    rds.page, rds.stands_still = 1, True
    for i in range(3):
        client.create_db_cluster_snapshot(DBClusterIdentifier="aurora", DBClusterSnapshotIdentifier="s%03d" % i)
    said = here("snapshot", "list", DB_HOST=cluster["Endpoint"])
    assert said.code == 3 and "RDS gives a page of its list again and again" in said.err, said


def test_a_cluster_is_restored_beside_the_old_one_with_an_instance(here, rds, client, cluster):
    client.create_db_cluster_snapshot(DBClusterIdentifier="aurora", DBClusterSnapshotIdentifier="before")
    said = here("snapshot", "restore", "before", "--into", "Copy", DB_HOST=cluster["Endpoint"])
    assert said.code == 0, said
    copy = client.describe_db_clusters(DBClusterIdentifier="copy")["DBClusters"][0]
    assert "Restored before as cluster copy, at " + copy["Endpoint"] in said.out, said
    assert "cluster copy: creating" in said.out and "instance copy-1: creating" in said.out, said
    (question,) = done(rds, "RestoreDBClusterFromSnapshot")
    assert question["ServerlessV2ScalingConfiguration.MinCapacity"] == "0.5"
    assert question["ServerlessV2ScalingConfiguration.MaxCapacity"] == "4.0"
    assert [question["VpcSecurityGroupIds.VpcSecurityGroupId.%d" % i] for i in (1, 2)] == ["sg-1", "sg-2"]
    assert question["DBSubnetGroupName"] == cluster["DBSubnetGroup"] and question["Engine"] == "aurora-postgresql"
    member = client.describe_db_instances(DBInstanceIdentifier="copy-1")["DBInstances"][0]
    assert (member["DBClusterIdentifier"], member["DBInstanceClass"]) == ("copy", "db.serverless")


def test_nothing_is_restored_over_something(here, rds, client, cluster):
    client.create_db_cluster_snapshot(DBClusterIdentifier="aurora", DBClusterSnapshotIdentifier="before")
    said = here("snapshot", "restore", "before", "--into", "aurora", DB_HOST=cluster["Endpoint"])
    assert said.code == 2 and "cluster aurora exists already" in said.err, said
    said = here("snapshot", "restore", "before", DB_HOST=cluster["Endpoint"])
    assert said.code == 2 and "which needs a name" in said.err, said
    said = here("snapshot", "restore", "gone", "--into", "copy", DB_HOST=cluster["Endpoint"])
    assert said.code == 2 and "there is no snapshot gone" in said.err, said
    assert done(rds, "RestoreDBClusterFromSnapshot") == []


def test_an_instance_by_itself(here, rds, client, instance):
    host = instance["Endpoint"]["Address"]
    said = here("snapshot", "create", DB_HOST=host)
    assert said.code == 0 and "of instance plain" in said.out, said
    (snapshot,) = client.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
    name = snapshot["DBSnapshotIdentifier"]
    said = here("snapshot", "list", DB_HOST=host)
    assert name in said.out and "20 GiB" in said.out, said
    said = here("snapshot", "restore", name, "--into", "copy", DB_HOST=host)
    assert said.code == 0, said
    copy = client.describe_db_instances(DBInstanceIdentifier="copy")["DBInstances"][0]
    assert "Restored %s as instance copy, at %s" % (name, copy["Endpoint"]["Address"]) in said.out, said
    (question,) = done(rds, "RestoreDBInstanceFromDBSnapshot")
    assert question["DBInstanceClass"] == "db.t4g.micro" and question["VpcSecurityGroupIds.VpcSecurityGroupId.1"].startswith("sg-")


def test_what_fails_is_told_plainly(here, rds, cluster):
    said = here("snapshot", "create", DB_HOST="other.cluster-x.%s.rds.amazonaws.com" % REGION)
    assert said.code == 3 and "no cluster and no instance in us-west-2 has the endpoint other." in said.err, said
    said = here("snapshot", "create", SNAPSHOT_DATABASE="nobody")
    assert said.code == 3 and "us-west-2 has no cluster and no instance nobody" in said.err, said
    rds.answers["CreateDBClusterSnapshot"] = (403, "AccessDenied", "User: arn:aws:iam::1:user/u is not authorized to perform: "
                                              "rds:CreateDBClusterSnapshot on resource: arn:aws:rds:r:1:cluster:aurora because")
    said = here("snapshot", "create", DB_HOST=cluster["Endpoint"])
    assert said.code == 3, said
    assert ("ERROR: no snapshot of cluster aurora can be taken: arn:aws:iam::1:user/u lacks rds:CreateDBClusterSnapshot on "
            "arn:aws:rds:r:1:cluster:aurora") in said.err, said


@pytest.mark.parametrize("state", ["incompatible-network", "insufficient-capacity"])
def test_a_snapshot_that_fails_ends_the_waiting(here, rds, client, cluster, state):
    client.create_db_cluster_snapshot(DBClusterIdentifier="aurora", DBClusterSnapshotIdentifier="before")
    rds.ends["copy"] = state
    said = here("snapshot", "restore", "before", "--into", "copy", DB_HOST=cluster["Endpoint"])
    assert said.code == 3 and "cluster copy will not become available: it is %s" % state in said.err, said


def test_ctrl_c_says_what_goes_on_without_us(here, rds, client, cluster):
    rds.looks = 1000
    process = here.start("snapshot", "create", DB_HOST=cluster["Endpoint"])
    wait_until(lambda: done(rds, "DescribeDBClusterSnapshots"), 20, "the question how far RDS is")
    process.terminate()
    said = here.finish(process, 20)
    assert said.code == 143 and "stopped waiting for snapshot dunlin-aurora-" in said.err and "RDS goes on with it" in said.err, said


@pytest.fixture
def scripts(plain_postgresql, here, cluster):
    """migrate on a real PostgreSQL, whose snapshots are those of the cluster in moto."""
    plain_postgresql.run("DROP DATABASE IF EXISTS guarded WITH (FORCE)")
    plain_postgresql.run("CREATE DATABASE guarded")
    (here.folder / "sql").mkdir()
    (here.folder / "sql/V1__a.sql").write_text("CREATE TABLE a (id int);")
    here.environment |= {"FLYWAY_URL": "jdbc:postgresql://127.0.0.1:%d/guarded?sslmode=disable" % plain_postgresql.port,
                         "FLYWAY_USER": plain_postgresql.admin, "FLYWAY_PASSWORD": "superuser of a throwaway server",
                         "FLYWAY_LOCATIONS": "filesystem:sql", "SNAPSHOT_BEFORE_MIGRATE": "true", "SNAPSHOT_DATABASE": "aurora"}
    return plain_postgresql


def test_migrate_waits_for_the_snapshot_before_it_changes_anything(here, rds, client, scripts):
    said = here("-outputType=json", "migrate")
    assert said.code == 0, said
    (snapshot,) = client.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    assert json.loads(said.out)["snapshot"] == snapshot["DBClusterSnapshotArn"]
    here("migrate")
    assert len(done(rds, "CreateDBClusterSnapshot")) == 1


def test_migrate_changes_nothing_when_the_snapshot_fails(here, rds, client, scripts):
    rds.answers["CreateDBClusterSnapshot"] = (400, "SnapshotQuotaExceeded", "too many")
    said = here("migrate")
    assert said.code == 3, said
    assert "nothing is migrated, as there is no snapshot: no snapshot of cluster aurora can be taken: too many" in said.err, said
    assert scripts.rows("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "guarded") == [(0,)]


def test_the_lock_is_held_while_the_snapshot_is_made(here, rds, scripts):
    rds.looks = 3
    process = here.start("migrate")
    wait_until(lambda: done(rds, "DescribeDBClusterSnapshots"), 20, "the question how far RDS is")
    assert scripts.rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted", "guarded") == [(1,)]
    assert scripts.rows("SELECT to_regclass('flyway_schema_history') IS NULL", "guarded") == [(True,)]
    other = here("-lockRetryCount=0", "migrate", SNAPSHOT_BEFORE_MIGRATE="false")
    assert other.code == 6, other
    assert here.finish(process).code == 0


def test_a_connection_that_is_lost_meanwhile_is_made_anew(here, rds, client, scripts):
    rds.looks = 2
    process = here.start("migrate")
    wait_until(lambda: done(rds, "DescribeDBClusterSnapshots"), 20, "the question how far RDS is")
    scripts.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'guarded'", "postgres")
    said = here.finish(process)
    assert said.code == 0, said
    assert scripts.rows("SELECT version, success FROM flyway_schema_history", "guarded") == [("1", True)]
    assert len(done(rds, "CreateDBClusterSnapshot")) == 1
