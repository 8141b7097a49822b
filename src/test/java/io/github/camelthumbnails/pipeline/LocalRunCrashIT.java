// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.localaws.AwsEndpoint;
import io.github.camelthumbnails.localaws.FreePort;
import io.github.camelthumbnails.localaws.LocalRun;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Kills the whole local run, including local AWS, repeatedly and under load. Afterwards every acknowledged upload has
 * its thumbnail and item, or its failure message.
 *
 * <p>More and other kills: {@code mvn verify -Dit.test=LocalRunCrashIT -Dlocalrun.kills=20 -Dlocalrun.seed=7}.
 */
@Tag("long")
class LocalRunCrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(LocalRunCrashIT.class);

    private static final int KILLS = Integer.getInteger("localrun.kills", 3);
    private static final long SEED = Long.getLong("localrun.seed", 1);
    private static final int CLIENTS = 4;

    private final int httpPort = FreePort.next();
    private final String endpoint = "http://127.0.0.1:" + FreePort.next();
    private final Map<String, String> environment = Map.ofEntries(
            Map.entry("AWS_ENDPOINT", endpoint),
            Map.entry("HTTP_PORT", String.valueOf(httpPort)),
            Map.entry("MANAGEMENT_PORT", String.valueOf(FreePort.next())),
            // As in CrashIT: events in flight in a killed process are redelivered soon.
            Map.entry("IMAGE_TIMEOUTSECONDS", "4"),
            Map.entry("AWS_TIMEOUTSECONDS", "4"),
            Map.entry("EVENTS_RETRIES", "1"),
            Map.entry("EVENTS_MAXBACKOFFSECONDS", "15"),
            Map.entry("EVENTS_VISIBILITYTIMEOUT", "14"),
            Map.entry("EVENTS_WAITTIMESECONDS", "1"),
            Map.entry("EVENTS_CONSUMERS", "4"));

    private final HttpClient http = HttpClient.newHttpClient();

    /** The acknowledged originals by key. */
    private final Map<String, Original> acknowledged = new ConcurrentHashMap<>();

    @Test
    void noAcknowledgedUploadIsLost(@TempDir Path directory) throws Exception {
        Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            uploadUntilKilled(directory, kill, 1 + random.nextInt(40));
        }
        LOG.info("{} kills, {} acknowledged uploads", KILLS, acknowledged.size());

        try (Command run = start(directory)) {
            awaitAll();
            assertThat(run.stop()).isEqualTo(143);
        }
    }

    private Command start(Path directory) throws IOException {
        Command run = Command.java(
                directory,
                environment,
                List.of("-cp", System.getProperty("java.class.path"), LocalRun.class.getName()));
        run.awaitOutput("Use the aws command");
        return run;
    }

    /** Starts the local run, and kills it after it has acknowledged a number of uploads. */
    private void uploadUntilKilled(Path directory, int round, int uploads) throws Exception {
        int enough = acknowledged.size() + uploads;
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (Command run = start(directory)) {
            List<Future<Void>> running = IntStream.range(0, CLIENTS)
                    .mapToObj(client -> clients.submit(client(round, client)))
                    .toList();
            Pipeline.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() ->
                            acknowledged.size() >= enough || running.stream().anyMatch(Future::isDone));
            run.close();
            for (Future<Void> client : running) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(acknowledged)
                .as("acknowledged uploads before kill %s", round)
                .hasSizeGreaterThanOrEqualTo(enough);
    }

    /** Uploads one original after another until the connection fails. Every key is used once. */
    private Callable<Void> client(int round, int client) {
        Random random = new Random((SEED * 1000 + round) * CLIENTS + client);
        return () -> {
            for (int i = 0; ; i++) {
                String key = round + "/" + client + "/" + i;
                Original original = random.nextInt(5) == 0 ? Original.corrupt(random) : Original.picture(random);
                if (original.bytes().length == 0) {
                    continue; // an upload without a body is rejected
                }
                int status;
                try {
                    status = upload(key, original.bytes());
                } catch (IOException e) {
                    return null; // the process was killed
                }
                assertThat(status).isEqualTo(200);
                acknowledged.put(key, original);
            }
        };
    }

    private int upload(String key, byte[] body) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + httpPort + "/dev/originals/" + key);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private void awaitAll() {
        AwsEndpoint aws = new AwsEndpoint(endpoint, "ap-northeast-2");
        try (S3Client s3 = aws.s3();
                SqsClient sqs = aws.sqs();
                DynamoDbClient dynamoDb = aws.dynamoDb()) {
            String failures = sqs.getQueueUrl(request -> request.queueName("image-failures"))
                    .queueUrl();
            Set<String> failed = new HashSet<>();
            Set<String> missing = new HashSet<>(acknowledged.keySet());
            Pipeline.await()
                    // After a kill, events are invisible until the visibility timeout, and the last ones wait for a
                    // backlog.
                    .atMost(Duration.ofMinutes(3))
                    .untilAsserted(() -> {
                        sqs.receiveMessage(request -> request.queueUrl(failures)
                                        .maxNumberOfMessages(10)
                                        .visibilityTimeout(600))
                                .messages()
                                .forEach(message -> failed.add(message.body()));
                        Set<String> thumbnails = new HashSet<>();
                        s3.listObjectsV2Paginator(request -> request.bucket("thumbnails"))
                                .contents()
                                .forEach(object -> thumbnails.add(object.key()));
                        missing.removeIf(key -> acknowledged.get(key).isPicture()
                                ? thumbnails.contains("resized-" + key) && hasItem(dynamoDb, key)
                                : failed.contains(key));
                        assertThat(missing).isEmpty();
                    });
        }
    }

    private static boolean hasItem(DynamoDbClient dynamoDb, String key) {
        return dynamoDb.getItem(request -> request.tableName("thumbnails")
                        .key(Map.of("name", AttributeValue.fromS(key)))
                        .consistentRead(true))
                .hasItem();
    }
}
