# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

locals {
  alarms = {
    failures = {
      queue       = "image-failures"
      metric      = "ApproximateNumberOfMessagesVisible"
      threshold   = 0
      description = "Thumbnails could not be made: this queue holds the object keys and the reasons"
    }
    dead = {
      queue       = "image-events-dead"
      metric      = "ApproximateNumberOfMessagesVisible"
      threshold   = 0
      description = "Messages are not S3 events, or events were never acknowledged because their workers crashed or their failure could not be reported"
    }
    age = {
      queue       = "image-events"
      metric      = "ApproximateAgeOfOldestMessage"
      threshold   = var.oldest_event_seconds
      description = "Events wait for too long: there are too few workers, or they make no progress"
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = "AWS/SQS"
  metric_name         = each.value.metric
  dimensions          = { QueueName = local.queues[each.value.queue] }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 2
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching" # SQS reports no metrics for a queue that has been idle for hours
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
}
