// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * AWS clients of operators' commands, which retry by themselves: a run of an hour must not end because of one lost connection. They are in
 * one bean, because Camel's components look up a client by its type and must find only one.
 *
 * @param s3 the S3 client
 * @param sqs the SQS client
 * @param dynamoDb the DynamoDB client
 */
public record OperatorAws(S3Client s3, SqsClient sqs, DynamoDbClient dynamoDb) implements AutoCloseable {

    @Override
    public void close() {
        s3.close();
        sqs.close();
        dynamoDb.close();
    }
}
