# --- the task

variable "task_name" {
  description = "Family of the task definition and name of its container; its log group is /ecs/ with this name"
  type        = string
  default     = "dunlin"
  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.task_name))
    error_message = "task_name has 1 to 255 letters, digits, hyphens and underscores."
  }
}

variable "cluster_name" {
  description = "Name of the cluster that the tasks run in"
  type        = string
  default     = "dunlin"
  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,254}$", var.cluster_name))
    error_message = "cluster_name begins with a letter; letters, digits, hyphens and underscores follow."
  }
}

variable "image" {
  description = "The image of dunlin, such as ghcr.io/OWNER/dunlin:0.1.0"
  type        = string
  validation {
    condition     = can(regex("^\\S+$", var.image))
    error_message = "image is one word."
  }
}

variable "architecture" {
  description = "Processor that the image is built for"
  type        = string
  default     = "X86_64"
  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "architecture is one of X86_64, ARM64."
  }
}

variable "registry_secret" {
  description = "Name or ARN of the secret with username and password of a private registry; empty for a public image"
  type        = string
  default     = ""
}

variable "registry_secret_arn" {
  description = "ARN of that secret; what Secrets Manager adds to its name may be written -??????"
  type        = string
  default     = ""
}

variable "ecr_repository_arn" {
  description = "ARN of the ECR repository that the image is in; empty for any other registry"
  type        = string
  default     = ""
}

variable "log_retention_days" {
  description = "How many days the logs are kept"
  type        = number
  default     = 90
  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is one of the periods that CloudWatch Logs knows, such as 30, 90 and 365."
  }
}

# --- what the task may read

variable "secret_arns" {
  description = "ARNs of the secrets that the job reads; what Secrets Manager adds to a name may be written -??????"
  type        = list(string)
  default     = []
}

variable "parameter_arns" {
  description = "ARNs of the parameters of the Parameter Store that the job reads; mostly none"
  type        = list(string)
  default     = []
}

variable "key_arn" {
  description = "ARN of the KMS key of these secrets, if it is one of your own"
  type        = string
  default     = ""
}

variable "database_user_arn" {
  description = "ARN (rds-db) of the database user that logs in by IAM, if it does"
  type        = string
  default     = ""
}

# --- the environment of the job; an empty one counts as not set

variable "repository_url" {
  description = "REPOSITORY_URL"
  type        = string
  default     = ""
}

variable "repository_owner" {
  description = "REPOSITORY_OWNER"
  type        = string
  default     = ""
}

variable "repository_path" {
  description = "REPOSITORY_PATH"
  type        = string
  default     = ""
}

variable "repository_deploy_key_secret" {
  description = "REPOSITORY_DEPLOY_KEY_SECRET"
  type        = string
  default     = ""
}

variable "repository_deploy_key_passphrase_secret" {
  description = "REPOSITORY_DEPLOY_KEY_PASSPHRASE_SECRET"
  type        = string
  default     = ""
}

variable "repository_token_secret" {
  description = "REPOSITORY_TOKEN_SECRET"
  type        = string
  default     = ""
}

variable "known_hosts" {
  description = "KNOWN_HOSTS"
  type        = string
  default     = ""
}

variable "require_signed" {
  description = "REQUIRE_SIGNED"
  type        = string
  default     = ""
  validation {
    condition     = contains(["", "true", "false"], var.require_signed)
    error_message = "require_signed is one of empty, true, false."
  }
}

variable "allowed_signers" {
  description = "ALLOWED_SIGNERS"
  type        = string
  default     = ""
}

variable "database_host" {
  description = "DB_HOST"
  type        = string
  default     = ""
}

variable "database_port" {
  description = "DB_PORT"
  type        = number
  default     = 5432
  validation {
    condition     = var.database_port >= 1 && var.database_port <= 65535
    error_message = "database_port is a port: 1 to 65535."
  }
}

variable "database_name" {
  description = "DB_NAME"
  type        = string
  default     = ""
}

variable "database_user" {
  description = "DB_USER"
  type        = string
  default     = "sqladmin"
}

variable "database_secret_prefix" {
  description = "DB_SECRET_PREFIX"
  type        = string
  default     = "postgresql@aurora-serverless-flyway-db"
}

variable "database_secret" {
  description = "DB_SECRET"
  type        = string
  default     = ""
}

variable "database_roles" {
  description = "DB_ROLES; empty for none"
  type        = string
  default     = "read_only,sample_application"
}

variable "database_iam_login" {
  description = "AWS_IAM_AUTH"
  type        = string
  default     = ""
  validation {
    condition     = contains(["", "true", "false"], var.database_iam_login)
    error_message = "database_iam_login is one of empty, true, false."
  }
}

variable "database_ssl_mode" {
  description = "PGSSLMODE"
  type        = string
  default     = "verify-full"
  validation {
    condition     = contains(["verify-full", "verify-ca", "require", "prefer", "allow", "disable"], var.database_ssl_mode)
    error_message = "database_ssl_mode is one of verify-full, verify-ca, require, prefer, allow, disable."
  }
}

variable "connect_deadline" {
  description = "CONNECT_DEADLINE"
  type        = string
  default     = ""
}

variable "snapshot_before_migrate" {
  description = "SNAPSHOT_BEFORE_MIGRATE"
  type        = string
  default     = ""
  validation {
    condition     = contains(["", "true", "false"], var.snapshot_before_migrate)
    error_message = "snapshot_before_migrate is one of empty, true, false."
  }
}

# --- what else to make

variable "create_security_group" {
  description = "Whether to make a security group for the task, with nothing in and only what the job needs out"
  type        = bool
  default     = false
}

variable "create_database" {
  description = "Whether to make an Aurora Serverless PostgreSQL cluster, and the secrets of its users"
  type        = bool
  default     = false
}

variable "create_bastion" {
  description = "Whether to make a bastion host, reached by the Session Manager or with an SSH key"
  type        = bool
  default     = false
}

variable "vpc_id" {
  description = "The VPC of these; needed for each of them"
  type        = string
  default     = ""
}

variable "subnet_ids" {
  description = "Subnets of the database, in two availability zones at least, and of the bastion host, which takes the first"
  type        = list(string)
  default     = []
}

variable "repository_port" {
  description = "Port of the Git server; 22 for SSH"
  type        = number
  default     = 22
}

variable "database_cidr" {
  description = "Addresses that the task may reach at the port of a database that is not made here"
  type        = string
  default     = "0.0.0.0/0"
  validation {
    condition     = can(cidrhost(var.database_cidr, 0))
    error_message = "database_cidr is written as 10.0.0.0/16."
  }
}

variable "database_engine_version" {
  description = "Version of Aurora PostgreSQL; from 16.3 on (15.7, 14.12, 13.15) it can pause"
  type        = string
  default     = "16.6"
}

variable "database_max_capacity" {
  description = "Most capacity units of the database; it pauses at none"
  type        = number
  default     = 2
  validation {
    condition     = var.database_max_capacity >= 1 && var.database_max_capacity <= 256
    error_message = "database_max_capacity is 1 to 256."
  }
}

variable "database_generated_roles" {
  description = "Those of DB_ROLES that get a generated password"
  type        = set(string)
  default     = []
}

variable "bastion_key_name" {
  description = "EC2 key pair to reach the bastion host by SSH; empty for the Session Manager only"
  type        = string
  default     = ""
}

variable "bastion_cidr" {
  description = "Addresses that may reach the bastion host by SSH"
  type        = string
  default     = "127.0.0.1/32"
  validation {
    condition     = can(cidrhost(var.bastion_cidr, 0))
    error_message = "bastion_cidr is written as 203.0.113.7/32."
  }
}

# --- what only Terraform has to be told

variable "password_version" {
  description = "Raise it, and the generated passwords are made anew"
  type        = number
  default     = 1
}

variable "last_snapshot" {
  description = "Name of the snapshot that stays when the database goes; the task's name and -last if empty"
  type        = string
  default     = ""
}
