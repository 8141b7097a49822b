# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

variable "region" {
  description = "Where everything is"
  type        = string
  default     = "ap-northeast-2"
}

variable "name" {
  description = "What all names begin with. Bucket names are world-wide, so they also end with the account's number"
  type        = string
  default     = "camel-thumbnails"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "Set name to 3 to 30 small letters, digits and hyphens, as bucket names want them."
  }
}

variable "account_id" {
  description = "The account's number; null asks AWS for it"
  type        = string
  default     = null
  validation {
    condition     = var.account_id == null || can(regex("^\\d{12}$", var.account_id))
    error_message = "Set account_id to the twelve digits of an AWS account, or leave it out."
  }
}

variable "key_prefix" {
  description = "Only originals whose keys begin with this get a thumbnail; empty for all"
  type        = string
  default     = ""
}

variable "event_source" {
  description = "Who sends the events of the originals to the queue: s3 (S3 itself), or eventbridge (a rule of EventBridge, if others need the bucket's notification)"
  type        = string
  default     = "s3"
  validation {
    condition     = contains(["s3", "eventbridge"], var.event_source)
    error_message = "Set event_source to s3 or eventbridge."
  }
}

variable "originals_versioning" {
  description = "Whether the bucket of originals keeps the versions that uploads replace and that somebody removes"
  type        = bool
  default     = true
}

variable "originals_version_days" {
  description = "Days after which S3 deletes a replaced or removed version of an original"
  type        = number
  default     = 30
  validation {
    condition     = var.originals_version_days >= 1 && var.originals_version_days == floor(var.originals_version_days)
    error_message = "Set originals_version_days to a whole number of days, at least 1. To keep no versions, set originals_versioning = false."
  }
}

variable "force_destroy" {
  description = "Whether terraform destroy may delete buckets that are not empty, with all versions of their objects"
  type        = bool
  default     = false
}

# As application.properties has them: docs/capacity.md says how they depend on each other.

variable "visibility_timeout" {
  description = "Seconds after which an event that is not done is given out again: events.visibilityTimeout"
  type        = number
  default     = 60
  validation {
    condition     = var.visibility_timeout >= 45 && var.visibility_timeout <= 43200
    error_message = "Set visibility_timeout between 45, the seconds that one event can take with the defaults, and 43200, the most that SQS takes."
  }
}

variable "max_receive_count" {
  description = "How often an event is received before SQS moves it to the dead-letter queue. An outage of AWS uses several receives, and each pod that is stopped can use one"
  type        = number
  default     = 12
  validation {
    condition     = var.max_receive_count >= 5 && var.max_receive_count <= 1000
    error_message = "Set max_receive_count between 5 and 1000, the most that SQS allows: with fewer receives, an outage of some minutes or stopping pods would use them up."
  }
}

# Who the pods are

variable "oidc_provider_arn" {
  description = "The cluster's IAM OIDC provider, for roles by IRSA; null without"
  type        = string
  default     = null
  validation {
    condition     = var.oidc_provider_arn == null || can(regex("^arn:[^:]+:iam::\\d{12}:oidc-provider/.+$", var.oidc_provider_arn))
    error_message = "Set oidc_provider_arn to arn:aws:iam::ACCOUNT:oidc-provider/oidc.eks.REGION.amazonaws.com/id/ID."
  }
}

variable "pod_identity" {
  description = "Whether the pods of cluster_name assume the roles by EKS Pod Identity"
  type        = bool
  default     = false
}

variable "cluster_name" {
  description = "The EKS cluster, in this region and account, whose pods assume the roles by Pod Identity; null without Pod Identity"
  type        = string
  default     = null
  validation {
    condition     = var.cluster_name == null || can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", var.cluster_name))
    error_message = "Set cluster_name to the name of an EKS cluster, not to its ARN: up to 100 letters, digits, hyphens and underscores."
  }
}

variable "namespace" {
  description = "Where the pods are"
  type        = string
  default     = "camel-thumbnails"
  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "Set namespace to the name of a Kubernetes namespace."
  }
}

variable "keda_service_account" {
  description = "NAMESPACE/NAME of the service account of KEDA's operator, which assumes the role keda (k8s/README.md)"
  type        = string
  default     = "keda/keda-operator"
  validation {
    condition     = can(regex("^[a-z0-9-]+/[a-z0-9.-]+$", var.keda_service_account))
    error_message = "Set keda_service_account to NAMESPACE/NAME."
  }
}

# Alarms

variable "oldest_event_seconds" {
  description = "How old the oldest event may be before there is an alarm"
  type        = number
  default     = 300
  validation {
    condition     = var.oldest_event_seconds >= 60
    error_message = "Set oldest_event_seconds to at least 60: the metric has a value a minute."
  }
}

variable "alarm_topic_arns" {
  description = "SNS topics that are told of alarms"
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of everything"
  type        = map(string)
  default     = {}
}
