# The database, off unless create_database.

resource "aws_security_group" "database_security_group" {
  count       = var.create_database ? 1 : 0
  name_prefix = "${var.task_name}-database-"
  description = "The database of dunlin, for its tasks and its bastion host"
  vpc_id      = var.vpc_id
  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = length(var.subnet_ids) >= 2 && var.database_name != ""
      error_message = "create_database needs database_name, and subnet_ids in two availability zones."
    }
  }
}

resource "aws_vpc_security_group_ingress_rule" "database_from_task" {
  count                        = var.create_database ? 1 : 0
  security_group_id            = aws_security_group.database_security_group[0].id
  description                  = "tasks of dunlin"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = aws_security_group.security_group[0].id
}

# `dunlin fargate run` puts a task into the groups of its database unless told otherwise.
resource "aws_vpc_security_group_ingress_rule" "database_from_itself" {
  count                        = var.create_database ? 1 : 0
  security_group_id            = aws_security_group.database_security_group[0].id
  description                  = "what is in the same group"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = aws_security_group.database_security_group[0].id
}

# A security group made by Terraform lets nothing out; one made by CloudFormation lets everything out.
resource "aws_vpc_security_group_egress_rule" "database_everywhere" {
  count             = var.create_database ? 1 : 0
  security_group_id = aws_security_group.database_security_group[0].id
  description       = "what a task in the same group needs"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "database_from_bastion" {
  count                        = var.create_database && var.create_bastion ? 1 : 0
  security_group_id            = aws_security_group.database_security_group[0].id
  description                  = "the bastion host"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = aws_security_group.bastion_security_group[0].id
}

resource "aws_db_subnet_group" "database_subnets" {
  count       = var.create_database ? 1 : 0
  name_prefix = "${lower(var.task_name)}-"
  description = "The database of dunlin"
  subnet_ids  = var.subnet_ids
}

locals {
  database_users = var.create_database ? setunion(toset([var.database_user]), var.database_generated_roles) : toset([])
}

# Letters and digits only: a password that needs no quoting in SQL, in a URL or in a shell.
ephemeral "aws_secretsmanager_random_password" "generated" {
  for_each            = local.database_users
  password_length     = 32
  exclude_punctuation = true
}

resource "aws_secretsmanager_secret" "database_user" {
  for_each                = local.database_users
  name                    = "${var.database_secret_prefix}@${each.key}"
  description             = each.key == var.database_user ? "The user that migrates" : null
  kms_key_id              = var.key_arn == "" ? null : var.key_arn
  recovery_window_in_days = 0 # else its name is taken for a while
}

resource "aws_secretsmanager_secret_version" "database_user" {
  for_each  = local.database_users
  secret_id = aws_secretsmanager_secret.database_user[each.key].id
  secret_string_wo = jsonencode({
    username = each.key
    password = ephemeral.aws_secretsmanager_random_password.generated[each.key].random_password
  })
  secret_string_wo_version = var.password_version
}

# Read back, so that the database gets what the secret holds, also when the first try ended halfway.
ephemeral "aws_secretsmanager_secret_version" "database_user" {
  count     = var.create_database ? 1 : 0
  secret_id = aws_secretsmanager_secret_version.database_user[var.database_user].secret_id
}

# When it goes, a last snapshot stays.
resource "aws_rds_cluster" "database" {
  count                               = var.create_database ? 1 : 0
  cluster_identifier_prefix           = "${lower(replace(var.task_name, "_", "-"))}-"
  engine                              = "aurora-postgresql"
  engine_version                      = var.database_engine_version
  database_name                       = var.database_name
  port                                = var.database_port
  master_username                     = var.database_user
  master_password_wo                  = jsondecode(ephemeral.aws_secretsmanager_secret_version.database_user[0].secret_string).password
  master_password_wo_version          = var.password_version
  iam_database_authentication_enabled = var.database_iam_login == "true"
  db_subnet_group_name                = aws_db_subnet_group.database_subnets[0].name
  vpc_security_group_ids              = [aws_security_group.database_security_group[0].id]
  storage_encrypted                   = true
  backup_retention_period             = 7
  copy_tags_to_snapshot               = true
  skip_final_snapshot                 = false
  final_snapshot_identifier           = var.last_snapshot != "" ? var.last_snapshot : "${lower(replace(var.task_name, "_", "-"))}-last"
  serverlessv2_scaling_configuration {
    min_capacity             = 0
    max_capacity             = var.database_max_capacity
    seconds_until_auto_pause = 300
  }
}

resource "aws_rds_cluster_instance" "database_instance" {
  count               = var.create_database ? 1 : 0
  cluster_identifier  = aws_rds_cluster.database[0].id
  instance_class      = "db.serverless"
  engine              = "aurora-postgresql"
  publicly_accessible = false
}
