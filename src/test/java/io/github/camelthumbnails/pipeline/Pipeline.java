// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.localaws.AwsEndpoint;
import io.github.camelthumbnails.localaws.AwsResources;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import io.github.camelthumbnails.localaws.FreePort;
import io.github.camelthumbnails.localaws.LocalAws;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.util.FileUtil;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Runs the application and local AWS for the tests of one class, on free ports and with separate buckets, queues and
 * tables. If {@code AWS_ENDPOINT_URL} is set, uses that emulator instead of local AWS.
 */
final class Pipeline implements BeforeAllCallback, AfterAllCallback {

    private static final String REGION = "ap-northeast-2";

    final int httpPort = FreePort.next();
    final int managementPort = FreePort.next();
    final AwsResources resources;
    S3Client s3;
    SqsClient sqs;
    DynamoDbClient dynamoDb;
    FaultProxy faults;

    private final Map<String, String> settings = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<Message> failures = new ConcurrentLinkedQueue<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private CamelContext camel;
    private String endpoint;
    private String applicationEndpoint;
    private boolean withFaults;
    private int maxReceiveCount;
    private boolean withApplication = true;

    Pipeline() {
        String suffix = "-" + UUID.randomUUID().toString().substring(0, 8);
        resources = new AwsResources(
                "originals" + suffix,
                "thumbnails" + suffix,
                "events" + suffix,
                "failures" + suffix,
                "table" + suffix,
                "failed" + suffix);
        settings.put("originals.bucket", resources.originals());
        settings.put("thumbnails.bucket", resources.thumbnails());
        settings.put("events.queue.name", resources.events());
        settings.put("failures.queue.name", resources.failures());
        settings.put("dead.queue.name", resources.dead());
        settings.put("thumbnails.table", resources.table());
        settings.put("failures.table", resources.failuresTable());
        settings.put("camel.server.port", String.valueOf(httpPort));
        settings.put("camel.management.port", String.valueOf(managementPort));
    }

    /** Changes one of the application's settings. */
    Pipeline with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Shortens timeouts and retries, so that events that are not acknowledged are redelivered after two seconds. */
    Pipeline withShortTimes() {
        return with("events.visibilityTimeout", "2")
                .with("image.timeoutSeconds", "1")
                .with("aws.timeoutSeconds", "1")
                .with("events.retries", "0")
                .with("events.backoffSeconds", "1")
                .with("events.maxBackoffSeconds", "2")
                .with("events.pauseSeconds", "1");
    }

    /** Does not start the application, for tests that start it themselves with {@link #environment}. */
    Pipeline withoutApplication() {
        withApplication = false;
        return this;
    }

    /** Makes SQS move an event to the dead-letter queue after a number of receives. */
    Pipeline withMaxReceiveCount(int count) {
        maxReceiveCount = count;
        return this;
    }

    /** Puts {@link #faults} between the application and AWS. */
    Pipeline withFaults() {
        withFaults = true;
        return this;
    }

    /**
     * Lets S3 receive originals without storing them or answering, until the rule is removed. A limit of the browser's network does
     * not hold an upload back for sure: when its page is left, the browser sends what is left of it.
     */
    FaultProxy.Rule holdUploads() {
        return faults.failIn(resources.originals(), "PutObject", Fault.hang());
    }

    /** Returns the application's settings as environment variables. */
    Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        settings.forEach(
                (setting, value) -> variables.put(setting.replace('.', '_').toUpperCase(Locale.ROOT), value));
        variables.put("API_KEYREQUIRED", "false"); // as in the profile dev
        variables.put("OPERATE_KEYREQUIRED", "false");
        variables.put("AWS_ENDPOINT", applicationEndpoint);
        variables.put("HTTP_PORT", String.valueOf(httpPort));
        variables.put("MANAGEMENT_PORT", String.valueOf(managementPort));
        return variables;
    }

    /** Starts the application as a separate process, with its files in a directory. */
    Command process(Path directory, String... options) throws IOException {
        return process(directory, Map.of(), options);
    }

    /**
     * Starts the application as a separate process, with its files in a directory and some environment variables
     * changed.
     */
    Command process(Path directory, Map<String, String> changes, String... options) throws IOException {
        return process(directory, changes, List.of(options), List.of());
    }

    /** Starts a command of operators as a separate process. */
    Command command(Path directory, Map<String, String> changes, List<String> arguments) throws IOException {
        // with the log configuration of the application, not that of the tests
        String log = "-Dlog4j2.configurationFile=classpath:log4j2.properties";
        return process(directory, changes, List.of(log), arguments);
    }

    private Command process(Path directory, Map<String, String> changes, List<String> options, List<String> arguments)
            throws IOException {
        Map<String, String> environment = environment();
        environment.putAll(changes);
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of(
                "-Djava.io.tmpdir=" + directory, // what a killed process leaves there is deleted with the directory
                "-cp",
                System.getProperty("java.class.path"),
                App.class.getName()));
        command.addAll(arguments);
        return Command.java(directory, environment, command);
    }

    /**
     * Keeps events on their queue, however often they are received, instead of moving them to the dead-letter queue.
     */
    void disableDeadLetterQueue() {
        setMaxReceiveCount(1000);
    }

    private void setMaxReceiveCount(int count) {
        String url = url(resources.events());
        String policy = sqs.getQueueAttributes(
                        request -> request.queueUrl(url).attributeNames(QueueAttributeName.REDRIVE_POLICY))
                .attributes()
                .get(QueueAttributeName.REDRIVE_POLICY);
        JsonObject changed = new JsonObject(policy).put("maxReceiveCount", count);
        sqs.setQueueAttributes(request ->
                request.queueUrl(url).attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, changed.encode())));
    }

    /** Returns the Camel context of the application. */
    CamelContext camel() {
        return camel;
    }

    /** Returns the endpoint of AWS. */
    String endpoint() {
        return endpoint;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        endpoint = System.getenv("AWS_ENDPOINT_URL");
        if (endpoint == null) {
            Path directory = Files.createTempDirectory("local-aws");
            started.push(() -> FileUtil.removeDir(directory.toFile()));
            LocalAws aws = LocalAws.start(directory, 0, REGION);
            started.push(aws);
            endpoint = aws.endpoint().toString();
        }
        AwsEndpoint aws = new AwsEndpoint(endpoint, REGION);
        s3 = add(aws.s3());
        sqs = add(aws.sqs());
        dynamoDb = add(aws.dynamoDb());
        resources.provision(aws);
        if (maxReceiveCount > 0) {
            setMaxReceiveCount(maxReceiveCount);
        }
        applicationEndpoint = endpoint;
        if (withFaults) {
            faults = add(FaultProxy.start(URI.create(endpoint)));
            applicationEndpoint = faults.endpoint().toString();
        }
        if (withApplication) {
            camel = application(settings).getCamelContext();
        }
    }

    /** Starts another instance of the application on free ports. */
    Main anotherApplication() {
        return application(freePorts());
    }

    /** Starts another instance of the application on free ports and with some settings changed. */
    Main anotherApplication(Map<String, String> changes) {
        Map<String, String> changed = new HashMap<>(freePorts());
        changed.putAll(changes);
        return application(changed);
    }

    /** Returns the HTTP port of an application that was started here. */
    static int port(Main application) {
        return Integer.parseInt(application.getCamelContext().resolvePropertyPlaceholders("{{camel.server.port}}"));
    }

    private static Map<String, String> freePorts() {
        return Map.of(
                "camel.server.port",
                String.valueOf(FreePort.next()),
                "camel.management.port",
                String.valueOf(FreePort.next()));
    }

    /** Starts the application, or another instance of it, with some settings changed. */
    Main application(Map<String, String> changed) {
        Main main = new Main(App.class);
        main.configure().setProfile("dev");
        main.addOverrideProperty("aws.endpoint", applicationEndpoint);
        settings.forEach(main::addOverrideProperty);
        changed.forEach(main::addOverrideProperty);
        main.start();
        started.push(main::stop);
        return main;
    }

    private <C extends AutoCloseable> C add(C closeable) {
        started.push(closeable);
        return closeable;
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        while (!started.isEmpty()) {
            started.pop().close();
        }
    }

    /** Starts a wait with a timeout that is long enough for a slow machine. */
    static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
    }

    /** Uploads through the application. The path is sent unchanged. */
    HttpResponse<String> put(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        return put(httpPort, path, body, headers);
    }

    /** Uploads through the application on a port. */
    HttpResponse<String> put(int port, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Sends a request without a body. The path is sent unchanged. */
    HttpResponse<byte[]> read(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .version(HttpClient.Version.HTTP_1_1)
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Uploads an original and checks that it is accepted. */
    HttpResponse<String> upload(String key, byte[] original, String... headers)
            throws IOException, InterruptedException {
        HttpResponse<String> response = put(path(key), original, headers);
        Assertions.assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response;
    }

    /** Returns the path of a key. */
    String path(String key) {
        return "/dev/" + resources.originals() + "/"
                + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Sends a request to the management port of the application. */
    String observe(String path) throws IOException, InterruptedException {
        return observe(managementPort, path).body();
    }

    /** Sends a request to a management port. */
    HttpResponse<String> observe(int port, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + "/observe/" + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Stores an original without the application. */
    void store(String key, byte[] original) {
        s3.putObject(request -> request.bucket(resources.originals()).key(key), RequestBody.fromBytes(original));
    }

    /** Returns the bytes of an original. */
    byte[] original(String key) {
        return s3.getObjectAsBytes(
                        request -> request.bucket(resources.originals()).key(key))
                .asByteArray();
    }

    /** Sends a message to the events queue. */
    void send(String message) {
        String url = url(resources.events());
        sqs.sendMessage(request -> request.queueUrl(url).messageBody(message));
    }

    /** Removes the bucket's notification, so that from now on there are only events that a test sends. */
    void disableNotifications() {
        s3.putBucketNotificationConfiguration(
                request -> request.bucket(resources.originals()).notificationConfiguration(none -> {}));
    }

    /** Returns the event record that S3 would write for an object. */
    String record(String event, String bucket, String key) {
        return """
                {"eventVersion":"2.1","eventName":"%s","s3":{"bucket":{"name":"%s"},"object":{"key":"%s","eTag":"e"}}}""".formatted(event, bucket, URLEncoder.encode(key, StandardCharsets.UTF_8));
    }

    /** Waits for the thumbnail of a key and returns it. */
    ResponseBytes<GetObjectResponse> awaitThumbnail(String key) {
        return await().ignoreException(NoSuchKeyException.class)
                .until(
                        () -> s3.getObjectAsBytes(request ->
                                request.bucket(resources.thumbnails()).key("resized-" + key)),
                        thumbnail -> true);
    }

    /** Waits for the item of a key and returns it. */
    Map<String, AttributeValue> awaitItem(String key) {
        return await().until(() -> item(key), item -> !item.isEmpty());
    }

    /** Waits for the failure message of a key and returns it. */
    Message awaitFailure(String key) {
        await().until(() -> !failures(key).isEmpty());
        return failures(key).get(0);
    }

    /** Returns all failure messages of a key so far. */
    List<Message> failures(String key) {
        receiveFailures();
        return failures.stream().filter(message -> message.body().equals(key)).toList();
    }

    /** Returns all failure messages so far by key. */
    Map<String, List<Message>> failures() {
        while (count(resources.failures()) > 0) {
            receiveFailures();
        }
        return failures.stream().collect(Collectors.groupingBy(Message::body));
    }

    /** Returns whether there is an item or a failure message for a key. */
    boolean isDone(String key) {
        return !item(key).isEmpty() || !failures(key).isEmpty();
    }

    private void receiveFailures() {
        String url = url(resources.failures());
        sqs.receiveMessage(
                        request -> request.queueUrl(url).maxNumberOfMessages(10).messageAttributeNames("All"))
                .messages()
                .forEach(message -> {
                    failures.add(message);
                    sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(message.receiptHandle()));
                });
    }

    /** Waits until every event has been acknowledged or moved to another queue. */
    void awaitNoEvents() {
        await().until(() -> count(resources.events()) == 0);
    }

    /** Returns the number of messages on a queue, including those in flight. */
    int count(String queue) {
        String url = url(queue);
        Map<QueueAttributeName, String> attributes = sqs.getQueueAttributes(request -> request.queueUrl(url)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().mapToInt(Integer::parseInt).sum();
    }

    void assertNoThumbnailAndNoItem(String key) {
        Assertions.assertThat(keys(resources.thumbnails())).doesNotContain("resized-" + key);
        Assertions.assertThat(item(key)).isEmpty();
    }

    /** Describes the thumbnail and the item of a key in the format of {@link Original#outcome}. */
    String outcome(String key) {
        String thumbnail;
        try {
            thumbnail = Original.describe(s3.getObjectAsBytes(
                            request -> request.bucket(resources.thumbnails()).key("resized-" + key))
                    .asByteArray());
        } catch (NoSuchKeyException e) {
            thumbnail = Original.NONE;
        }
        AttributeValue source = item(key).get("sourceETag");
        return thumbnail + ", item of " + (source == null ? Original.NONE : source.s());
    }

    List<String> keys(String bucket) {
        return s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                .map(object -> object.key())
                .toList();
    }

    /** Returns the item of a key; empty if there is none. */
    Map<String, AttributeValue> item(String key) {
        return dynamoDb.getItem(request -> request.tableName(resources.table())
                        .key(Map.of("name", AttributeValue.fromS(key)))
                        .consistentRead(true))
                .item();
    }

    /** Returns the item of a key in the table of failures; empty if there is none. */
    Map<String, AttributeValue> failedItem(String key) {
        return dynamoDb.getItem(request -> request.tableName(resources.failuresTable())
                        .key(Map.of("name", AttributeValue.fromS(key)))
                        .consistentRead(true))
                .item();
    }

    String url(String queue) {
        return sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
    }
}
