// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/**
 * What the application needs in AWS, by the names in its settings.
 *
 * @param originals bucket for uploads
 * @param thumbnails bucket for thumbnails
 * @param events queue for the events of the originals bucket; what is not read in five tries goes to {@link #dead}
 * @param failures queue for the keys without a thumbnail
 * @param table for the thumbnails' items
 * @param failuresTable for the items of originals without a thumbnail
 */
public record AwsResources(
        String originals, String thumbnails, String events, String failures, String table, String failuresTable) {

    private static final int MAX_RECEIVE_COUNT = 12;
    private static final String FOURTEEN_DAYS = String.valueOf(14 * 24 * 60 * 60);

    /** The names in the application's settings, environment variables included. */
    public static AwsResources fromSettings() {
        return new AwsResources(
                setting("originals.bucket"),
                setting("thumbnails.bucket"),
                setting("events.queue.name"),
                setting("failures.queue.name"),
                setting("thumbnails.table"),
                setting("failures.table"));
    }

    /** One of the application's settings as the local run sees it. */
    static String setting(String name) {
        CamelContext context = new DefaultCamelContext(); // never started: only its properties are read
        context.getPropertiesComponent()
                .setLocation("classpath:application-dev.properties,classpath:application.properties");
        return context.resolvePropertyPlaceholders("{{" + name + "}}");
    }

    /** The redrive target of the events queue. */
    public String dead() {
        return events + "-dead";
    }

    /**
     * Makes what is missing and leaves what is there.
     *
     * @param endpoint where
     */
    public void provision(AwsEndpoint endpoint) {
        try (S3Client s3 = endpoint.s3();
                SqsClient sqs = endpoint.sqs();
                DynamoDbClient dynamoDb = endpoint.dynamoDb()) {
            bucket(s3, originals);
            bucket(s3, thumbnails);
            Map<QueueAttributeName, String> kept = Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, FOURTEEN_DAYS);
            queue(sqs, failures, kept);
            String deadArn = queue(sqs, dead(), kept);
            String eventsArn = queue(
                    sqs,
                    events,
                    Map.of(
                            QueueAttributeName.REDRIVE_POLICY,
                            "{\"deadLetterTargetArn\":\"" + deadArn + "\",\"maxReceiveCount\":" + MAX_RECEIVE_COUNT
                                    + "}"));
            notification(s3, eventsArn);
            table(dynamoDb, table);
            table(dynamoDb, failuresTable);
        }
    }

    private static void bucket(S3Client s3, String name) {
        try {
            s3.createBucket(request -> request.bucket(name));
        } catch (BucketAlreadyOwnedByYouException e) {
            // There already.
        }
    }

    /** Returns the ARN. */
    private static String queue(SqsClient sqs, String name, Map<QueueAttributeName, String> attributes) {
        try {
            sqs.createQueue(request -> request.queueName(name).attributes(attributes));
        } catch (QueueNameExistsException e) {
            // There already, with attributes that somebody changed.
        }
        String url = sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
        return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    /** Only if nothing is configured: to put a configuration replaces all that is there, and sends a test event. */
    private void notification(S3Client s3, String queueArn) {
        boolean configured =
                s3
                        .getBucketNotificationConfiguration(request -> request.bucket(originals))
                        .queueConfigurations()
                        .stream()
                        .anyMatch(configuration -> configuration.queueArn().equals(queueArn));
        if (!configured) {
            s3.putBucketNotificationConfiguration(request -> request.bucket(originals)
                    .notificationConfiguration(
                            notification -> notification.queueConfigurations(QueueConfiguration.builder()
                                    .queueArn(queueArn)
                                    .events(Event.S3_OBJECT_CREATED)
                                    .build())));
        }
    }

    private static void table(DynamoDbClient dynamoDb, String table) {
        try {
            dynamoDb.createTable(request -> request.tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(AttributeDefinition.builder()
                            .attributeName("name")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(KeySchemaElement.builder()
                            .attributeName("name")
                            .keyType(KeyType.HASH)
                            .build()));
        } catch (ResourceInUseException e) {
            // There already.
        }
        dynamoDb.waiter().waitUntilTableExists(request -> request.tableName(table));
    }
}
