// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;

/**
 * Names the AWS resources of the application, and creates them.
 *
 * @param originals the bucket of originals
 * @param thumbnails the bucket of thumbnails
 * @param events the queue of the originals bucket's events; its dead-letter queue is {@link #dead}
 * @param failures the queue of failure messages
 * @param table the table with an item for each thumbnail
 * @param failuresTable the table with an item for each original without a thumbnail
 */
public record AwsResources(
        String originals, String thumbnails, String events, String failures, String table, String failuresTable) {

    /** Number of receives after which a message moves to the dead-letter queue. The application's back-off is designed for it. */
    private static final int MAX_RECEIVE_COUNT = 12;

    /**
     * Events that the bucket sends, as in the Terraform configuration, but without those of lifecycle rules, which local AWS does not have.
     * Local AWS never sends the last one, because it has no archive.
     */
    private static final Set<String> EVENTS =
            Set.of("s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectRestore:Completed");

    /** Events that the bucket sends if the thumbnails of removed originals are to be kept. */
    private static final Set<String> EVENTS_WITHOUT_REMOVALS =
            Set.of("s3:ObjectCreated:*", "s3:ObjectRestore:Completed");

    private static final String FOURTEEN_DAYS = String.valueOf(14 * 24 * 60 * 60);

    /** Reads the names from the application's settings, including environment variables. */
    public static AwsResources fromSettings() {
        return new AwsResources(
                setting("originals.bucket"),
                setting("thumbnails.bucket"),
                setting("events.queue.name"),
                setting("failures.queue.name"),
                setting("thumbnails.table"),
                setting("failures.table"));
    }

    /** Returns a setting of the application with the profile of the local run. */
    static String setting(String name) {
        CamelContext context = new DefaultCamelContext(); // never started: only resolves properties
        context.getPropertiesComponent()
                .setLocation("classpath:application-dev.properties,classpath:application.properties");
        return context.resolvePropertyPlaceholders("{{" + name + "}}");
    }

    /** Returns the name of the dead-letter queue of the events queue. */
    public String dead() {
        return events + "-dead";
    }

    /**
     * Creates missing resources. Updates only two attributes of existing ones, because the application relies on them: the redrive
     * policy of the events queue and the notification configuration of the originals bucket.
     *
     * @param endpoint the endpoint of AWS or an emulator
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
            JsonObject redrive = JsonObject.of("deadLetterTargetArn", deadArn, "maxReceiveCount", MAX_RECEIVE_COUNT);
            // The redrive policy is set at creation: ElasticMQ also obeys one that is set later, but then it does
            // not list the queue as a source of the dead-letter queue.
            String eventsArn = queue(sqs, events, Map.of(QueueAttributeName.REDRIVE_POLICY, redrive.encode()));
            updateRedrivePolicy(sqs, redrive);
            notification(s3, eventsArn);
            table(dynamoDb, table);
            table(dynamoDb, failuresTable);
        }
    }

    private static void bucket(S3Client s3, String name) {
        try {
            s3.createBucket(request -> request.bucket(name));
        } catch (BucketAlreadyOwnedByYouException e) {
            // It exists.
        }
    }

    /** Creates a queue if it is missing, and returns its ARN. */
    private static String queue(SqsClient sqs, String name, Map<QueueAttributeName, String> attributes) {
        try {
            sqs.createQueue(request -> request.queueName(name).attributes(attributes));
        } catch (QueueNameExistsException e) {
            // It exists, with attributes that somebody has changed.
        }
        String url = sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
        return sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    /** Replaces the redrive policy of a queue that an older version of this project has created. */
    private void updateRedrivePolicy(SqsClient sqs, JsonObject wanted) {
        String url = sqs.getQueueUrl(request -> request.queueName(events)).queueUrl();
        String policy = sqs.getQueueAttributes(
                        request -> request.queueUrl(url).attributeNames(QueueAttributeName.REDRIVE_POLICY))
                .attributes()
                .get(QueueAttributeName.REDRIVE_POLICY);
        // Some emulators return the number as a string.
        boolean current = policy != null
                && String.valueOf(new JsonObject(policy).getValue("maxReceiveCount"))
                        .equals(String.valueOf(MAX_RECEIVE_COUNT));
        if (!current) {
            sqs.setQueueAttributes(request ->
                    request.queueUrl(url).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, wanted.encode())));
        }
    }

    /**
     * Adds the events queue to the notification configuration, and keeps other destinations. Does not replace a correct
     * configuration, because that would send a test event, nor one that leaves out only the removals.
     */
    private void notification(S3Client s3, String queueArn) {
        GetBucketNotificationConfigurationResponse present =
                s3.getBucketNotificationConfiguration(request -> request.bucket(originals));
        List<QueueConfiguration> own = present.queueConfigurations().stream()
                .filter(configuration -> configuration.queueArn().equals(queueArn))
                .toList();
        if (own.size() == 1
                && Set.of(EVENTS, EVENTS_WITHOUT_REMOVALS)
                        .contains(Set.copyOf(own.get(0).eventsAsStrings()))) {
            return;
        }
        List<QueueConfiguration> wanted = new ArrayList<>(present.queueConfigurations());
        wanted.removeAll(own);
        // Keep a filter that somebody has added.
        QueueConfiguration.Builder subscription =
                own.isEmpty() ? QueueConfiguration.builder().queueArn(queueArn) : own.get(0).toBuilder();
        wanted.add(subscription.eventsWithStrings(EVENTS).build());
        s3.putBucketNotificationConfiguration(request -> request.bucket(originals)
                .notificationConfiguration(notification -> notification
                        .queueConfigurations(wanted)
                        .topicConfigurations(present.topicConfigurations())
                        .lambdaFunctionConfigurations(present.lambdaFunctionConfigurations())
                        .eventBridgeConfiguration(present.eventBridgeConfiguration())));
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
            // It exists.
        }
        dynamoDb.waiter().waitUntilTableExists(request -> request.tableName(table));
    }
}
