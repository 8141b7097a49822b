# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

locals {
  alarms = {
    failures = {
      queue     = "image-failures"
      metric    = "ApproximateNumberOfMessagesVisible"
      threshold = 0
      says      = "Pictures could not be done: their keys and reasons are on this queue"
    }
    dead = {
      queue     = "image-events-dead"
      metric    = "ApproximateNumberOfMessagesVisible"
      threshold = 0
      says      = "Messages are no S3 event, or events were never acknowledged: their workers died, or their failure could not be reported"
    }
    age = {
      queue     = "image-events"
      metric    = "ApproximateAgeOfOldestMessage"
      threshold = var.oldest_event_seconds
      says      = "Events wait for too long: there are too few workers, or they do not work"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.says
  namespace           = "AWS/SQS"
  metric_name         = each.value.metric
  dimensions          = { QueueName = local.queues[each.value.queue] }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching" # of a queue that nobody has used for hours
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}
