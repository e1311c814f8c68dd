"""Writes sigv4_vectors.json: what botocore signs, for tests/aws/sigv4_test.cpp to be held against.

Run it with the tests' Python: build/venv/bin/python tests/aws/make_sigv4_vectors.py
The keys are the examples of AWS's own documentation; they open nothing.
"""

import datetime
import json
import pathlib
import urllib.parse
from unittest import mock

import boto3
import botocore.auth
import botocore.serialize
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS_KEY = "AKIDEXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMic=="
AT = datetime.datetime(2015, 8, 30, 12, 36, 0)
LATE = datetime.datetime(2024, 2, 29, 23, 59, 59)

SECRET_BODY = '{"SecretId":"postgresql@aurora-serverless-flyway-db@sqladmin"}'
JSON = [["Content-Type", "application/x-amz-json-1.1"], ["X-Amz-Target", "secretsmanager.GetSecretValue"]]
HOST = "https://example.amazonaws.com"
FORM = [["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]]

# why, method, url, headers, body, token, service, region, at
SIGNED = [
    ("a bare GET", "GET", f"{HOST}/", [], "", None, "service", "us-east-1", AT),
    ("no path at all", "GET", HOST, [], "", None, "service", "us-east-1", AT),
    ("Secrets Manager, a user's key", "POST", "https://secretsmanager.us-west-2.amazonaws.com/", JSON, SECRET_BODY, None, "secretsmanager", "us-west-2", AT),
    ("Secrets Manager, temporary credentials", "POST", "https://secretsmanager.us-west-2.amazonaws.com/", JSON, SECRET_BODY, TOKEN, "secretsmanager", "us-west-2", LATE),
    ("an unsorted query", "GET", f"{HOST}/?Param2=value2&Param1=value1", [], "", None, "service", "us-east-1", AT),
    ("keys repeated: sorted by value too", "GET", f"{HOST}/?a=2&a=1&a=", [], "", None, "service", "us-east-1", AT),
    ("sorted by key, not by pair", "GET", f"{HOST}/?a-b=1&a=2", [], "", None, "service", "us-east-1", AT),
    ("a key without a value", "GET", f"{HOST}/?b&a=1", [], "", None, "service", "us-east-1", AT),
    ("an encoded query stays as it is", "GET", f"{HOST}/?x=%20%2F%E1%88%B4&y=-_.~", [], "", None, "service", "us-east-1", AT),
    ("a path is encoded once more", "GET", f"{HOST}/a%20b/%E1%88%B4", [], "", None, "service", "us-east-1", AT),
    ("dots and empty segments vanish", "GET", f"{HOST}/a//./b/../c/", [], "", None, "service", "us-east-1", AT),
    ("more dots than folders", "GET", f"{HOST}/../..//", [], "", None, "service", "us-east-1", AT),
    ("blanks in a value become one", "GET", f"{HOST}/", [["My-Header", "  a   b  c  "]], "", None, "service", "us-east-1", AT),
    ("a port of its own is signed", "GET", "http://127.0.0.1:5000/", [], "", None, "service", "us-east-1", AT),
    ("the usual port is not", "GET", "https://example.amazonaws.com:443/", [], "", None, "service", "us-east-1", AT),
    ("a body that is not ASCII", "POST", f"{HOST}/", [["Content-Type", "text/plain"]], "\u1234 \u00e9", TOKEN, "service", "us-east-1", AT),
    ("STS asked in a form", "POST", "https://sts.eu-central-1.amazonaws.com/", FORM, "Action=GetCallerIdentity&Version=2011-06-15", TOKEN, "sts", "eu-central-1", AT),
    ("CloudFormation, with a list", "POST", "https://cloudformation.us-west-2.amazonaws.com/", FORM, "Action=CreateChangeSet&Version=2010-05-15&StackName=dunlin&Parameters.member.1.ParameterKey=Image&Parameters.member.1.ParameterValue=a%2Fb%3A1", TOKEN, "cloudformation", "us-west-2", LATE),
    ("RDS, dual stack", "POST", "https://rds.us-west-2.api.aws/", FORM, "Action=DescribeDBClusters&Version=2014-10-31", TOKEN, "rds", "us-west-2", AT),
    ("EC2, FIPS", "POST", "https://ec2-fips.us-east-1.amazonaws.com/", FORM, "Action=DescribeSubnets&Version=2016-11-15&SubnetId.1=subnet-1", None, "ec2", "us-east-1", AT),
    ("ECS", "POST", "https://ecs.eu-central-1.amazonaws.com/", [["Content-Type", "application/x-amz-json-1.1"], ["X-Amz-Target", "AmazonEC2ContainerServiceV20141113.RunTask"]], '{"cluster":"dunlin"}', TOKEN, "ecs", "eu-central-1", AT),
    ("CloudWatch Logs", "POST", "https://logs.eu-central-1.amazonaws.com/", [["Content-Type", "application/x-amz-json-1.1"], ["X-Amz-Target", "Logs_20140328.GetLogEvents"]], '{"logGroupName":"/ecs/dunlin"}', TOKEN, "logs", "eu-central-1", AT),
]

# What is asked of a service of the query protocol, and the form that its own serializer makes of it.
FORMS = [
    ("parameters of a stack", "cloudformation", "CreateChangeSet", dict(StackName="dunlin", ChangeSetName="c 1", Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"], Parameters=[dict(ParameterKey="Image", ParameterValue="a/b:1 \u00e9&=+"), dict(ParameterKey="Subnets", UsePreviousValue=True)])),
    ("tags of a snapshot", "rds", "CreateDBClusterSnapshot", dict(DBClusterIdentifier="aurora", DBClusterSnapshotIdentifier="s", Tags=[dict(Key="dunlin:version", Value="1~*")])),
    ("groups of a restored cluster", "rds", "RestoreDBClusterFromSnapshot", dict(DBClusterIdentifier="new", SnapshotIdentifier="s", Engine="aurora-postgresql", VpcSecurityGroupIds=["sg-1", "sg-2"], ServerlessV2ScalingConfiguration=dict(MinCapacity=0.5, MaxCapacity=4))),
    ("EC2's lists have no member", "ec2", "DescribeSubnets", dict(SubnetIds=["subnet-1", "subnet-2"], Filters=[dict(Name="vpc-id", Values=["vpc-1"])])),
]

PRESIGNED = [
    ("a presigned URL", f"{HOST}/?Action=ListThings&Version=1", None, "service", "us-east-1", AT, 60),
    ("with a session token", f"{HOST}/path?Action=ListThings", TOKEN, "service", "us-east-1", LATE, 3600),
    ("without a query of its own", f"{HOST}/", TOKEN, "service", "us-east-1", AT, 900),
]

TOKENS = [
    ("a user's key", "db.cluster-abc.us-west-2.rds.amazonaws.com", 5432, "sqladmin", None, "us-west-2", AT),
    ("temporary credentials", "db.cluster-abc.eu-central-1.rds.amazonaws.com", 6432, "sqladmin", TOKEN, "eu-central-1", LATE),
    ("a user's name to be encoded", "db.example.com", 5432, "Jane Doe+x/y", TOKEN, "us-east-1", AT),
]


def frozen(at):
    return mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: at)


def utc(at):
    return int(at.replace(tzinfo=datetime.timezone.utc).timestamp())


def signed(why, method, url, headers, body, token, service, region, at):
    request = AWSRequest(method=method, url=url, headers=dict(headers), data=body.encode())
    with frozen(at):
        botocore.auth.SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY, token), service, region).add_auth(request)
    return dict(why=why, method=method, url=url, headers=headers, body=body, token=token or "", service=service,
                region=region, at=utc(at), authorization=request.headers["Authorization"])


def presigned(why, url, token, service, region, at, expires):
    request = AWSRequest(method="GET", url=url)
    with frozen(at):
        botocore.auth.SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET_KEY, token), service, region, expires=expires).add_auth(request)
    return dict(why=why, url=url, token=token or "", service=service, region=region, at=utc(at), lifetime=expires,
                presigned=request.url)


def form(why, service, operation, parameters):
    client = boto3.client(service, region_name="us-west-2", aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY)
    model = client.meta.service_model.operation_model(operation)
    body = botocore.serialize.create_serializer(model.service_model.protocol).serialize_to_request(parameters, model)["body"]
    # As it is sent; only the blank is written as RFC 3986 wants it.
    return dict(why=why, service=service, operation=operation, parameters=[[key, str(value)] for key, value in body.items()],
                form=urllib.parse.urlencode(body, quote_via=urllib.parse.quote, safe="-_.~"))


def rds(why, host, port, user, token, region, at):
    client = boto3.client("rds", region_name=region, aws_access_key_id=ACCESS_KEY, aws_secret_access_key=SECRET_KEY,
                          aws_session_token=token)
    with frozen(at):
        text = client.generate_db_auth_token(host, port, user)
    return dict(why=why, host=host, port=port, user=user, token=token or "", region=region, at=utc(at), password=text)


def main():
    vectors = dict(access_key=ACCESS_KEY, secret_key=SECRET_KEY,
                   signed=[signed(*each) for each in SIGNED],
                   forms=[form(*each) for each in FORMS],
                   presigned=[presigned(*each) for each in PRESIGNED],
                   rds=[rds(*each) for each in TOKENS])
    path = pathlib.Path(__file__).with_name("sigv4_vectors.json")
    path.write_text(json.dumps(vectors, indent=1) + "\n")
    print(f"{path.name}: {sum(len(v) for v in vectors.values() if isinstance(v, list))} vectors of botocore {botocore.__version__}")


if __name__ == "__main__":
    main()
