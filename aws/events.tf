# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

locals {
  by_eventbridge = var.event_source == "eventbridge"

  # A rule that expires an original of a versioned bucket leaves a delete marker. The permanent deletion of an old version changes
  # nothing for a thumbnail; in a bucket without versions it removes the original.
  expiration = var.originals_versioning ? "s3:LifecycleExpiration:DeleteMarkerCreated" : "s3:LifecycleExpiration:*"
  events     = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectRestore:Completed", local.expiration]

  # The same choice in a pattern of EventBridge, which gives created and restored objects no deletion-type.
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
  receive_wait_time_seconds  = 20 # who asks without saying how long
  message_retention_seconds  = 4 * 24 * 3600
  sqs_managed_sse_enabled    = true
  redrive_policy = jsonencode({
    deadLetterTargetArn = local.queue_arns["image-events-dead"]
    maxReceiveCount     = var.max_receive_count
  })
  depends_on = [aws_sqs_queue.dead]
}

# Messages that are no S3 event, and events that were never acknowledged: their worker died each time, or their failure could not
# be reported. They are kept for longer than on the first queue, because their age counts from there.
resource "aws_sqs_queue" "dead" {
  name                      = local.queues["image-events-dead"]
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}

# Of its own, for the queues name each other.
resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.events.arn]
  })
}

# The keys that could not be done.
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
      # A bucket's ARN does not name the account; a rule's does.
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

# This replaces all notifications that the bucket has: let nothing else configure them.
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
  # S3 checks immediately whether it may send.
  depends_on = [aws_sqs_queue_policy.this]
}

# The same events by EventBridge. The bucket then sends all its events there, and the rule selects.
resource "aws_cloudwatch_event_rule" "originals" {
  count       = local.by_eventbridge ? 1 : 0
  name        = "${var.name}-originals"
  description = "Sends events of new, restored and removed originals to the events queue"
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created", "Object Deleted", "Object Restore Completed"]
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
