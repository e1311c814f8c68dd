# The bastion host, off unless create_bastion.

resource "aws_security_group" "bastion_security_group" {
  count       = var.create_bastion ? 1 : 0
  name_prefix = "${var.task_name}-bastion-"
  description = "The bastion host of dunlin"
  vpc_id      = var.vpc_id
  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = var.vpc_id != "" && length(var.subnet_ids) >= 1
      error_message = "create_bastion needs vpc_id, and subnet_ids."
    }
  }
}

resource "aws_vpc_security_group_ingress_rule" "bastion_ssh" {
  count             = var.create_bastion && var.bastion_key_name != "" ? 1 : 0
  security_group_id = aws_security_group.bastion_security_group[0].id
  description       = "SSH"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = var.bastion_cidr
}

resource "aws_vpc_security_group_egress_rule" "bastion_https" {
  count             = var.create_bastion ? 1 : 0
  security_group_id = aws_security_group.bastion_security_group[0].id
  description       = "the Session Manager"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "bastion_database" {
  count             = var.create_bastion ? 1 : 0
  security_group_id = aws_security_group.bastion_security_group[0].id
  description       = "the database"
  ip_protocol       = "tcp"
  from_port         = var.database_port
  to_port           = var.database_port
  cidr_ipv4         = var.database_cidr
}

data "aws_iam_policy_document" "bastion_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.${local.url_suffix}"]
    }
  }
}

resource "aws_iam_role" "bastion_role" {
  count              = var.create_bastion ? 1 : 0
  name_prefix        = substr("${var.task_name}-bastion-", 0, 38)
  description        = "The bastion host of dunlin"
  assume_role_policy = data.aws_iam_policy_document.bastion_trust.json
}

resource "aws_iam_role_policy_attachment" "bastion_role" {
  count      = var.create_bastion ? 1 : 0
  role       = aws_iam_role.bastion_role[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "bastion_profile" {
  count       = var.create_bastion ? 1 : 0
  name_prefix = substr("${var.task_name}-bastion-", 0, 38)
  role        = aws_iam_role.bastion_role[0].name
}

data "aws_ssm_parameter" "bastion_image" {
  count = var.create_bastion ? 1 : 0
  name  = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_instance" "bastion" {
  count                       = var.create_bastion ? 1 : 0
  ami                         = data.aws_ssm_parameter.bastion_image[0].insecure_value
  instance_type               = "t4g.nano"
  key_name                    = var.bastion_key_name == "" ? null : var.bastion_key_name
  iam_instance_profile        = aws_iam_instance_profile.bastion_profile[0].name
  associate_public_ip_address = true
  subnet_id                   = var.subnet_ids[0]
  vpc_security_group_ids      = [aws_security_group.bastion_security_group[0].id]
  metadata_options {
    http_tokens = "required"
  }
  tags = {
    Name = "${var.task_name} bastion"
  }
  lifecycle {
    ignore_changes = [ami] # a newer image is no reason to make it anew
  }
}
