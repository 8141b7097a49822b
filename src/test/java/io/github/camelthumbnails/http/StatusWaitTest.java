// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Tests long polling through a real HTTP server, with tables and a bucket in memory. */
@Timeout(60)
class StatusWaitTest {

    private final Vertx vertx = Vertx.vertx();
    private final CamelContext camel = new DefaultCamelContext();
    private final Map<String, Map<String, AttributeValue>> failures = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile RuntimeException outage;
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        Processor check = exchange -> {
            String uri = exchange.getMessage().getHeader("CamelHttpUri", String.class);
            if (uri.startsWith("/refused")) {
                throw RequestRefusedException.badRequest("Refused");
            }
            exchange.setProperty("objectKey", uri.substring(1, uri.indexOf('?')));
        };
        StatusLookup lookup = new StatusLookup(
                new Originals(),
                new Tables(),
                "originals",
                "thumbnails",
                "failures",
                new KeyStatus("dev", "originals"));
        Router router = Router.router(vertx);
        router.route().handler(new StatusWait(camel, List.of(check), lookup)).handler(routing -> {
            JsonObject status = StatusWait.foundStatus();
            routing.end(status == null ? "none" : status.getString("state"));
        });
        camel.start();
        server = result(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    @AfterEach
    void stop() throws Exception {
        camel.stop();
        result(vertx.close());
    }

    @Test
    void requestIsHeldUntilThereIsAStatus() throws Exception {
        CompletableFuture<String> answer = get("/k?status&wait=30");
        awaitCalls(3);
        assertThat(answer.isDone()).isFalse();

        fail("k");

        assertThat(result(answer)).isEqualTo("failed");
    }

    @Test
    void requestsForTheSameKeyShareItsLookups() throws Exception {
        List<CompletableFuture<String>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(get("/k?status&wait=30"));
        }
        CompletableFuture<String> other = get("/other?status&wait=30");
        awaitCalls(6);

        fail("k");

        for (CompletableFuture<String> answer : answers) {
            assertThat(result(answer)).isEqualTo("failed");
        }
        assertThat(other.isDone()).isFalse();
        fail("other");
        assertThat(result(other)).isEqualTo("failed");
    }

    @Test
    void requestIsPassedOnWhenTheTimeIsUp() throws Exception {
        assertThat(result(get("/k?status&wait=1"))).isEqualTo("none");
    }

    @Test
    void requestWithoutWaitIsPassedOnImmediately() throws Exception {
        for (String request : List.of("/k", "/k?status", "/k?status&wait=0", "/k?wait=30", "/k?status&wait=x")) {
            assertThat(result(get(request))).as(request).isEqualTo("none");
        }
        assertThat(calls).hasValue(0);
    }

    @Test
    void requestThatWouldBeRefusedIsNotHeld() throws Exception {
        assertThat(result(get("/refused?status&wait=30"))).isEqualTo("none");
        assertThat(calls).hasValue(0);
    }

    @Test
    void failedFirstLookupPassesTheRequestOnSoThatTheRouteReportsTheError() throws Exception {
        outage = new IllegalStateException("away");

        assertThat(result(get("/k?status&wait=30"))).isEqualTo("none");
    }

    @Test
    void heldRequestSurvivesAnOutage() throws Exception {
        CompletableFuture<String> answer = get("/k?status&wait=30");
        awaitCalls(2);
        outage = new IllegalStateException("away");
        awaitCalls(calls.get() + 2);
        assertThat(answer.isDone()).isFalse();

        outage = null;
        fail("k");

        assertThat(result(answer)).isEqualTo("failed");
    }

    @Test
    void lookupsEndWhenNoRequestIsHeld() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.actualPort())) {
            socket.getOutputStream()
                    .write("GET /k?status&wait=30 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            awaitCalls(2);
        }

        Awaitility.await().during(1, TimeUnit.SECONDS).until(calls::get, new Unchanged()::test);
    }

    @Test
    void stoppingCamelReleasesAllRequests() throws Exception {
        CompletableFuture<String> answer = get("/k?status&wait=30");
        awaitCalls(2);

        camel.stop();

        assertThat(result(answer)).isEqualTo("none");
        assertThat(result(get("/k?status&wait=30"))).isEqualTo("none");
    }

    /** Matches a number that equals the one of the previous call. */
    private static final class Unchanged {
        private int last = -1;

        private boolean test(int number) {
            boolean same = number == last;
            last = number;
            return same;
        }
    }

    private void fail(String key) {
        failures.put(
                key,
                Map.of(
                        "name", AttributeValue.fromS(key),
                        "eTag", AttributeValue.fromS("etag"),
                        "reason", AttributeValue.fromS("CorruptImage")));
    }

    private void awaitCalls(int number) {
        Awaitility.await().until(() -> calls.get() >= number);
    }

    private CompletableFuture<String> get(String uri) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + uri))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    private static <T> T result(Future<T> future) throws Exception {
        return result(future.toCompletionStage().toCompletableFuture());
    }

    private static <T> T result(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static final class Originals implements S3Client {

        @Override
        public HeadObjectResponse headObject(Consumer<HeadObjectRequest.Builder> request) {
            return HeadObjectResponse.builder().eTag("\"etag\"").build();
        }

        @Override
        public String serviceName() {
            return "s3";
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private final class Tables implements DynamoDbClient {

        @Override
        public BatchGetItemResponse batchGetItem(Consumer<BatchGetItemRequest.Builder> request) {
            calls.incrementAndGet();
            if (outage != null) {
                throw outage;
            }
            List<Map<String, AttributeValue>> found = new ArrayList<>();
            BatchGetItemRequest.builder().applyMutation(request).build().requestItems().get("failures").keys().stream()
                    .map(key -> failures.get(key.get("name").s()))
                    .filter(item -> item != null)
                    .forEach(found::add);
            return BatchGetItemResponse.builder()
                    .responses(Map.of("failures", found))
                    .build();
        }

        @Override
        public String serviceName() {
            return "dynamodb";
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
