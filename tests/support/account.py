"""An AWS account as moto plays it: what stands there, and how nothing is left in it."""
import ast

import boto3

from support.aws import REGION

# What somebody has in the environment who deploys
DEPLOYER = {"REGION": REGION, "REPOSITORY_OWNER": "owner", "REPOSITORY_PATH": "migrations",
            "REPOSITORY_DEPLOY_KEY_SECRET": "github@owner@migrations@deploy-key", "DB_HOST": "db.example.com", "DB_NAME": "app",
            "DB_ROLES": "read_only", "FARGATE_IMAGE": "ghcr.io/owner/dunlin:0.1.0"}


class Account:
    """moto, and clients to look at what stands there."""

    def __init__(self, aws):
        self.aws, self.url = aws, aws.url

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="AKIATEST",
                            aws_secret_access_key="test")

    def task_definition(self):
        return self.client("ecs").describe_task_definition(taskDefinition="dunlin")["taskDefinition"]

    def stack_names(self):
        return [stack["StackName"] for stack in self.client("cloudformation").describe_stacks()["Stacks"]]

    def clear(self):
        """Leaves nothing for the next test: moto's account is one for the whole run."""
        cloudformation, logs = self.client("cloudformation"), self.client("logs")
        for stack in cloudformation.describe_stacks()["Stacks"]:
            cloudformation.delete_stack(StackName=stack["StackId"])
        for role in self.client("iam").list_roles()["Roles"]:
            self._delete_role(role["RoleName"])
        for group in logs.describe_log_groups(logGroupNamePrefix="/ecs/")["logGroups"]:
            logs.delete_log_group(logGroupName=group["logGroupName"])

    def _delete_role(self, name):
        iam = self.client("iam")
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        iam.delete_role(RoleName=name)

    def policies(self, role):
        """What a role of the template may do, {name of a policy: its statements}."""
        iam = self.client("iam")
        name, = [each["RoleName"] for each in iam.list_roles()["Roles"] if each["RoleName"].startswith("dunlin-%s-" % role)]
        documents = {policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                     for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]}
        # some of those that a template made moto gives in Python's words
        return {policy: (ast.literal_eval(each) if isinstance(each, str) else each)["Statement"] for policy, each in documents.items()}
