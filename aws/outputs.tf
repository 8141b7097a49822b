# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

locals {
  config = {
    AWS_REGION         = var.region
    ORIGINALS_BUCKET   = local.buckets["originals"]
    THUMBNAILS_BUCKET  = local.buckets["thumbnails"]
    THUMBNAILS_TABLE   = local.tables["thumbnails"]
    FAILURES_TABLE     = local.tables["failures"]
    EVENTS_QUEUE_URL   = aws_sqs_queue.events.url
    FAILURES_QUEUE_URL = aws_sqs_queue.failures.url
    DEAD_QUEUE_URL     = aws_sqs_queue.dead.url
  }
}

output "config" {
  description = "Settings of the application, as environment variables"
  value       = local.config
}

output "config_env" {
  description = "The same settings as the lines of an env file for the ConfigMap: terraform output -raw config_env >k8s/overlays/eks/config.env"
  value       = join("", [for name, value in local.config : "${name}=${value}\n"])
}

output "role_arns" {
  description = "ARNs of the IAM roles for the pods and the KEDA operator"
  value       = { for use, role in aws_iam_role.this : use => role.arn }
}
