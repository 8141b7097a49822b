# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/role" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { url = "https://sqs.ap-northeast-2.amazonaws.com/123456789012/queue" }
  }
}

variables {
  account_id        = "123456789012"
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.ap-northeast-2.amazonaws.com/id/EXAMPLE"
}

run "default_resources" {
  command = apply

  assert {
    condition     = aws_s3_bucket.this["originals"].bucket == "camel-thumbnails-originals-123456789012"
    error_message = "A bucket name must be globally unique"
  }
  assert {
    condition     = alltrue([for block in aws_s3_bucket_public_access_block.this : block.block_public_policy && block.restrict_public_buckets])
    error_message = "Buckets must be private"
  }
  assert {
    condition     = alltrue([for one in aws_s3_bucket_lifecycle_configuration.this : one.rule[0].abort_incomplete_multipart_upload[0].days_after_initiation == 1])
    error_message = "Parts of incomplete uploads must be removed"
  }
  assert {
    condition     = aws_s3_bucket_versioning.originals[0].versioning_configuration[0].status == "Enabled" && aws_s3_bucket_versioning.originals[0].bucket == aws_s3_bucket.this["originals"].id
    error_message = "A replaced or removed original must be kept as an old version"
  }
  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.this["originals"].rule : {
      days = rule.noncurrent_version_expiration[0].noncurrent_days, markers = rule.expiration[0].expired_object_delete_marker,
    status = rule.status } if length(rule.noncurrent_version_expiration) > 0] == [{ days = 30, markers = true, status = "Enabled" }]
    error_message = "Old versions must expire after thirty days, and the remaining delete markers must be removed"
  }
  assert {
    condition     = alltrue([for one in aws_s3_bucket_lifecycle_configuration.this : alltrue([for rule in one.rule : alltrue([for end in rule.expiration : end.days == null || end.days == 0])])])
    error_message = "No rule may expire a current original or thumbnail"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.events.redrive_policy).maxReceiveCount == 12
    error_message = "An event must be received at most twelve times"
  }
  assert {
    condition     = jsondecode(aws_sqs_queue.events.redrive_policy).deadLetterTargetArn == "arn:aws:sqs:ap-northeast-2:123456789012:camel-thumbnails-image-events-dead"
    error_message = "SQS must move it to the dead-letter queue then"
  }
  assert {
    condition     = aws_sqs_queue.dead.message_retention_seconds > aws_sqs_queue.events.message_retention_seconds
    error_message = "A dead-lettered event would be deleted too early: its age counts from its arrival in the events queue"
  }
  assert {
    condition     = tolist(aws_s3_bucket_notification.originals.queue)[0].events == toset(["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectRestore:Completed", "s3:LifecycleExpiration:DeleteMarkerCreated"])
    error_message = "Created, restored and removed originals must send events; expired old versions must not"
  }
  assert {
    condition     = !aws_s3_bucket_notification.originals.eventbridge && length(aws_cloudwatch_event_rule.originals) == 0
    error_message = "S3 itself must send the events unless event_source says otherwise"
  }
  assert {
    condition     = aws_dynamodb_table.this["failures"].ttl[0].attribute_name == "expiresAt" && length(aws_dynamodb_table.this["thumbnails"].ttl) == 0
    error_message = "Failures must expire, thumbnails must not"
  }
  assert {
    condition     = alltrue([for table in aws_dynamodb_table.this : table.hash_key == "name" && table.point_in_time_recovery[0].enabled])
    error_message = "Tables must have the hash key name and point-in-time recovery"
  }
  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset(["failures", "dead", "age"])
    error_message = "There must be three alarms"
  }
  assert {
    condition     = length([for one in local.grants.operate : one if contains(one.actions, "s3:GetObject")]) == 0
    error_message = "Without an inventory, operators must not be able to read objects"
  }
  assert {
    condition     = length(split("\n", trimspace(output.config_env))) == length(output.config)
    error_message = "config_env must have one line for each setting"
  }
}

run "rejects_roles_that_nothing_can_assume" {
  command = plan
  variables {
    oidc_provider_arn = null
  }
  expect_failures = [aws_iam_role.this]
}

run "rejects_cluster_name_without_pod_identity" {
  command = plan
  variables {
    cluster_name = "cluster"
  }
  expect_failures = [aws_iam_role.this]
}

run "rejects_pod_identity_without_cluster_name" {
  command = plan
  variables {
    pod_identity = true
  }
  expect_failures = [aws_iam_role.this]
}

run "pod_identity" {
  command = plan
  variables {
    oidc_provider_arn    = null
    pod_identity         = true
    cluster_name         = "cluster"
    keda_service_account = "scaling/operator"
  }
  assert {
    condition     = length(aws_eks_pod_identity_association.this) == 4 && alltrue([for one in aws_eks_pod_identity_association.this : one.cluster_name == "cluster"])
    error_message = "Each role must have a Pod Identity association in the cluster"
  }
  assert {
    condition     = aws_eks_pod_identity_association.this["keda"].namespace == "scaling" && aws_eks_pod_identity_association.this["keda"].service_account == "operator"
    error_message = "The association of the KEDA operator must use keda_service_account"
  }
}

run "removals_are_not_followed" {
  command = apply
  variables {
    follow_removals = false
  }
  assert {
    condition     = tolist(aws_s3_bucket_notification.originals.queue)[0].events == toset(["s3:ObjectCreated:*", "s3:ObjectRestore:Completed"])
    error_message = "Removed and expired originals must send no events"
  }
}

run "eventbridge_does_not_follow_removals" {
  command = plan
  variables {
    event_source    = "eventbridge"
    follow_removals = false
  }
  assert {
    condition     = jsondecode(aws_cloudwatch_event_rule.originals[0].event_pattern).detail-type == ["Object Created", "Object Restore Completed"]
    error_message = "The rule must select no removals"
  }
}

run "inventory" {
  command = plan
  variables {
    inventory_bucket = "inventories"
  }
  assert {
    condition     = [for one in local.grants.operate : one.resources if contains(one.actions, "s3:GetObject")] == [["arn:aws:s3:::inventories/*"]]
    error_message = "Operators must be able to read the inventory, and no other objects"
  }
}

run "without_versioning" {
  command = apply
  variables {
    originals_versioning = false
  }
  assert {
    condition     = length(aws_s3_bucket_versioning.originals) == 0
    error_message = "A bucket that never had versioning must have no versioning configuration"
  }
  assert {
    condition     = tolist(aws_s3_bucket_notification.originals.queue)[0].events == toset(["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectRestore:Completed", "s3:LifecycleExpiration:*"])
    error_message = "Without versioning, an expiration removes the original and must send an event"
  }
  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.this["originals"].rule) == 2
    error_message = "Existing versions must still expire after versioning was switched off"
  }
}

run "old_versions_expire_after_a_week" {
  command = apply
  variables {
    originals_version_days = 7
  }
  assert {
    condition     = one(flatten([for rule in aws_s3_bucket_lifecycle_configuration.this["originals"].rule : [for end in rule.noncurrent_version_expiration : end.noncurrent_days]])) == 7
    error_message = "Old versions must expire after originals_version_days"
  }
}

run "eventbridge" {
  command = plan
  variables {
    event_source = "eventbridge"
    key_prefix   = "2026/"
  }
  assert {
    condition     = aws_s3_bucket_notification.originals.eventbridge && length(aws_s3_bucket_notification.originals.queue) == 0
    error_message = "The bucket must send its events to EventBridge only, not to the queue as well"
  }
  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.originals[0].event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created", "Object Deleted", "Object Restore Completed"]
      detail = {
        bucket = { name = ["camel-thumbnails-originals-123456789012"] }
        object = { key = [{ prefix = "2026/" }] }
        "$or" = [
          { deletion-type = [{ exists = false }] },
          { deletion-type = ["Delete Marker Created"] },
          { reason = [{ anything-but = ["Lifecycle Expiration"] }] },
        ]
      }
    }
    error_message = "The rule must select the events that affect a thumbnail"
  }
  assert {
    condition     = aws_cloudwatch_event_target.originals[0].arn == "arn:aws:sqs:ap-northeast-2:123456789012:camel-thumbnails-image-events"
    error_message = "The rule must send the events to the events queue"
  }
  assert {
    condition     = local.rule_arn == "arn:aws:events:ap-northeast-2:123456789012:rule/${aws_cloudwatch_event_rule.originals[0].name}"
    error_message = "The policy of the queue must name the rule"
  }
}

run "eventbridge_without_prefix_and_versioning" {
  command = plan
  variables {
    event_source         = "eventbridge"
    originals_versioning = false
  }
  assert {
    condition     = !can(jsondecode(aws_cloudwatch_event_rule.originals[0].event_pattern).detail["$or"])
    error_message = "Without versioning, every deletion removes an original and must send an event"
  }
  assert {
    condition     = !can(jsondecode(aws_cloudwatch_event_rule.originals[0].event_pattern).detail.object)
    error_message = "All object keys must send events"
  }
}

run "rejects_invalid_values" {
  command = plan
  variables {
    name                   = "Camel_Thumbnails"
    account_id             = "1"
    visibility_timeout     = 30
    max_receive_count      = 4
    event_source           = "sns"
    originals_version_days = 0
    cluster_name           = "arn:aws:eks:ap-northeast-2:123456789012:cluster/cluster"
    inventory_bucket       = "arn:aws:s3:::inventories"
    keda_service_account   = "keda-operator"
    namespace              = "Camel"
    oldest_event_seconds   = 1
  }
  expect_failures = [
    var.name,
    var.account_id,
    var.visibility_timeout,
    var.max_receive_count,
    var.event_source,
    var.originals_version_days,
    var.cluster_name,
    var.inventory_bucket,
    var.keda_service_account,
    var.namespace,
    var.oldest_event_seconds,
  ]
}
