# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

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

# What is no S3 event at all. It is kept for longer than it was on the first queue: its age counts from there.
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
        identifiers = ["s3.amazonaws.com"]
      }
      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = [local.bucket_arns["originals"]]
      }
      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
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

# It takes the place of all notifications that the bucket has: let nothing else configure them.
resource "aws_s3_bucket_notification" "originals" {
  bucket = aws_s3_bucket.this["originals"].id
  queue {
    queue_arn     = local.queue_arns["image-events"]
    events        = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
    filter_prefix = var.key_prefix == "" ? null : var.key_prefix
  }
  # S3 tries at once whether it may send.
  depends_on = [aws_sqs_queue_policy.this]
}
