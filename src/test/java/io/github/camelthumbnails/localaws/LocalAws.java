// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Runs S3, SQS and DynamoDB in this process, on one port, with S3 event notifications and the only metric that the application reads.
 * The services speak the AWS protocols and do
 * not check credentials. Stored data survives a restart with the same directory.
 */
public final class LocalAws implements AutoCloseable {

    /** Account id in ARNs and queue URLs. */
    static final String ACCOUNT = "000000000000";

    private static final Logger LOG = LoggerFactory.getLogger(LocalAws.class);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final URI endpoint;

    private LocalAws(AwsFront front) {
        started.push(front);
        endpoint = URI.create("http://127.0.0.1:" + front.port());
    }

    /**
     * Starts all services.
     *
     * @param directory the directory for stored data, created if missing
     * @param port the port, or 0 for a free one
     * @param region the region of queues and events
     * @return the running services
     * @throws Exception if the port is in use or the directory cannot be used
     */
    public static LocalAws start(Path directory, int port, String region) throws Exception {
        Path base = directory.toAbsolutePath().normalize();
        AwsFront front = new AwsFront(port);
        LocalAws aws = new LocalAws(front);
        try {
            LocalDynamoDb dynamoDb = aws.add(new LocalDynamoDb(base.resolve("dynamodb")));
            LocalSqs queues = aws.add(new LocalSqs(base.resolve("sqs"), region, front.port()));
            SqsClient sqs = aws.add(new AwsEndpoint("http://127.0.0.1:" + queues.port(), region).sqs());
            BucketNotifications notifications = new BucketNotifications(base.resolve("notifications"), sqs, region);
            LocalS3 s3 = aws.add(
                    new LocalS3(base.resolve("s3"), notifications, new PendingEvents(base.resolve("pending-events"))));
            front.open(new AwsFront.Services(
                    s3.port(), queues.port(), dynamoDb.port(), notifications, new LocalMetrics(queues)));
            return aws;
        } catch (Exception e) {
            aws.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T add(T service) {
        started.push(service);
        return service;
    }

    /** Returns the endpoint URL for clients. */
    public URI endpoint() {
        return endpoint;
    }

    /** Stops all services in the reverse order of their start. */
    @Override
    public void close() {
        for (AutoCloseable service : started) {
            try {
                service.close();
            } catch (Exception e) {
                LOG.warn("{} could not be stopped cleanly", service, e);
            }
        }
    }
}
