# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

locals {
  by_eventbridge = var.event_source == "eventbridge"

  # In a versioned bucket, a lifecycle rule that expires a current original creates a delete marker, and the permanent deletion of
  # an old version does not affect the thumbnail. In a bucket without versioning, an expiration removes the original.
  expiration = var.originals_versioning ? "s3:LifecycleExpiration:DeleteMarkerCreated" : "s3:LifecycleExpiration:*"
  events = concat(
    ["s3:ObjectCreated:*", "s3:ObjectRestore:Completed"],
    var.follow_removals ? ["s3:ObjectRemoved:*", local.expiration] : [],
  )

  # The same selection as an EventBridge pattern. Events of created and restored objects have no deletion-type.
  no_old_versions = {
    "$or" = [
      { deletion-type = [{ exists = false }] },
      { deletion-type = ["Delete Marker Created"] },
      { reason = [{ anything-but = ["Lifecycle Expiration"] }] },
    ]
  }
}

resource "aws_sqs_queue" "events" {
  name                       = local.queues["image-events"]
  visibility_timeout_seconds = var.visibility_timeout
  receive_wait_time_seconds  = 20 # long polling, for consumers that set no wait time
  message_retention_seconds  = 4 * 24 * 3600
  sqs_managed_sse_enabled    = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = local.queue_arns["image-events-dead"]
    maxReceiveCount     = var.max_receive_count
  })
  depends_on = [aws_sqs_queue.dead]
}

# Dead-letter queue for messages that are not S3 events, and for events that were never acknowledged because their worker crashed
# each time or their failure could not be reported. Its retention is longer than that of the events queue, because the age of a
# message counts from its arrival there.
resource "aws_sqs_queue" "dead" {
  name                      = local.queues["image-events-dead"]
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

# A separate resource, because the two queues refer to each other.
resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.events.arn]
  })
}

# Object keys of the originals whose thumbnails could not be made.
resource "aws_sqs_queue" "failures" {
  name                      = local.queues["image-failures"]
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

data "aws_iam_policy_document" "queue" {
  for_each = local.queue_arns
  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
  dynamic "statement" {
    for_each = each.key == "image-events" ? ["EventsOfTheOriginals"] : []
    content {
      sid       = statement.value
      actions   = ["sqs:SendMessage"]
      resources = [each.value]
      principals {
        type        = "Service"
        identifiers = [local.by_eventbridge ? "events.amazonaws.com" : "s3.amazonaws.com"]
      }
      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [local.by_eventbridge ? local.rule_arn : local.bucket_arns["originals"]]
      }
      # The ARN of a bucket does not contain the account ID. That of a rule does.
      dynamic "condition" {
        for_each = local.by_eventbridge ? [] : [local.account]
        content {
          test     = "StringEquals"
          variable = "aws:SourceAccount"
          values   = [condition.value]
        }
      }
    }
  }
}

resource "aws_sqs_queue_policy" "this" {
  for_each = {
    "image-events"      = aws_sqs_queue.events.url
    "image-events-dead" = aws_sqs_queue.dead.url
    "image-failures"    = aws_sqs_queue.failures.url
  }
  queue_url = each.value
  policy    = data.aws_iam_policy_document.queue[each.key].json
}

# Replaces all notifications of the bucket. Do not configure them anywhere else.
resource "aws_s3_bucket_notification" "originals" {
  bucket      = aws_s3_bucket.this["originals"].id
  eventbridge = local.by_eventbridge
  dynamic "queue" {
    for_each = local.by_eventbridge ? [] : [local.queue_arns["image-events"]]
    content {
      queue_arn     = queue.value
      events        = local.events
      filter_prefix = var.key_prefix == "" ? null : var.key_prefix
    }
  }
  # S3 checks its permission to send when the notification is created.
  depends_on = [aws_sqs_queue_policy.this]
}

# Delivers the same events through EventBridge: the bucket sends all its events there, and this rule selects the relevant ones.
resource "aws_cloudwatch_event_rule" "originals" {
  count       = local.by_eventbridge ? 1 : 0
  name        = "${var.name}-originals"
  description = "Sends events about created, restored and removed originals to the events queue"
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = concat(["Object Created"], var.follow_removals ? ["Object Deleted"] : [], ["Object Restore Completed"])
    detail = merge(
      { bucket = { name = [local.buckets["originals"]] } },
      var.key_prefix == "" ? {} : { object = { key = [{ prefix = var.key_prefix }] } },
      var.originals_versioning ? local.no_old_versions : {},
    )
  })
}

resource "aws_cloudwatch_event_target" "originals" {
  count      = local.by_eventbridge ? 1 : 0
  rule       = aws_cloudwatch_event_rule.originals[0].name
  target_id  = "image-events"
  arn        = local.queue_arns["image-events"]
  depends_on = [aws_sqs_queue.events, aws_sqs_queue_policy.this]
}
