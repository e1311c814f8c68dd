# The network of the task: nothing in, and only what the job needs out.

resource "aws_security_group" "security_group" {
  count       = local.with_security_group ? 1 : 0
  name_prefix = "${var.task_name}-task-"
  description = "Tasks of dunlin, nothing in and only what the job needs out"
  vpc_id      = var.vpc_id
  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = var.vpc_id != ""
      error_message = "create_security_group and create_database need vpc_id."
    }
  }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  count             = local.with_security_group ? 1 : 0
  security_group_id = aws_security_group.security_group[0].id
  description       = "AWS and registries"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "git" {
  count             = local.with_security_group && var.repository_port != 443 ? 1 : 0
  security_group_id = aws_security_group.security_group[0].id
  description       = "the Git server"
  ip_protocol       = "tcp"
  from_port         = var.repository_port
  to_port           = var.repository_port
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "foreign_database" {
  count             = local.with_security_group && !var.create_database ? 1 : 0
  security_group_id = aws_security_group.security_group[0].id
  description       = "the database"
  ip_protocol       = "tcp"
  from_port         = var.database_port
  to_port           = var.database_port
  cidr_ipv4         = var.database_cidr
}

resource "aws_vpc_security_group_egress_rule" "security_group_to_database" {
  count                        = var.create_database ? 1 : 0
  security_group_id            = aws_security_group.security_group[0].id
  description                  = "the database"
  ip_protocol                  = "tcp"
  from_port                    = var.database_port
  to_port                      = var.database_port
  referenced_security_group_id = aws_security_group.database_security_group[0].id
}
