"""Where a task runs: the network of its database, unless one is named."""
import pytest

pytestmark = pytest.mark.server


def network(fargate):
    return fargate.asked("RunTask")[-1]["networkConfiguration"]["awsvpcConfiguration"]


@pytest.fixture
def no_network(dunlin):
    """The caller names none."""
    dunlin.environment.update(FARGATE_SUBNETS="", FARGATE_SECURITY_GROUPS="")
    return dunlin


def test_it_is_that_of_the_cluster_with_the_endpoint(fargate, no_network):
    endpoint = fargate.database_cluster()
    said = no_network("fargate", "run", DB_HOST=endpoint.upper())
    assert said.code == 0, said
    assert sorted(network(fargate)["subnets"]) == fargate.subnets
    assert network(fargate)["securityGroups"] == [fargate.security_group]
    assert network(fargate)["assignPublicIp"] == "DISABLED"
    assert "Network of database cluster %s: subnets " % fargate.name in said.err, said


def test_the_readers_endpoint_and_the_identifier_do_as_well(fargate, no_network):
    endpoint = fargate.database_cluster()
    reader = fargate.rds.describe_db_clusters(DBClusterIdentifier=fargate.name)["DBClusters"][0]["ReaderEndpoint"]
    assert reader != endpoint
    for name in ({"DB_HOST": reader}, {"FARGATE_DATABASE_CLUSTER": fargate.name, "DB_HOST": "a.cname.example"}):
        assert no_network("fargate", "run", **name).code == 0
        assert network(fargate)["securityGroups"] == [fargate.security_group]


def test_the_task_definition_knows_the_database_too(fargate, no_network):
    fargate.define({"DB_HOST": fargate.database_cluster()})
    said = no_network("fargate", "run")
    assert said.code == 0 and "Network of database cluster %s: " % fargate.name in said.err, said


def test_a_plain_instance_has_one_too(fargate, no_network):
    fargate.rds.create_db_subnet_group(DBSubnetGroupName=fargate.name, DBSubnetGroupDescription="x",
                                       SubnetIds=fargate.subnets)
    made = fargate.rds.create_db_instance(
        DBInstanceIdentifier=fargate.name, Engine="postgres", DBInstanceClass="db.t4g.micro", AllocatedStorage=20,
        MasterUsername="sqladmin", MasterUserPassword="secret-enough", DBSubnetGroupName=fargate.name,
        VpcSecurityGroupIds=[fargate.security_group])
    for name in ({"DB_HOST": made["DBInstance"]["Endpoint"]["Address"]}, {"FARGATE_DATABASE_CLUSTER": fargate.name}):
        said = no_network("fargate", "run", **name)
        assert said.code == 0 and "Network of database %s: " % fargate.name in said.err, said
        assert sorted(network(fargate)["subnets"]) == fargate.subnets


def test_what_is_named_wins_over_the_databases(fargate, no_network):
    endpoint = fargate.database_cluster()
    other = fargate.ec2.create_security_group(GroupName=fargate.name + "-other", Description="x", VpcId=fargate.vpc)["GroupId"]
    assert no_network("fargate", "run", DB_HOST=endpoint, FARGATE_SECURITY_GROUPS=other).code == 0
    assert network(fargate)["securityGroups"] == [other] and sorted(network(fargate)["subnets"]) == fargate.subnets


def test_nothing_is_asked_of_rds_when_both_are_named(fargate, dunlin):
    assert dunlin("fargate", "run", DB_HOST="a.example").code == 0
    assert not [name for name, _ in fargate.calls if "DescribeDB" in name]


@pytest.mark.parametrize("environment, says", [
    ({}, "neither the database nor subnets are named"),
    ({"DB_HOST": "a.cname.example"}, "no database in us-west-2 has the endpoint a.cname.example"),
    ({"FARGATE_DATABASE_CLUSTER": "nobody"}, "there is no database nobody in us-west-2"),
])
def test_without_a_database_nothing_is_started(fargate, no_network, environment, says):
    said = no_network("fargate", "run", **environment)
    assert said.code == 2 and says in said.err and "-fargate.subnets" in said.err, said
    assert fargate.asked("RunTask") == []
