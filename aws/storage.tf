# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0

data "aws_partition" "this" {}

data "aws_caller_identity" "this" {
  count = var.account_id == null ? 1 : 0
}

# ARNs are built from names, so that a plan shows complete policies before any resource exists.
locals {
  account   = coalesce(var.account_id, one(data.aws_caller_identity.this[*].account_id))
  partition = data.aws_partition.this.partition

  buckets = { for use in ["originals", "thumbnails"] : use => "${var.name}-${use}-${local.account}" }
  queues  = { for use in ["image-events", "image-events-dead", "image-failures"] : use => "${var.name}-${use}" }
  tables  = { for use in ["thumbnails", "failures"] : use => "${var.name}-${use}" }

  bucket_arns = { for use, name in local.buckets : use => "arn:${local.partition}:s3:::${name}" }
  queue_arns  = { for use, name in local.queues : use => "arn:${local.partition}:sqs:${var.region}:${local.account}:${name}" }
  rule_arn    = "arn:${local.partition}:events:${var.region}:${local.account}:rule/${var.name}-originals"
  table_arns  = { for use, name in local.tables : use => "arn:${local.partition}:dynamodb:${var.region}:${local.account}:table/${name}" }
}

# Buckets

resource "aws_s3_bucket" "this" {
  for_each      = local.buckets
  bucket        = each.value
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# Keeps replaced and removed originals. Thumbnails need no versioning, because they can be made again.
# If you switch it off later, Terraform suspends versioning. S3 cannot return a bucket to its unversioned state.
resource "aws_s3_bucket_versioning" "originals" {
  count  = var.originals_versioning ? 1 : 0
  bucket = aws_s3_bucket.this["originals"].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  # A crashed upload leaves parts behind, which cost money and do not appear in object listings.
  rule {
    id     = "abort-incomplete-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
  # This rule stays when versioning is switched off, so that existing versions still expire.
  dynamic "rule" {
    for_each = each.key == "originals" ? [var.originals_version_days] : []
    content {
      id     = "expire-old-versions"
      status = "Enabled"
      filter {}
      noncurrent_version_expiration {
        noncurrent_days = rule.value
      }
      # Removes a delete marker once the last version below it has expired. It does not expire any object.
      expiration {
        expired_object_delete_marker = true
      }
    }
  }
  depends_on = [aws_s3_bucket_versioning.originals]
}

data "aws_iam_policy_document" "bucket" {
  for_each = local.bucket_arns
  statement {
    sid       = "OnlyTls"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value, "${each.value}/*"]
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
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  policy   = data.aws_iam_policy_document.bucket[each.key].json
  # S3 rejects concurrent changes to the access settings of a bucket.
  depends_on = [aws_s3_bucket_public_access_block.this]
}

# Tables

resource "aws_dynamodb_table" "this" {
  for_each     = local.tables
  name         = each.value
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "name"
  attribute {
    name = "name"
    type = "S"
  }
  # Failures expire thirty days after they were recorded.
  dynamic "ttl" {
    for_each = each.key == "failures" ? ["expiresAt"] : []
    content {
      attribute_name = ttl.value
      enabled        = true
    }
  }
  point_in_time_recovery {
    enabled = true
  }
  server_side_encryption {
    enabled = true
  }
}
