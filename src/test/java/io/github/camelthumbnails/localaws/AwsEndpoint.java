// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.aws.AwsClients;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Creates AWS clients for one endpoint.
 *
 * @param url the endpoint URL, such as {@code http://127.0.0.1:4566}
 * @param region any region, but the same for all clients
 */
public record AwsEndpoint(String url, String region) {

    /** Timeout of a call, long enough for a busy machine. */
    private static final int TIMEOUT_SECONDS = 30;

    /** Creates an S3 client. */
    public S3Client s3() {
        return new AwsClients().s3(region, url, TIMEOUT_SECONDS, 100, 2, "false");
    }

    /** Creates an SQS client. */
    public SqsClient sqs() {
        return new AwsClients().sqs(region, url, TIMEOUT_SECONDS, 20);
    }

    /** Creates a DynamoDB client. */
    public DynamoDbClient dynamoDb() {
        return new AwsClients().dynamoDb(region, url, TIMEOUT_SECONDS);
    }

    /** Creates a CloudWatch client. */
    public CloudWatchClient cloudWatch() {
        return new AwsClients().cloudWatch(new DefaultCamelContext(), region, url, TIMEOUT_SECONDS);
    }
}
