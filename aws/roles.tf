# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

# Permissions of each role: exactly what the routes need. A test compares them with the calls that the application makes.
locals {
  grants = {
    upload = [
      { actions = ["s3:PutObject", "s3:AbortMultipartUpload"], resources = ["${local.bucket_arns["originals"]}/*"] },
      { actions = ["s3:GetObject"], resources = [for arn in values(local.bucket_arns) : "${arn}/*"] },
      # Without this permission, S3 responds with 403 instead of 404 if an object does not exist.
      { actions = ["s3:ListBucket"], resources = values(local.bucket_arns) },
      # BatchGetItem looks up the object keys of all waiting ?status&wait requests.
      { actions = ["dynamodb:GetItem", "dynamodb:BatchGetItem"], resources = values(local.table_arns) },
    ]
    thumbnail = [
      {
        actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
        resources = [local.queue_arns["image-events"]]
      },
      # Read once at start-up, to warn if the retention is too short.
      { actions = ["sqs:GetQueueAttributes"], resources = [local.queue_arns["image-events-dead"]] },
      { actions = ["sqs:SendMessage"], resources = [local.queue_arns["image-failures"]] },
      { actions = ["s3:GetObject"], resources = ["${local.bucket_arns["originals"]}/*"] },
      { actions = ["s3:PutObject", "s3:DeleteObject"], resources = ["${local.bucket_arns["thumbnails"]}/*"] },
      { actions = ["s3:ListBucket"], resources = values(local.bucket_arns) },
      # GetItem checks at start-up whether the table is reachable. UpdateItem begins a removal and returns the list of renditions.
      {
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
        resources = [local.table_arns["thumbnails"]]
      },
      # DeleteItem forgets the failure of a removed original.
      { actions = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], resources = [local.table_arns["failures"]] },
    ]
    # No permission to read, write or delete an object: operators send events, and workers do the work.
    operate = concat(
      [
        {
          actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
          resources = [local.queue_arns["image-failures"], local.queue_arns["image-events-dead"]]
        },
        { actions = ["sqs:SendMessage", "sqs:GetQueueAttributes"], resources = [local.queue_arns["image-events"]] },
        # The age of the oldest message of each queue. CloudWatch has no permissions for single metrics.
        { actions = ["cloudwatch:GetMetricData"], resources = ["*"] },
        { actions = ["s3:ListBucket"], resources = values(local.bucket_arns) },
        { actions = ["dynamodb:GetItem", "dynamodb:BatchGetItem"], resources = values(local.table_arns) },
        # Scan lists failures. The other actions keep the state of a reconcile, and delete the note of a failure that is retried.
        {
          actions   = ["dynamodb:Scan", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
          resources = [local.table_arns["failures"]]
        },
      ],
      [
        for bucket in var.inventory_bucket == null ? [] : [var.inventory_bucket] :
        { actions = ["s3:GetObject"], resources = ["arn:${local.partition}:s3:::${bucket}/*"] }
      ],
    )
    keda = [
      { actions = ["sqs:GetQueueAttributes"], resources = [local.queue_arns["image-events"]] },
    ]
  }

  # Maps each role to its service account, as NAMESPACE/NAME.
  service_accounts = {
    upload    = "${var.namespace}/camel-thumbnails-upload"
    thumbnail = "${var.namespace}/camel-thumbnails-thumbnail"
    operate   = "${var.namespace}/camel-thumbnails-operate"
    keda      = var.keda_service_account
  }

  oidc_issuer = var.oidc_provider_arn == null ? null : split("oidc-provider/", var.oidc_provider_arn)[1]
}

data "aws_iam_policy_document" "role" {
  for_each = local.grants
  dynamic "statement" {
    for_each = each.value
    content {
      actions   = statement.value.actions
      resources = statement.value.resources
    }
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = local.service_accounts
  # IAM roles for service accounts (IRSA): only this service account, and only tokens issued for AWS.
  dynamic "statement" {
    for_each = var.oidc_provider_arn == null ? [] : [var.oidc_provider_arn]
    content {
      actions = ["sts:AssumeRoleWithWebIdentity"]
      principals {
        type        = "Federated"
        identifiers = [statement.value]
      }
      condition {
        test     = "StringEquals"
        variable = "${local.oidc_issuer}:sub"
        values   = ["system:serviceaccount:${replace(each.value, "/", ":")}"]
      }
      condition {
        test     = "StringEquals"
        variable = "${local.oidc_issuer}:aud"
        values   = ["sts.amazonaws.com"]
      }
    }
  }
  dynamic "statement" {
    for_each = var.pod_identity ? ["pods.eks.amazonaws.com"] : []
    content {
      actions = ["sts:AssumeRole", "sts:TagSession"]
      principals {
        type        = "Service"
        identifiers = [statement.value]
      }
      # EKS sends these session tags. Without the conditions, a Pod Identity association in any cluster of this account could grant
      # the role to any pod.
      condition {
        test     = "StringEquals"
        variable = "aws:RequestTag/eks-cluster-arn"
        values   = ["arn:${local.partition}:eks:${var.region}:${local.account}:cluster/${coalesce(var.cluster_name, "none")}"]
      }
      condition {
        test     = "StringEquals"
        variable = "aws:RequestTag/kubernetes-namespace"
        values   = [split("/", each.value)[0]]
      }
      condition {
        test     = "StringEquals"
        variable = "aws:RequestTag/kubernetes-service-account"
        values   = [split("/", each.value)[1]]
      }
    }
  }
}

resource "aws_iam_role" "this" {
  for_each           = local.service_accounts
  name               = "${var.name}-${each.key}"
  description        = "Assumed by pods with the service account ${each.value}"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
  lifecycle {
    precondition {
      condition     = var.oidc_provider_arn != null || var.pod_identity
      error_message = "Set oidc_provider_arn (IRSA) or pod_identity. Otherwise nothing can assume the roles."
    }
    precondition {
      condition     = var.cluster_name == null || var.pod_identity
      error_message = "cluster_name applies to Pod Identity only. Set pod_identity = true or remove cluster_name."
    }
    precondition {
      condition     = var.cluster_name != null || !var.pod_identity
      error_message = "Pod Identity requires cluster_name. Set it to the cluster whose pods may assume the roles."
    }
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = local.grants
  name     = "what-the-routes-do"
  role     = aws_iam_role.this[each.key].id
  policy   = data.aws_iam_policy_document.role[each.key].json
}

resource "aws_eks_pod_identity_association" "this" {
  for_each        = var.pod_identity ? local.service_accounts : {}
  cluster_name    = var.cluster_name
  namespace       = split("/", each.value)[0]
  service_account = split("/", each.value)[1]
  role_arn        = aws_iam_role.this[each.key].arn
}
