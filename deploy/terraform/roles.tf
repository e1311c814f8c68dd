# Two roles, each with the least it needs.

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:ecs:${local.region}:${local.account}:*"]
    }
  }
}

# What ECS does before the job starts: fetch the image, write the logs.
resource "aws_iam_role" "execution_role" {
  name_prefix        = substr("${var.task_name}-execution-", 0, 38)
  description        = "Starts tasks of dunlin"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "execution" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/ecs/${var.task_name}:*"]
  }
  dynamic "statement" {
    for_each = var.registry_secret == "" ? [] : [var.registry_secret_arn]
    content {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = [var.registry_secret_arn]
    }
  }
  dynamic "statement" {
    for_each = var.registry_secret == "" || var.key_arn == "" ? [] : [var.key_arn]
    content {
      actions   = ["kms:Decrypt"]
      resources = [var.key_arn]
      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.${local.url_suffix}"]
      }
    }
  }
  dynamic "statement" {
    for_each = var.ecr_repository_arn == "" ? [] : ["*"]
    content {
      actions   = ["ecr:GetAuthorizationToken"]
      resources = ["*"] # it can be given for nothing less
    }
  }
  dynamic "statement" {
    for_each = var.ecr_repository_arn == "" ? [] : [var.ecr_repository_arn]
    content {
      actions   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      resources = [var.ecr_repository_arn]
    }
  }
}

resource "aws_iam_role_policy" "execution" {
  name   = "execution"
  role   = aws_iam_role.execution_role.id
  policy = data.aws_iam_policy_document.execution.json
}

# What the job itself may do: read its secrets.
resource "aws_iam_role" "task_role" {
  name_prefix        = substr("${var.task_name}-task-", 0, 38)
  description        = "What the job of dunlin may read"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

data "aws_iam_policy_document" "task" {
  dynamic "statement" {
    for_each = length(var.secret_arns) == 0 ? [] : [var.secret_arns]
    content {
      actions   = ["secretsmanager:GetSecretValue"]
      resources = var.secret_arns
    }
  }
  dynamic "statement" {
    for_each = var.key_arn == "" ? [] : [var.key_arn]
    content {
      actions   = ["kms:Decrypt"]
      resources = [var.key_arn]
      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["secretsmanager.${local.region}.${local.url_suffix}"]
      }
    }
  }
  dynamic "statement" {
    for_each = length(var.parameter_arns) == 0 ? [] : [var.parameter_arns]
    content {
      actions   = ["ssm:GetParameters"]
      resources = var.parameter_arns
    }
  }
  # Of any cluster or instance, since DB_HOST names none; by the names that dunlin gives.
  dynamic "statement" {
    for_each = var.snapshot_before_migrate == "true" ? ["*"] : []
    content {
      actions   = ["rds:DescribeDBClusters", "rds:DescribeDBInstances", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBSnapshots"]
      resources = ["*"]
    }
  }
  dynamic "statement" {
    for_each = var.snapshot_before_migrate == "true" ? ["dunlin-*"] : []
    content {
      actions = ["rds:CreateDBClusterSnapshot", "rds:CreateDBSnapshot", "rds:AddTagsToResource"]
      resources = [
        "arn:${local.partition}:rds:${local.region}:${local.account}:cluster:*",
        "arn:${local.partition}:rds:${local.region}:${local.account}:db:*",
        "arn:${local.partition}:rds:${local.region}:${local.account}:cluster-snapshot:dunlin-*",
        "arn:${local.partition}:rds:${local.region}:${local.account}:snapshot:dunlin-*",
      ]
    }
  }
  dynamic "statement" {
    for_each = local.may_log_in_by_iam ? [var.database_user] : []
    content {
      actions = ["rds-db:connect"]
      resources = [
        var.database_user_arn != "" ? var.database_user_arn : "arn:${local.partition}:rds-db:${local.region}:${local.account}:dbuser:${aws_rds_cluster.database[0].cluster_resource_id}/${var.database_user}"
      ]
    }
  }
}

resource "aws_iam_role_policy" "task" {
  # A policy without a statement is none.
  count  = length(var.secret_arns) + length(var.parameter_arns) > 0 || var.key_arn != "" || local.may_log_in_by_iam || var.snapshot_before_migrate == "true" ? 1 : 0
  name   = "task"
  role   = aws_iam_role.task_role.id
  policy = data.aws_iam_policy_document.task.json
}
