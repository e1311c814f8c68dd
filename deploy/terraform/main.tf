# The migration job as a task of AWS Fargate. The same resources as ../cloudformation/dunlin.yaml makes, under the same
# names, so that `dunlin fargate run`, `logs` and `status` find them.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account    = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.region
  url_suffix = data.aws_partition.current.dns_suffix

  with_security_group = var.create_security_group || var.create_database
  may_log_in_by_iam   = var.database_user_arn != "" || (var.create_database && var.database_iam_login == "true")

  environment = {
    REGION                                  = local.region
    REPOSITORY_URL                          = var.repository_url
    REPOSITORY_OWNER                        = var.repository_owner
    REPOSITORY_PATH                         = var.repository_path
    REPOSITORY_DEPLOY_KEY_SECRET            = var.repository_deploy_key_secret
    REPOSITORY_DEPLOY_KEY_PASSPHRASE_SECRET = var.repository_deploy_key_passphrase_secret
    REPOSITORY_TOKEN_SECRET                 = var.repository_token_secret
    KNOWN_HOSTS                             = var.known_hosts
    REQUIRE_SIGNED                          = var.require_signed
    ALLOWED_SIGNERS                         = var.allowed_signers
    DB_HOST                                 = var.create_database ? aws_rds_cluster.database[0].endpoint : var.database_host
    DB_PORT                                 = var.database_port
    DB_NAME                                 = var.database_name
    DB_USER                                 = var.database_user
    DB_SECRET_PREFIX                        = var.database_secret_prefix
    DB_SECRET                               = var.database_secret
    DB_ROLES                                = var.database_roles
    AWS_IAM_AUTH                            = var.database_iam_login
    PGSSLMODE                               = var.database_ssl_mode
    CONNECT_DEADLINE                        = var.connect_deadline
    SNAPSHOT_BEFORE_MIGRATE                 = var.snapshot_before_migrate
  }

  container = {
    name                   = var.task_name
    image                  = var.image
    repositoryCredentials  = var.registry_secret == "" ? null : { credentialsParameter = var.registry_secret }
    essential              = true
    readonlyRootFilesystem = true
    stopTimeout            = 60 # the running transaction is rolled back within
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.log_group.name
        awslogs-region        = local.region
        awslogs-stream-prefix = "ecs"
        mode                  = "blocking" # ECS would drop lines rather than wait
      }
    }
    environment = [for name, value in local.environment : { name = name, value = tostring(value) }]
  }
}

# Kept when the rest goes: what a migration did is worth more than the tool that did it.
resource "aws_cloudwatch_log_group" "log_group" {
  name              = "/ecs/${var.task_name}"
  retention_in_days = var.log_retention_days
  skip_destroy      = true
}

resource "aws_ecs_cluster" "cluster" {
  name = var.cluster_name
}

resource "aws_ecs_task_definition" "task_definition" {
  family                   = var.task_name
  cpu                      = "256"
  memory                   = "512"
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  execution_role_arn       = aws_iam_role.execution_role.arn
  task_role_arn            = aws_iam_role.task_role.arn
  container_definitions    = jsonencode([local.container])
  runtime_platform {
    cpu_architecture        = var.architecture
    operating_system_family = "LINUX"
  }
}
