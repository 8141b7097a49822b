#!/bin/sh
# SPDX-FileCopyrightText: The camel-thumbnails authors
# SPDX-License-Identifier: Apache-2.0
# Creates the resources of aws/ in an emulator. Idempotent.
set -eu
account=000000000000
arn=arn:aws:sqs:$AWS_REGION:$account

aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; } # AWS CLI versions before 2.13 ignore the variable

until aws s3api list-buckets >/dev/null 2>&1; do
    sleep 1
done

for bucket in "$ORIGINALS_BUCKET" "$THUMBNAILS_BUCKET"; do
    aws s3api head-bucket --bucket "$bucket" 2>/dev/null || aws s3api create-bucket --bucket "$bucket" \
        --create-bucket-configuration "LocationConstraint=$AWS_REGION" >/dev/null
done
for queue in image-events-dead image-failures; do
    aws sqs create-queue --queue-name "$queue" --attributes MessageRetentionPeriod=1209600 >/dev/null
done
aws sqs create-queue --queue-name image-events --attributes "{\"VisibilityTimeout\": \"60\",
    \"RedrivePolicy\": \"{\\\"deadLetterTargetArn\\\": \\\"$arn:image-events-dead\\\", \\\"maxReceiveCount\\\": \\\"12\\\"}\"}" >/dev/null
# Keep an existing configuration: it may leave out the removals on purpose.
aws s3api get-bucket-notification-configuration --bucket "$ORIGINALS_BUCKET" | grep -q "$arn:image-events\"" ||
    aws s3api put-bucket-notification-configuration --bucket "$ORIGINALS_BUCKET" --notification-configuration "{
    \"QueueConfigurations\": [{\"QueueArn\": \"$arn:image-events\", \"Events\": [\"s3:ObjectCreated:*\", \"s3:ObjectRemoved:*\",
    \"s3:ObjectRestore:Completed\"]}]}"
for table in "$THUMBNAILS_TABLE" "$FAILURES_TABLE"; do
    aws dynamodb describe-table --table-name "$table" >/dev/null 2>&1 || aws dynamodb create-table --table-name "$table" \
        --billing-mode PAY_PER_REQUEST --attribute-definitions AttributeName=name,AttributeType=S \
        --key-schema AttributeName=name,KeyType=HASH >/dev/null
done
echo "Buckets, queues and tables are there"
