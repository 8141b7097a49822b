# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

# What each role may do: what the routes do, and nothing else. A test compares it with the calls that the application makes.
locals {
  grants = {
    upload = [
      { actions = ["s3:PutObject", "s3:AbortMultipartUpload"], resources = ["${local.bucket_arns["originals"]}/*"] },
      { actions = ["s3:GetObject"], resources = [for arn in values(local.bucket_arns) : "${arn}/*"] },
      # Without it S3 answers 403 where there is no object.
      { actions = ["s3:ListBucket"], resources = values(local.bucket_arns) },
      # BatchGetItem looks up the keys that requests with ?status&wait wait for.
      { actions = ["dynamodb:GetItem", "dynamodb:BatchGetItem"], resources = values(local.table_arns) },
    ]
    thumbnail = [
      {
        actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
        resources = [local.queue_arns["image-events"]]
      },
      # Read once at the start, to warn of a retention that is too short.
      { actions = ["sqs:GetQueueAttributes"], resources = [local.queue_arns["image-events-dead"]] },
      { actions = ["sqs:SendMessage"], resources = [local.queue_arns["image-failures"]] },
      { actions = ["s3:GetObject"], resources = ["${local.bucket_arns["originals"]}/*"] },
      { actions = ["s3:PutObject", "s3:DeleteObject"], resources = ["${local.bucket_arns["thumbnails"]}/*"] },
      { actions = ["s3:ListBucket"], resources = values(local.bucket_arns) },
      # GetItem tells at the start whether the table answers.
      {
        actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
        resources = [local.table_arns["thumbnails"]]
      },
      { actions = ["dynamodb:PutItem", "dynamodb:UpdateItem"], resources = [local.table_arns["failures"]] },
    ]
    keda = [
      { actions = ["sqs:GetQueueAttributes"], resources = [local.queue_arns["image-events"]] },
    ]
  }

  # Role to NAMESPACE/NAME of its service account.
  service_accounts = {
    upload    = "${var.namespace}/camel-thumbnails-upload"
    thumbnail = "${var.namespace}/camel-thumbnails-thumbnail"
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
  # IAM roles for service accounts (IRSA): this one service account, and tokens that are meant for AWS.
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
      # EKS sends these session tags. Without the conditions, an association in any cluster of this account could give the role to
      # any pod.
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
  description        = "Of the pods with the service account ${each.value}"
  assume_role_policy = data.aws_iam_policy_document.trust[each.key].json
  lifecycle {
    precondition {
      condition     = var.oidc_provider_arn != null || var.pod_identity
      error_message = "Set oidc_provider_arn (IRSA) or pod_identity, or nobody could take the roles."
    }
    precondition {
      condition     = var.cluster_name == null || var.pod_identity
      error_message = "cluster_name is for Pod Identity: set pod_identity = true, or leave it out."
    }
    precondition {
      condition     = var.cluster_name != null || !var.pod_identity
      error_message = "Set cluster_name: by Pod Identity, only pods of this cluster may assume the roles."
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
