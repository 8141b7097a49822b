// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Tests that local AWS behaves like AWS, as far as this project needs it. */
@Tag("long")
class LocalAwsIT {

    private static final String REGION = "ap-northeast-2";

    @TempDir
    static Path directory;

    private static LocalAws aws;
    private static S3Client s3;
    private static SqsClient sqs;
    private static CloudWatchClient cloudWatch;

    private final String bucket = "bucket-" + UUID.randomUUID();
    private final String queue = "queue-" + UUID.randomUUID();
    private String queueUrl;
    private String queueArn;

    @BeforeAll
    static void start() throws Exception {
        aws = LocalAws.start(directory, 0, REGION);
        s3 = endpoint(aws).s3();
        sqs = endpoint(aws).sqs();
        cloudWatch = endpoint(aws).cloudWatch();
    }

    @AfterAll
    static void stop() {
        s3.close();
        sqs.close();
        cloudWatch.close();
        aws.close();
    }

    private static AwsEndpoint endpoint(LocalAws aws) {
        return new AwsEndpoint(aws.endpoint().toString(), REGION);
    }

    @BeforeEach
    void create() {
        s3.createBucket(request -> request.bucket(bucket));
        queueUrl = sqs.createQueue(request -> request.queueName(queue)).queueUrl();
        queueArn = sqs.getQueueAttributes(
                        request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
    }

    @Test
    void queueUrlPointsToTheEndpoint() {
        assertThat(queueUrl).isEqualTo(aws.endpoint() + "/000000000000/" + queue);
        assertThat(queueArn).isEqualTo("arn:aws:sqs:" + REGION + ":000000000000:" + queue);
    }

    @Test
    void ageOfTheOldestMessageIsAMetricWithoutReceivingIt() {
        assertThat(age(queue)).containsExactly(0.0);

        sqs.sendMessage(request -> request.queueUrl(queueUrl).messageBody("oldest"));
        Instant sent = Instant.now();
        Awaitility.await().until(() -> age(queue).get(0) >= 2);
        sqs.sendMessage(request -> request.queueUrl(queueUrl).messageBody("newest"));

        assertThat(age(queue))
                .singleElement()
                .satisfies(age -> assertThat(age)
                        .isBetween(
                                2.0,
                                (double) Duration.between(sent, Instant.now()).toSeconds() + 1));
        assertThat(age(queue + "-missing")).isEmpty();
        List<Message> received = new ArrayList<>();
        Awaitility.await()
                .until(() -> received.addAll(sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                                        .maxNumberOfMessages(10)
                                        .waitTimeSeconds(1)
                                        .messageSystemAttributeNames(
                                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                                .messages())
                        && received.size() == 2);
        assertThat(received)
                .extracting(message -> message.attributesAsStrings().get("ApproximateReceiveCount"))
                .containsOnly("1");

        received.forEach(message ->
                sqs.deleteMessage(request -> request.queueUrl(queueUrl).receiptHandle(message.receiptHandle())));
        Awaitility.await().untilAsserted(() -> assertThat(age(queue)).containsExactly(0.0));
    }

    private static List<Double> age(String queue) {
        return cloudWatch
                .getMetricData(request -> request.startTime(Instant.now().minusSeconds(600))
                        .endTime(Instant.now())
                        .metricDataQueries(MetricDataQuery.builder()
                                .id("age")
                                .metricStat(statistic -> statistic
                                        .stat("Maximum")
                                        .period(60)
                                        .metric(metric -> metric.namespace("AWS/SQS")
                                                .metricName("ApproximateAgeOfOldestMessage")
                                                .dimensions(Dimension.builder()
                                                        .name("QueueName")
                                                        .value(queue)
                                                        .build())))
                                .build()))
                .metricDataResults()
                .get(0)
                .values();
    }

    @Test
    void notificationConfigurationSendsATestEventAndIsStored() {
        configure(queueArn, "photos/", ".jpg");

        JsonObject event = next();
        assertThat(event.getString("Event")).isEqualTo("s3:TestEvent");
        assertThat(event.getString("Service")).isEqualTo("Amazon S3");
        assertThat(event.getString("Bucket")).isEqualTo(bucket);
        assertThat(event.containsKey("Records")).isFalse();
        QueueConfiguration kept = s3.getBucketNotificationConfiguration(request -> request.bucket(bucket))
                .queueConfigurations()
                .get(0);
        assertThat(kept.queueArn()).isEqualTo(queueArn);
        assertThat(kept.id()).isNotBlank();
        assertThat(kept.events()).containsExactly(Event.S3_OBJECT_CREATED, Event.S3_OBJECT_REMOVED);
        assertThat(kept.filter().key().filterRules())
                .extracting(FilterRule::value)
                .containsExactly("photos/", ".jpg");
    }

    @Test
    void notificationOfAMissingQueueIsRejected() {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> configure(queueArn + "-missing", "", ""))
                .satisfies(e -> assertThat(e.statusCode()).isEqualTo(400))
                .withMessageContaining("destination");
        assertThat(s3.getBucketNotificationConfiguration(request -> request.bucket(bucket))
                        .hasQueueConfigurations())
                .isFalse();
    }

    @Test
    void putSendsAwsEvent() {
        configure(queueArn, "", "");
        next();
        Instant before = Instant.now();

        String eTag = put("folder/red flower+한😀.jpg", "12345");

        JsonObject message = next();
        assertThat(message.getJsonArray("Records")).hasSize(1);
        JsonObject record = message.getJsonArray("Records").getJsonObject(0);
        assertThat(record.getString("eventVersion")).isEqualTo("2.1");
        assertThat(record.getString("eventSource")).isEqualTo("aws:s3");
        assertThat(record.getString("awsRegion")).isEqualTo(REGION);
        assertThat(record.getString("eventName")).isEqualTo("ObjectCreated:Put");
        assertThat(record.getString("eventTime")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Instant.parse(record.getString("eventTime"))).isAfter(before.minusSeconds(1));
        JsonObject detail = record.getJsonObject("s3");
        assertThat(detail.getString("s3SchemaVersion")).isEqualTo("1.0");
        assertThat(detail.getJsonObject("bucket").getString("name")).isEqualTo(bucket);
        assertThat(detail.getJsonObject("bucket").getString("arn")).isEqualTo("arn:aws:s3:::" + bucket);
        JsonObject object = detail.getJsonObject("object");
        assertThat(object.getString("key")).isEqualTo("folder/red+flower%2B%ED%95%9C%F0%9F%98%80.jpg");
        assertThat(object.getLong("size")).isEqualTo(5);
        assertThat('"' + object.getString("eTag") + '"').isEqualTo(eTag);
        assertThat(object.getString("sequencer")).matches("[0-9A-F]{18}");
    }

    @Test
    void sequencerGrows() {
        configure(queueArn, "", "");
        next();
        List<String> sequencers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            put("k", "v" + i);
            sequencers.add(object(next()).getString("sequencer"));
        }

        assertThat(sequencers).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void copyMultipartUploadAndRemovalSendEvents() {
        configure(queueArn, "", "");
        next();
        put("source", "12345");
        next();

        s3.copyObject(request -> request.sourceBucket(bucket)
                .sourceKey("source")
                .destinationBucket(bucket)
                .destinationKey("copy"));
        JsonObject copied = next();
        assertThat(name(copied)).isEqualTo("ObjectCreated:Copy");
        assertThat(object(copied).getString("key")).isEqualTo("copy");
        assertThat(object(copied).getLong("size")).isEqualTo(5);

        String upload = s3.createMultipartUpload(
                        request -> request.bucket(bucket).key("multi part").contentType("image/png"))
                .uploadId();
        byte[] part = new byte[5 * 1024 * 1024];
        List<CompletedPart> parts = IntStream.rangeClosed(1, 2)
                .mapToObj(number -> CompletedPart.builder()
                        .partNumber(number)
                        .eTag(s3.uploadPart(
                                        request -> request.bucket(bucket)
                                                .key("multi part")
                                                .uploadId(upload)
                                                .partNumber(number),
                                        RequestBody.fromBytes(part))
                                .eTag())
                        .build())
                .toList();
        s3.completeMultipartUpload(request -> request.bucket(bucket)
                .key("multi part")
                .uploadId(upload)
                .multipartUpload(completed -> completed.parts(parts)));
        JsonObject completed = next();
        assertThat(name(completed)).isEqualTo("ObjectCreated:CompleteMultipartUpload");
        assertThat(object(completed).getString("key")).isEqualTo("multi+part");
        assertThat(object(completed).getLong("size")).isEqualTo(2L * part.length);
        assertThat(object(completed).getString("eTag")).endsWith("-2");
        assertThat(s3.headObject(request -> request.bucket(bucket).key("multi part"))
                        .contentType())
                .isEqualTo("image/png");

        s3.deleteObject(request -> request.bucket(bucket).key("copy"));
        JsonObject removed = next();
        assertThat(name(removed)).isEqualTo("ObjectRemoved:Delete");
        assertThat(object(removed).containsKey("size")).isFalse();
        assertThat(object(removed).containsKey("eTag")).isFalse();
    }

    @Test
    void filterSelectsKeys() {
        configure(queueArn, "photos/", ".jpg");
        next();

        put("photos/a.png", "x");
        put("other/a.jpg", "x");
        put("photos/a.jpg", "x");

        assertThat(object(next()).getString("key")).isEqualTo("photos/a.jpg");
        assertThat(sqs.receiveMessage(request -> request.queueUrl(queueUrl)).messages())
                .isEmpty();
    }

    @Test
    void listingHasTheOrderAndPrefixesOfS3() {
        List<String> keys = List.of("A", "a", "a/b", "a//b", "b/c/d", "b/c/e", "b/f", "한/😀", "😀", "~");
        keys.forEach(key -> put(key, "x"));

        assertThat(s3.listObjectsV2Paginator(request -> request.bucket(bucket).maxKeys(3)).contents().stream()
                        .map(S3Object::key))
                .containsExactly("A", "a", "a//b", "a/b", "b/c/d", "b/c/e", "b/f", "~", "한/😀", "😀");
        var page =
                s3.listObjectsV2(request -> request.bucket(bucket).prefix("b/").delimiter("/"));
        assertThat(page.contents()).extracting(S3Object::key).containsExactly("b/f");
        assertThat(page.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("b/c/");
    }

    @Test
    void provisioningTwiceChangesNothing() {
        String id = UUID.randomUUID().toString().substring(0, 8);
        AwsResources resources = new AwsResources(
                "originals-" + id, "thumbnails-" + id, "events-" + id, "failures-" + id, "table-" + id, "failed-" + id);

        resources.provision(endpoint(aws));
        resources.provision(endpoint(aws));

        String events = sqs.getQueueUrl(request -> request.queueName(resources.events()))
                .queueUrl();
        assertThat(sqs.receiveMessage(request -> request.queueUrl(events).maxNumberOfMessages(10))
                        .messages())
                .as("test events")
                .hasSize(1);
        assertThat(sqs.getQueueAttributes(
                                request -> request.queueUrl(events).attributeNames(QueueAttributeName.REDRIVE_POLICY))
                        .attributes()
                        .get(QueueAttributeName.REDRIVE_POLICY))
                .contains(":" + resources.dead() + "\"")
                .containsPattern("\"maxReceiveCount\":\"?12\\b");
    }

    @Test
    void provisioningUpdatesResourcesOfAnOlderVersion() {
        String id = UUID.randomUUID().toString().substring(0, 8);
        AwsResources resources = new AwsResources(
                "originals-" + id, "thumbnails-" + id, "events-" + id, "failures-" + id, "table-" + id, "failed-" + id);
        s3.createBucket(request -> request.bucket(resources.originals()));
        sqs.createQueue(request -> request.queueName(resources.dead()));
        String events = sqs.createQueue(request -> request.queueName(resources.events())
                        .attributes(Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"maxReceiveCount\":5,\"deadLetterTargetArn\":\"arn:aws:sqs:" + REGION
                                        + ":000000000000:" + resources.dead() + "\"}")))
                .queueUrl();
        s3.putBucketNotificationConfiguration(request -> request.bucket(resources.originals())
                .notificationConfiguration(notification -> notification.queueConfigurations(
                        subscription("arn:aws:sqs:" + REGION + ":000000000000:" + resources.events(), "photos/"),
                        subscription(queueArn, ""))));

        resources.provision(endpoint(aws));

        assertThat(sqs.getQueueAttributes(
                                request -> request.queueUrl(events).attributeNames(QueueAttributeName.REDRIVE_POLICY))
                        .attributes()
                        .get(QueueAttributeName.REDRIVE_POLICY))
                .containsPattern("\"maxReceiveCount\":\"?12\\b");
        String dead =
                sqs.getQueueUrl(request -> request.queueName(resources.dead())).queueUrl();
        assertThat(sqs.listDeadLetterSourceQueues(request -> request.queueUrl(dead))
                        .queueUrls())
                .containsExactly(events);
        List<QueueConfiguration> subscriptions = s3.getBucketNotificationConfiguration(
                        request -> request.bucket(resources.originals()))
                .queueConfigurations();
        assertThat(subscriptions)
                .extracting(QueueConfiguration::queueArn)
                .hasSize(2)
                .contains(queueArn);
        assertThat(subscriptions)
                .filteredOn(subscription -> !subscription.queueArn().equals(queueArn))
                .singleElement()
                .satisfies(subscription -> {
                    assertThat(subscription.eventsAsStrings())
                            .containsExactlyInAnyOrder(
                                    "s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectRestore:Completed");
                    assertThat(subscription.filter().key().filterRules())
                            .extracting(FilterRule::value)
                            .containsExactly("photos/");
                });
    }

    private static QueueConfiguration subscription(String arn, String prefix) {
        return QueueConfiguration.builder()
                .queueArn(arn)
                .events(Event.S3_OBJECT_CREATED)
                .filter(filter -> filter.key(key -> key.filterRules(
                        FilterRule.builder().name("prefix").value(prefix).build())))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "two words", "%zz", "한"})
    void unknownQueueGetsSqsError(String name) throws Exception {
        String url = aws.endpoint() + "/000000000000/" + name;

        assertThatExceptionOfType(QueueDoesNotExistException.class)
                .isThrownBy(
                        () -> sqs.sendMessage(request -> request.queueUrl(url).messageBody("message")))
                .satisfies(e -> {
                    assertThat(e.statusCode()).isEqualTo(400);
                    assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
                });

        // The older protocol, which the SDK no longer supports.
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(aws.endpoint())
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Authorization", "AWS4-HMAC-SHA256 Credential=a/20261101/r/sqs/aws4_request")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "Action=ReceiveMessage&Version=2012-11-05&QueueUrl="
                                                + URLEncoder.encode(url, StandardCharsets.UTF_8)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>");
    }

    /** S3Proxy responds to some uploads before it has read them. Neither the response nor the connection may be lost. */
    @Test
    void earlyResponseIsForwarded() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> client = () -> {
                for (int i = 0; i < 250; i++) {
                    String key = UUID.randomUUID().toString();
                    assertThatExceptionOfType(S3Exception.class)
                            .isThrownBy(() -> s3.putObject(
                                    request ->
                                            request.bucket("missing-" + bucket).key(key),
                                    RequestBody.fromBytes(new byte[10_000])))
                            .satisfies(e -> assertThat(e.statusCode()).isEqualTo(404));
                    put(key, "12345");
                }
                return null;
            };
            for (Future<Void> running : clients.invokeAll(Collections.nCopies(4, client))) {
                running.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void requestsWaitUntilTheServicesHaveStarted() throws Exception {
        try (AwsFront front = new AwsFront(0);
                Socket socket = new Socket("127.0.0.1", front.port())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(500);
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> socket.getInputStream().read());

            int s3Port = aws.endpoint().getPort(); // an AwsFront, which forwards to S3
            front.open(new AwsFront.Services(s3Port, s3Port, s3Port, null, null));

            socket.setSoTimeout(0);
            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void everythingSurvivesARestart(@TempDir Path kept) throws Exception {
        AwsResources resources = new AwsResources("originals", "thumbnails", "events", "failures", "table", "failed");
        LocalAws before = LocalAws.start(kept, 0, REGION);
        int port = before.endpoint().getPort();
        try (S3Client client = endpoint(before).s3();
                DynamoDbClient dynamoDb = endpoint(before).dynamoDb()) {
            resources.provision(endpoint(before));
            client.putObject(
                    request -> request.bucket("originals").key("kept 한.jpg").contentType("image/jpeg"),
                    RequestBody.fromString("12345"));
            dynamoDb.putItem(request -> request.tableName("table").item(Map.of("name", AttributeValue.fromS("kept"))));
        } finally {
            before.close();
        }

        LocalAws after = LocalAws.start(kept, port, REGION);
        try (S3Client client = endpoint(after).s3();
                SqsClient queues = endpoint(after).sqs();
                DynamoDbClient dynamoDb = endpoint(after).dynamoDb()) {
            resources.provision(endpoint(after));
            var object = client.getObjectAsBytes(
                    request -> request.bucket("originals").key("kept 한.jpg"));
            assertThat(object.asUtf8String()).isEqualTo("12345");
            assertThat(object.response().contentType()).isEqualTo("image/jpeg");
            assertThat(dynamoDb.scan(request -> request.tableName("table")).items())
                    .hasSize(1);
            String events =
                    queues.getQueueUrl(request -> request.queueName("events")).queueUrl();
            assertThat(queues.receiveMessage(request -> request.queueUrl(events).maxNumberOfMessages(10))
                            .messages())
                    .as("test event and upload")
                    .hasSize(2);
            client.putObject(request -> request.bucket("originals").key("new"), RequestBody.fromString("x"));
            assertThat(queues.receiveMessage(request -> request.queueUrl(events))
                            .messages())
                    .as("the notification is still configured")
                    .hasSize(1);
        } finally {
            after.close();
        }
    }

    @Test
    void portInUseIsReported(@TempDir Path other) {
        URI taken = aws.endpoint();

        assertThatIOException()
                .isThrownBy(() -> LocalAws.start(other, taken.getPort(), REGION))
                .withMessageContaining("Port " + taken.getPort() + " is in use")
                .withMessageContaining("AWS_ENDPOINT_URL=" + taken);
    }

    /** The licence of DynamoDB Local does not allow to compile against it. */
    @Test
    void noClassIsLinkedToDynamoDbLocal() throws IOException {
        Path classes = Path.of("target/test-classes");
        try (var files = java.nio.file.Files.walk(classes)) {
            assertThat(files.filter(file -> file.toString().endsWith(".class"))
                            .filter(file -> !file.endsWith("LocalAwsIT.class")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(new String(
                                    java.nio.file.Files.readAllBytes(file),
                                    java.nio.charset.StandardCharsets.ISO_8859_1))
                            .doesNotContain("software/amazon/dynamodb/services/"));
        }
    }

    private void configure(String arn, String prefix, String suffix) {
        s3.putBucketNotificationConfiguration(request -> request.bucket(bucket)
                .notificationConfiguration(configuration ->
                        configuration.queueConfigurations(QueueConfiguration.builder()
                                .queueArn(arn)
                                .events(Event.S3_OBJECT_CREATED, Event.S3_OBJECT_REMOVED)
                                .filter(filter -> filter.key(key -> key.filterRules(
                                        FilterRule.builder()
                                                .name("prefix")
                                                .value(prefix)
                                                .build(),
                                        FilterRule.builder()
                                                .name("suffix")
                                                .value(suffix)
                                                .build())))
                                .build())));
    }

    /** Stores an object and returns its ETag with quotes. */
    private String put(String key, String content) {
        return s3.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content))
                .eTag();
    }

    private JsonObject next() {
        return Awaitility.await()
                .until(
                        () ->
                                sqs
                                        .receiveMessage(request ->
                                                request.queueUrl(queueUrl).waitTimeSeconds(1))
                                        .messages()
                                        .stream()
                                        .map(message -> new JsonObject(message.body()))
                                        .toList(),
                        messages -> !messages.isEmpty())
                .get(0);
    }

    private static String name(JsonObject message) {
        return message.getJsonArray("Records").getJsonObject(0).getString("eventName");
    }

    private static JsonObject object(JsonObject message) {
        return message.getJsonArray("Records")
                .getJsonObject(0)
                .getJsonObject("s3")
                .getJsonObject("object");
    }
}
