// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelthumbnails.localaws.FaultProxy.Rule;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.OverLimitException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Tests that the AWS SDK sees each injected fault like a real one of AWS or the network. */
@Tag("long")
class FaultProxyIT {

    private static final String REGION = "ap-northeast-2";
    private static final String BUCKET = "bucket";
    private static final String OTHER_BUCKET = "other-bucket";
    private static final String TABLE = "table";
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    static Path directory;

    private static LocalAws aws;
    private static FaultProxy proxy;

    /** Clients of the proxy, which do not retry and wait for {@link #TIMEOUT}. */
    private static S3Client s3;

    private static SqsClient sqs;
    private static DynamoDbClient dynamoDb;

    /** Clients of the target, which see its state regardless of the proxy. */
    private static S3Client targetS3;

    private static SqsClient targetSqs;
    private static DynamoDbClient targetDynamoDb;

    private final String key = "folder/" + UUID.randomUUID() + " 한.jpg";

    @BeforeAll
    static void start() throws Exception {
        aws = LocalAws.start(directory, 0, REGION);
        proxy = FaultProxy.start(aws.endpoint());
        AwsEndpoint target = new AwsEndpoint(aws.endpoint().toString(), REGION);
        targetS3 = target.s3();
        targetSqs = target.sqs();
        targetDynamoDb = target.dynamoDb();
        new AwsResources(BUCKET, OTHER_BUCKET, "events", "failures", TABLE, "failed").provision(target);
        s3 = impatient(S3Client.builder().forcePathStyle(true));
        sqs = impatient(SqsClient.builder());
        dynamoDb = impatient(DynamoDbClient.builder());
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C impatient(B builder) {
        return builder.region(Region.of(REGION))
                .endpointOverride(proxy.endpoint())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(ApacheHttpClient.builder().socketTimeout(TIMEOUT))
                .overrideConfiguration(configuration -> configuration.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterAll
    static void stop() {
        List.of(s3, sqs, dynamoDb, targetS3, targetSqs, targetDynamoDb).forEach(client -> client.close());
        proxy.close();
        aws.close();
    }

    @AfterEach
    void removeFaults() {
        proxy.reset();
        proxy.listenAgain();
    }

    @Test
    void requestsAreForwardedUnchangedWithoutRules() {
        byte[] big = new byte[5 * 1024 * 1024];
        new Random(1).nextBytes(big);
        s3.putObject(request -> request.bucket(BUCKET).key(key).contentType("image/jpeg"), RequestBody.fromBytes(big));
        var object = s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key));
        assertThat(object.asByteArray()).isEqualTo(big);
        assertThat(object.response().contentType()).isEqualTo("image/jpeg");
        assertThat(s3.headObject(request -> request.bucket(BUCKET).key(key)).contentLength())
                .isEqualTo(big.length);
        s3.deleteObject(request -> request.bucket(BUCKET).key(key));
        assertThatExceptionOfType(NoSuchKeyException.class).isThrownBy(this::get);

        putItem();
        assertThat(dynamoDb.getItem(request -> request.tableName(TABLE).key(item()))
                        .item())
                .isEqualTo(item());
    }

    @Test
    void longPollIsNotInterrupted() {
        String queue = queue();
        try (SqsClient patient = new AwsEndpoint(proxy.endpoint().toString(), REGION).sqs()) {
            long start = System.nanoTime();
            assertThat(patient.receiveMessage(request -> request.queueUrl(queue).waitTimeSeconds(3))
                            .messages())
                    .isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(2900));

            CompletableFuture<List<Message>> poll = CompletableFuture.supplyAsync(() -> patient.receiveMessage(
                            request -> request.queueUrl(queue).waitTimeSeconds(20))
                    .messages());
            send(queue);
            assertThat(poll.join()).extracting(Message::body).containsExactly(key);
        }
    }

    @Test
    void refusedRequestIsAConnectionReset() {
        Rule s3Rule = proxy.fail(Service.S3, "PutObject", Fault.refuse());
        Rule sqsRule = proxy.fail(Service.SQS, "SendMessage", Fault.refuse());
        Rule dynamoDbRule = proxy.fail(Service.DYNAMODB, "PutItem", Fault.refuse());
        String queue = queue();

        assertLost(this::put);
        assertLost(() -> send(queue));
        assertLost(this::putItem);

        assertThat(List.of(s3Rule.hits(), sqsRule.hits(), dynamoDbRule.hits())).containsOnly(1);
        assertNothingReachedTheTarget(queue);
    }

    @Test
    void hangingRequestTimesOut() {
        proxy.fail(Service.S3, "PutObject", Fault.hang());
        proxy.fail(Service.SQS, "SendMessage", Fault.hang());
        proxy.fail(Service.DYNAMODB, "PutItem", Fault.hang());
        String queue = queue();

        assertTimeOut(this::put);
        assertTimeOut(() -> send(queue));
        assertTimeOut(this::putItem);
        assertNothingReachedTheTarget(queue);
    }

    @Test
    void delayedRequestIsForwardedLater() {
        Duration delay = Duration.ofMillis(500);
        proxy.fail(Service.S3, null, Fault.delay(delay));
        byte[] big = new byte[5 * 1024 * 1024];
        new Random(2).nextBytes(big);
        long start = System.nanoTime();

        s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(big));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(delay);
        assertThat(s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                        .asByteArray())
                .isEqualTo(big);
    }

    @Test
    void requestDelayedBeyondItsTimeoutIsNotForwarded() {
        Rule rule = proxy.fail(Service.DYNAMODB, "PutItem", Fault.delay(TIMEOUT.plusMillis(500)));
        assertTimeOut(this::putItem);
        assertThat(rule.hits()).isEqualTo(1);

        // This request is forwarded later than the delayed one would be.
        proxy.reset();
        proxy.fail(Service.DYNAMODB, "GetItem", Fault.delay(Duration.ofSeconds(1)));
        assertThat(dynamoDb.getItem(request -> request.tableName(TABLE).key(item()))
                        .hasItem())
                .isFalse();
    }

    @Test
    void errorsHaveTheFormatOfTheService() {
        proxy.fail(Service.S3, "GetObject", Fault.error(503, "SlowDown"));
        proxy.fail(Service.S3, "PutObject", Fault.error(500, "InternalError"));
        proxy.fail(Service.S3, "HeadObject", Fault.error(403, "AccessDenied"));
        proxy.fail(Service.S3, "DeleteObject", Fault.error(404, "NoSuchKey"));
        proxy.fail(Service.SQS, "SendMessage", Fault.error(403, "OverLimit"));
        proxy.fail(Service.SQS, "ReceiveMessage", Fault.error(503, "ServiceUnavailable"));
        proxy.fail(Service.DYNAMODB, "PutItem", Fault.error(400, "ProvisionedThroughputExceededException"));
        String queue = queue();

        assertError(this::get, S3Exception.class, 503, "SlowDown");
        assertError(this::put, S3Exception.class, 500, "InternalError");
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(
                        () -> s3.headObject(request -> request.bucket(BUCKET).key(key)))
                .matches(e -> e.statusCode() == 403);
        assertError(
                () -> s3.deleteObject(request -> request.bucket(BUCKET).key(key)),
                NoSuchKeyException.class,
                404,
                "NoSuchKey");
        assertError(() -> send(queue), OverLimitException.class, 403, "OverLimit");
        assertError(
                () -> sqs.receiveMessage(request -> request.queueUrl(queue).waitTimeSeconds(20)),
                SqsException.class,
                503,
                "ServiceUnavailable");
        assertError(
                this::putItem,
                ProvisionedThroughputExceededException.class,
                400,
                "ProvisionedThroughputExceededException");
        assertNothingReachedTheTarget(queue);
    }

    @Test
    void connectionIsKeptAfterAnError() {
        proxy.fail(Service.S3, "PutObject", Fault.error(503, "SlowDown")).times(3);
        byte[] big = new byte[5 * 1024 * 1024];
        for (int i = 0; i < 3; i++) {
            assertError(
                    () -> s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(big)),
                    S3Exception.class,
                    503,
                    "SlowDown");
        }

        s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(big));
        assertThat(targetS3.headObject(request -> request.bucket(BUCKET).key(key))
                        .contentLength())
                .isEqualTo(big.length);
    }

    @Test
    void cutResponseEndsAfterHalfOfItsBody() throws IOException {
        put();
        putItem();
        proxy.fail(Service.S3, "GetObject", Fault.cutResponse());
        proxy.fail(Service.DYNAMODB, null, Fault.cutResponse());

        byte[] whole = key.getBytes(StandardCharsets.UTF_8);
        try (var object = s3.getObject(request -> request.bucket(BUCKET).key(key))) {
            assertThat(object.response().contentLength()).isEqualTo(whole.length);
            byte[] half = new byte[whole.length / 2];
            assertThat(object.readNBytes(half, 0, half.length)).isEqualTo(half.length);
            assertThat(half).isEqualTo(Arrays.copyOf(whole, half.length));
            assertThatIOException().isThrownBy(object::read);
        }
        assertLost(() -> dynamoDb.getItem(request -> request.tableName(TABLE).key(item())));
    }

    @Test
    void cutRequestIsNotForwarded() {
        Rule rule = proxy.fail(Service.S3, "PutObject", Fault.cutRequest());
        proxy.fail(Service.SQS, "SendMessage", Fault.cutRequest());
        proxy.fail(Service.DYNAMODB, "PutItem", Fault.cutRequest());
        String queue = queue();
        byte[] big = new byte[5 * 1024 * 1024];

        assertLost(() -> s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(big)));
        assertLost(this::put);
        assertLost(() -> send(queue));
        assertLost(this::putItem);

        assertThat(rule.hits()).isEqualTo(2);
        assertNothingReachedTheTarget(queue);
    }

    @Test
    void requestWithLostResponseIsExecuted() {
        proxy.fail(Service.S3, null, Fault.loseResponse());
        proxy.fail(Service.SQS, "SendMessage", Fault.loseResponse());
        proxy.fail(Service.DYNAMODB, null, Fault.loseResponse());
        String queue = queue();

        assertLost(this::put);
        assertLost(this::get);
        assertLost(() -> send(queue));
        assertLost(this::putItem);

        assertThat(targetS3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                        .asUtf8String())
                .isEqualTo(key);
        assertThat(receive(queue)).extracting(Message::body).containsExactly(key);
        assertThat(targetDynamoDb
                        .getItem(request -> request.tableName(TABLE).key(item()))
                        .item())
                .isEqualTo(item());
    }

    @Test
    void cutResponseWithoutBodyIsLost() {
        proxy.fail(Service.S3, "PutObject", Fault.cutResponse());

        assertLost(this::put);

        assertThat(targetS3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                        .asUtf8String())
                .isEqualTo(key);
    }

    @Test
    void ruleAppliesToItsOperationAndBucketUntilItIsRemoved() {
        Rule rule = proxy.failIn(OTHER_BUCKET, "PutObject", Fault.error(503, "SlowDown"));

        put();
        get();
        assertError(this::putElsewhere, S3Exception.class, 503, "SlowDown");
        assertError(this::putElsewhere, S3Exception.class, 503, "SlowDown");
        rule.remove();
        putElsewhere();

        assertThat(rule.hits()).isEqualTo(2);
    }

    @Test
    void ruleAppliesToALimitedNumberOfRequests() {
        Rule first = proxy.fail(Service.S3, "PutObject", Fault.error(503, "SlowDown"))
                .times(2);
        Rule second =
                proxy.fail(Service.S3, null, Fault.error(500, "InternalError")).times(1);

        assertError(this::put, S3Exception.class, 503, "SlowDown");
        assertError(this::put, S3Exception.class, 503, "SlowDown");
        assertError(this::put, S3Exception.class, 500, "InternalError");
        put();

        assertThat(first.hits()).isEqualTo(2);
        assertThat(second.hits()).isEqualTo(1);
    }

    @Test
    void chaosAffectsSomeCallsOfAllServices() {
        String queue = queue();
        Rule rule = proxy.chaos(
                new Random(7),
                0.5,
                List.of(
                        Fault.refuse(),
                        Fault.error(503, "SlowDown"),
                        Fault.cutRequest(),
                        Fault.cutResponse(),
                        Fault.loseResponse()));
        int done = 0;
        for (int i = 0; i < 20; i++) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(this::put, () -> send(queue), this::putItem)) {
                done += catchThrowable(call) == null ? 1 : 0;
            }
        }

        assertThat(rule.hits()).isBetween(15, 45);
        // More calls can fail than were hit: a client may notice the reset of a pooled connection only later.
        assertThat(done).isPositive().isLessThanOrEqualTo(60 - rule.hits());

        rule.remove();
        Awaitility.await().ignoreExceptions().untilAsserted(this::put);
    }

    @Test
    void stoppedListenerRefusesConnections() {
        URI endpoint = proxy.endpoint();
        put();
        Rule hanging = proxy.fail(Service.SQS, "ReceiveMessage", Fault.hang());
        String queue = queue();
        CompletableFuture<Void> poll = CompletableFuture.runAsync(
                () -> sqs.receiveMessage(request -> request.queueUrl(queue).waitTimeSeconds(1)));
        Awaitility.await().until(() -> hanging.hits() == 1);

        proxy.stopListening();
        proxy.stopListening();

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(poll::join)
                .withRootCauseInstanceOf(SocketException.class);
        // The client first tries its pooled connections.
        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(this::get).hasRootCauseInstanceOf(ConnectException.class));
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket(endpoint.getHost(), endpoint.getPort()).close());

        proxy.listenAgain();
        proxy.listenAgain();

        assertThat(proxy.endpoint()).isEqualTo(endpoint);
        get();
        proxy.stopListening();
        proxy.listenAgain();
        // The client may first try its pooled connection.
        Awaitility.await().ignoreExceptions().untilAsserted(this::get);
    }

    private static String queue() {
        String name = "queue-" + UUID.randomUUID();
        targetSqs.createQueue(request -> request.queueName(name));
        return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
    }

    private void put() {
        s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromString(key));
    }

    private void putElsewhere() {
        s3.putObject(request -> request.bucket(OTHER_BUCKET).key(key), RequestBody.fromString(key));
    }

    private void get() {
        s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key));
    }

    private void send(String queue) {
        sqs.sendMessage(request -> request.queueUrl(queue).messageBody(key));
    }

    private void putItem() {
        dynamoDb.putItem(request -> request.tableName(TABLE).item(item()));
    }

    private Map<String, AttributeValue> item() {
        return Map.of("name", AttributeValue.fromS(key));
    }

    private static List<Message> receive(String queue) {
        return targetSqs.receiveMessage(request -> request.queueUrl(queue)).messages();
    }

    private void assertNothingReachedTheTarget(String queue) {
        assertThatExceptionOfType(NoSuchKeyException.class)
                .isThrownBy(() ->
                        targetS3.headObject(request -> request.bucket(BUCKET).key(key)));
        assertThat(receive(queue)).isEmpty();
        assertThat(targetDynamoDb
                        .getItem(request -> request.tableName(TABLE).key(item()))
                        .hasItem())
                .isFalse();
    }

    private static void assertLost(ThrowingCallable call) {
        assertThatExceptionOfType(SdkClientException.class)
                .isThrownBy(call)
                .havingRootCause()
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
    }

    private static void assertTimeOut(ThrowingCallable call) {
        assertThatExceptionOfType(SdkClientException.class)
                .isThrownBy(call)
                .withRootCauseInstanceOf(SocketTimeoutException.class);
    }

    private static void assertError(
            ThrowingCallable call, Class<? extends AwsServiceException> type, int status, String code) {
        assertThatExceptionOfType(type).isThrownBy(call).satisfies(e -> {
            assertThat(e.statusCode()).isEqualTo(status);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
        });
    }
}
