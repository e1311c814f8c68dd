output "cluster_name" {
  description = "Cluster of the tasks"
  value       = aws_ecs_cluster.cluster.name
}

output "task_definition" {
  description = "The task definition, with its revision"
  value       = aws_ecs_task_definition.task_definition.arn
}

output "log_group" {
  description = "Where the logs are"
  value       = aws_cloudwatch_log_group.log_group.name
}

output "task_role_arn" {
  description = "Role of the job"
  value       = aws_iam_role.task_role.arn
}

output "execution_role_arn" {
  description = "Role that starts the task"
  value       = aws_iam_role.execution_role.arn
}

output "security_group" {
  description = "Security group for the tasks"
  value       = local.with_security_group ? aws_security_group.security_group[0].id : null
}

output "database_cluster" {
  description = "Identifier of the database cluster"
  value       = var.create_database ? aws_rds_cluster.database[0].cluster_identifier : null
}

output "database_host" {
  description = "DB_HOST"
  value       = var.create_database ? aws_rds_cluster.database[0].endpoint : null
}

output "bastion_instance" {
  description = "The bastion host"
  value       = var.create_bastion ? aws_instance.bastion[0].id : null
}
