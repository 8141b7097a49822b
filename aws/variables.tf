# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

variable "region" {
  description = "AWS region of all resources"
  type        = string
  default     = "ap-northeast-2"
}

variable "name" {
  description = "Prefix of all resource names. Bucket names are globally unique, so they also end with the account ID"
  type        = string
  default     = "camel-thumbnails"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,28}[a-z0-9]$", var.name))
    error_message = "Set name to 3 to 30 lowercase letters, digits and hyphens. It starts with a letter and does not end with a hyphen."
  }
}

variable "account_id" {
  description = "AWS account ID; null looks it up"
  type        = string
  default     = null
  validation {
    condition     = var.account_id == null || can(regex("^\\d{12}$", var.account_id))
    error_message = "Set account_id to the twelve digits of an AWS account ID, or remove it."
  }
}

variable "key_prefix" {
  description = "Prefix of the object keys of originals that get a thumbnail; empty for all"
  type        = string
  default     = ""
}

variable "event_source" {
  description = "Source of the events in the queue: s3 (S3 itself) or eventbridge (an EventBridge rule, if something else needs the bucket notification)"
  type        = string
  default     = "s3"
  validation {
    condition     = contains(["s3", "eventbridge"], var.event_source)
    error_message = "Set event_source to s3 or eventbridge."
  }
}

variable "follow_removals" {
  description = "Whether a removed or expired original takes its thumbnail with it"
  type        = bool
  default     = true
}

variable "originals_versioning" {
  description = "Whether the originals bucket keeps replaced and removed originals as old versions"
  type        = bool
  default     = true
}

variable "originals_version_days" {
  description = "Days after which S3 deletes an old version of a replaced or removed original"
  type        = number
  default     = 30
  validation {
    condition     = var.originals_version_days >= 1 && var.originals_version_days == floor(var.originals_version_days)
    error_message = "Set originals_version_days to a whole number of days, at least 1. To keep no versions, set originals_versioning = false."
  }
}

variable "force_destroy" {
  description = "Whether terraform destroy may delete non-empty buckets, including all object versions"
  type        = bool
  default     = false
}

# The same values as in application.properties. docs/capacity.md explains how they depend on each other.

variable "visibility_timeout" {
  description = "Seconds after which SQS redelivers an event that has not been acknowledged: events.visibilityTimeout"
  type        = number
  default     = 60
  validation {
    condition     = var.visibility_timeout >= 45 && var.visibility_timeout <= 43200
    error_message = "Set visibility_timeout between 45 and 43200: one event can take 45 seconds with the defaults, and 43200 is the maximum of SQS."
  }
}

variable "max_receive_count" {
  description = "Number of receives after which SQS moves an event to the dead-letter queue. An AWS outage uses several receives, and each stopped pod can use one"
  type        = number
  default     = 12
  validation {
    condition     = var.max_receive_count >= 5 && var.max_receive_count <= 1000
    error_message = "Set max_receive_count between 5 and 1000, the maximum of SQS. Fewer receives than 5 are used up by an outage of a few minutes or by stopping pods."
  }
}

variable "inventory_bucket" {
  description = "Bucket that holds an S3 Inventory of the originals, which the role operate may read (reconcile --inventory); null without"
  type        = string
  default     = null
  validation {
    condition     = var.inventory_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.inventory_bucket))
    error_message = "Set inventory_bucket to the name of a bucket, not to its ARN."
  }
}

# Identity of the pods

variable "oidc_provider_arn" {
  description = "ARN of the cluster's IAM OIDC provider, for IRSA; null without IRSA"
  type        = string
  default     = null
  validation {
    condition     = var.oidc_provider_arn == null || can(regex("^arn:[^:]+:iam::\\d{12}:oidc-provider/.+$", var.oidc_provider_arn))
    error_message = "Set oidc_provider_arn to arn:aws:iam::ACCOUNT:oidc-provider/oidc.eks.REGION.amazonaws.com/id/ID."
  }
}

variable "pod_identity" {
  description = "Whether the pods of cluster_name assume the roles through EKS Pod Identity"
  type        = bool
  default     = false
}

variable "cluster_name" {
  description = "Name of the EKS cluster, in this region and account, whose pods assume the roles through Pod Identity; null without Pod Identity"
  type        = string
  default     = null
  validation {
    condition     = var.cluster_name == null || can(regex("^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$", var.cluster_name))
    error_message = "Set cluster_name to the name of an EKS cluster, not to its ARN: up to 100 letters, digits, hyphens and underscores."
  }
}

variable "namespace" {
  description = "Kubernetes namespace of the pods"
  type        = string
  default     = "camel-thumbnails"
  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "Set namespace to the name of a Kubernetes namespace."
  }
}

variable "keda_service_account" {
  description = "Service account of the KEDA operator as NAMESPACE/NAME, which assumes the keda role (k8s/README.md)"
  type        = string
  default     = "keda/keda-operator"
  validation {
    condition     = can(regex("^[a-z0-9-]+/[a-z0-9.-]+$", var.keda_service_account))
    error_message = "Set keda_service_account to NAMESPACE/NAME, such as keda/keda-operator."
  }
}

# Alarms

variable "oldest_event_seconds" {
  description = "Maximum age of the oldest event in seconds; an older one raises an alarm"
  type        = number
  default     = 300
  validation {
    condition     = var.oldest_event_seconds >= 60
    error_message = "Set oldest_event_seconds to at least 60: the metric has one value a minute."
  }
}

variable "alarm_topic_arns" {
  description = "ARNs of the SNS topics that alarms notify"
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags for all resources"
  type        = map(string)
  default     = {}
}
