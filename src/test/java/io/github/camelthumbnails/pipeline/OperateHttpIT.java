// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy;
import io.github.camelthumbnails.localaws.FaultProxy.Rule;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.RedriveOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests the requests of operators: who may send them, what they are answered, and which are refused. Small routes replace those that
 * move and compare objects: a redrive runs until it is cancelled, a reconcile ends immediately.
 */
class OperateHttpIT {

    private static final String OPERATOR = "a-key-of-an-operator";
    private static final String UPLOADER = "a-key-of-an-uploader";
    private static final String JSON = "application/json";

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("app.roles", "upload,operate")
            .with("api.keyRequired", "true")
            .with("api.keys", UPLOADER)
            .with("operate.keyRequired", "true")
            .with("operate.keys", OPERATOR)
            .with(
                    "camel.main.routesExcludePattern",
                    "**/redrive-failures.camel.yaml,**/reconcile-originals.camel.yaml");

    private static volatile Object options;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void replaceRoutes() throws Exception {
        RouteBuilder.addRoutes(PIPELINE.camel(), routes -> {
            routes.errorHandler(routes.noErrorHandler());
            routes.from("direct:redrive-failures").process(exchange -> {
                options = exchange.getMessage().getBody(RedriveOptions.class);
                Operation operation = exchange.getProperty("operation", Operation.class);
                operation.count("moved", 3);
                operation.example("unreadable", "odd \"key\"");
                Awaitility.await().atMost(Duration.ofMinutes(2)).until(operation::isCancelled);
            });
            routes.from("direct:reconcile-originals").process(exchange -> {
                ReconcileOptions received = exchange.getMessage().getBody(ReconcileOptions.class);
                options = received;
                if (received.prefix().equals("broken")) {
                    throw new IllegalStateException("a bug");
                }
                exchange.getProperty("operation", Operation.class).reached("z.jpg");
            });
        });
        for (int i = 0; i < 25; i++) {
            fail("p/" + i + ".jpg", i % 5 == 0 ? "InternalError" : "CorruptImage", i);
        }
        fail("other.jpg", "AccessDenied", 60);
    }

    private static void fail(String key, String reason, int minutesAgo) {
        Instant failedAt = Instant.now().minus(Duration.ofMinutes(minutesAgo));
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS(key),
                        "bucket", AttributeValue.fromS(PIPELINE.resources.originals()),
                        "reason", AttributeValue.fromS(reason),
                        "error", AttributeValue.fromS("It failed"),
                        "eTag", AttributeValue.fromS("e"),
                        "failedAt", AttributeValue.fromS(failedAt.toString()),
                        "expiresAt",
                                AttributeValue.fromN(String.valueOf(
                                        failedAt.plus(Duration.ofDays(1)).getEpochSecond())))));
    }

    @AfterEach
    void endRedrive() throws Exception {
        send("DELETE", "/operate/redrive", null);
        Pipeline.await()
                .until(() -> !send("GET", "/operate/redrive", null).body().contains("\"running\""));
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(PIPELINE.httpPort, OPERATOR, method, path, body, headers);
    }

    private HttpResponse<String> send(int port, String key, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("x-api-key", key);
        }
        if (body != null && headers.length == 0) {
            request.header("Content-Type", JSON);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonObject json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValue(status < 400 ? JSON : "application/problem+json");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        return new JsonObject(response.body());
    }

    @Test
    void queuesHaveTheirDepthAndAge() throws Exception {
        JsonObject answer = json(send("GET", "/operate/queues", null), 200);

        assertThat(answer.getJsonArray("queues").stream().map(queue -> ((JsonObject) queue).getString("name")))
                .containsExactly("events", "failures", "dead");
        JsonObject events = answer.getJsonArray("queues").getJsonObject(0);
        assertThat(events.getLong("waiting")).as("S3's test event").isPositive();
        assertThat(events.getLong("oldestSeconds")).isBetween(0L, 3600L);
        assertThat(answer.getJsonArray("queues").getJsonObject(2))
                .isEqualTo(new JsonObject()
                        .put("name", "dead")
                        .put("waiting", 0)
                        .put("inFlight", 0)
                        .put("delayed", 0)
                        .put("oldestSeconds", null));
        assertThat(send("HEAD", "/operate/queues", null).body()).isEmpty();
    }

    @Test
    void depthIsThereEvenIfCloudWatchDeniesTheAge() throws Exception {
        try (FaultProxy front = FaultProxy.start(URI.create(PIPELINE.endpoint()))) {
            Rule denied = front.fail(Service.MONITORING, "GetMetricData", Fault.error(403, "AccessDenied"));
            Main operator = PIPELINE.anotherApplication(Map.of(
                    "app.roles", "operate", "aws.endpoint", front.endpoint().toString()));
            try {
                JsonObject events = json(send(Pipeline.port(operator), OPERATOR, "GET", "/operate/queues", null), 200)
                        .getJsonArray("queues")
                        .getJsonObject(0);

                assertThat(events.getLong("waiting")).isPositive();
                assertThat(events.getMap()).containsEntry("oldestSeconds", null).doesNotContainKey("problem");
                assertThat(events.getString("ageProblem")).startsWith("CloudWatch: Injected by a test");
                assertThat(denied.hits()).isEqualTo(1);
            } finally {
                operator.stop();
            }
        }
    }

    @Test
    void failuresAreCountedAndTheNewestShown() throws Exception {
        JsonObject answer = json(send("GET", "/operate/failures/summary?newest=2", null), 200);

        assertThat(answer.getLong("total")).isEqualTo(26);
        assertThat(answer.getJsonObject("byReason").getMap())
                .containsEntry("CorruptImage", 20)
                .containsEntry("InternalError", 5)
                .containsEntry("AccessDenied", 1);
        assertThat(answer.getJsonArray("newest").stream().map(failure -> ((JsonObject) failure).getString("key")))
                .containsExactly("p/0.jpg", "p/1.jpg");
        JsonObject some =
                json(send("GET", "/operate/failures/summary?reason=InternalError,AccessDenied&prefix=p/", null), 200);
        assertThat(some.getLong("total")).isEqualTo(5);
    }

    @Test
    void pagesHaveEachFailureOnce() throws Exception {
        List<String> keys = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            JsonObject page = json(send("GET", "/operate/failures?limit=10&prefix=p%2F" + cursor, null), 200);
            page.getJsonArray("failures").forEach(failure -> keys.add(((JsonObject) failure).getString("key")));
            assertThat(page.getJsonArray("failures").size()).isLessThanOrEqualTo(10);
            cursor = page.getString("next") == null ? null : "&cursor=" + page.getString("next");
        }

        assertThat(keys).hasSize(25);
        assertThat(new HashSet<>(keys)).hasSize(25);
    }

    @Test
    void redriveIsStartedFollowedAndCancelled() throws Exception {
        HttpResponse<String> start = send(
                "POST",
                "/operate/redrive",
                "{\"reasons\":[\"InternalError\"],\"prefix\":\"p/\",\"keys\":[\"p/1.jpg\"]}");

        JsonObject started = json(start, 202);
        assertThat(start.headers().firstValue("Location")).hasValue("/operate/redrive");
        assertThat(started.getString("state")).isEqualTo("running");
        Pipeline.await()
                .untilAsserted(() -> assertThat(json(send("GET", "/operate/redrive", null), 200)
                                .getJsonObject("counts")
                                .getLong("moved"))
                        .isEqualTo(3));
        RedriveOptions received = (RedriveOptions) options;
        assertThat(received.reasons()).hasToString("[InternalError]");
        assertThat(received.prefix()).isEqualTo("p/");
        assertThat(received.keys()).isEqualTo(Set.of("p/1.jpg"));

        HttpResponse<String> second = send("POST", "/operate/redrive", "{}");
        assertThat(json(second, 409).getString("detail")).contains("A redrive is running since");
        assertThat(second.headers().firstValue("Location")).hasValue("/operate/redrive");

        assertThat(json(send("DELETE", "/operate/redrive", null), 202).getBoolean("cancelled"))
                .isTrue();
        Pipeline.await()
                .untilAsserted(() -> assertThat(
                                json(send("GET", "/operate/redrive", null), 200).getString("state"))
                        .isEqualTo("cancelled"));
        JsonObject last = json(send("DELETE", "/operate/redrive", null), 200);
        assertThat(last.getString("id")).isEqualTo(started.getString("id"));
        assertThat(last.getJsonObject("examples").getJsonArray("unreadable").getString(0))
                .isEqualTo("odd \"key\"");
    }

    @Test
    void reconcileIsStartedAndItsErrorIsShown() throws Exception {
        json(send("POST", "/operate/reconcile", "{\"max\":1000,\"deleteOrphans\":true}"), 202);
        Pipeline.await()
                .untilAsserted(() -> assertThat(json(send("GET", "/operate/reconcile", null), 200)
                                .getString("state"))
                        .isEqualTo("done"));
        assertThat(json(send("GET", "/operate/reconcile", null), 200).getString("position"))
                .isEqualTo("z.jpg");
        ReconcileOptions received = (ReconcileOptions) options;
        assertThat(received.max()).isEqualTo(1000);
        assertThat(received.deleteOrphans()).isTrue();
        assertThat(received.eventsPerSecond()).isEqualTo(50);
        assertThat(received.changedBefore()).isNull();
        assertThat(received.minAge()).isEqualTo(Duration.ofMinutes(1));

        json(send("POST", "/operate/reconcile", "{\"dryRun\":true,\"prefix\":\"broken\"}"), 202);
        Pipeline.await()
                .untilAsserted(() -> assertThat(json(send("GET", "/operate/reconcile", null), 200)
                                .getString("state"))
                        .isEqualTo("failed"));
        assertThat(json(send("GET", "/operate/reconcile", null), 200).getString("message"))
                .contains("a bug");
    }

    @Test
    void priceOfAReconcileIsShownBeforeItStarts() throws Exception {
        assertThat(json(send("GET", "/operate/reconcile/price?max=1000", null), 200)
                        .getString("price"))
                .contains("Each million originals costs about $0.01 to list", "Up to 1,000 events cost about $");
        assertThat(json(send("GET", "/operate/reconcile/price", null), 200).getString("price"))
                .contains("Each million originals")
                .doesNotContain("events");
        assertThat(json(send("GET", "/operate/reconcile/price?inventory=s3%3A%2F%2Fb%2Fm.json", null), 200)
                        .getString("price"))
                .doesNotContain("to list");
        assertThat(json(send("GET", "/operate/reconcile/price?max=0", null), 400)
                        .getString("detail"))
                .startsWith("max is not valid.");
    }

    @ParameterizedTest
    @CsvSource({"GET, queues", "GET, failures", "POST, redrive", "DELETE, redrive", "GET, absent", "PUT, queues"})
    void onlyOperatorsMayUseIt(String method, String path) throws Exception {
        for (String key : new String[] {null, UPLOADER, "a-key-of-an-operatoR", ""}) {
            HttpResponse<String> response = send(PIPELINE.httpPort, key, method, "/operate/" + path, null);
            assertThat(json(response, 401).getString("detail")).contains("x-api-key");
            assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        }
    }

    @Test
    void keyOfAnOperatorIsNoneOfAnUploader() throws Exception {
        assertThat(PIPELINE.put(PIPELINE.path("a.jpg"), new byte[] {1}, "x-api-key", OPERATOR)
                        .statusCode())
                .isEqualTo(401);
        PIPELINE.upload("a.jpg", new byte[] {1}, "x-api-key", UPLOADER);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, queues, 'GET, HEAD'",
        "POST, failures, 'GET, HEAD'",
        "OPTIONS, failures/summary, 'GET, HEAD'",
        "PATCH, redrive, 'POST, GET, HEAD, DELETE'"
    })
    void otherMethodsAreRefusedAndTheAllowedOnesListed(String method, String path, String allowed) throws Exception {
        HttpResponse<String> response = send(method, "/operate/" + path, null);

        assertThat(json(response, 405).getString("detail")).contains(allowed);
        assertThat(response.headers().firstValue("Allow")).hasValue(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failures?limit=0          | 400 | limit is not valid. Send a whole number from 1 to 1000.",
                "failures?limit=1001       | 400 | limit is not valid",
                "failures?limit=1e3        | 400 | limit is not valid",
                "failures?reason=Corrupt   | 400 | There is no reason Corrupt.",
                "failures?reasons=Timeout  | 400 | The query parameter reasons is not known for this request. Use cursor, limit, prefix, reason.",
                "failures?cursor=%00       | 400 | The cursor is not valid.",
                "failures/summary?newest=x | 400 | newest is not valid",
                "queues?x-api-key=y        | 400 | The query parameter x-api-key is not known for this request. Remove it.",
                "queues/                   | 404 | There is nothing at this address. Use /operate/queues",
                "absent                    | 404 | There is nothing at this address"
            })
    void invalidRequestIsExplained(String path, int status, String detail) throws Exception {
        JsonObject problem = json(send("GET", "/operate/" + path, null), status);

        assertThat(problem.getString("detail")).startsWith(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "redrive   | {                         | The body is not a valid object in JSON.",
                "redrive   | []                        | The body is not a valid object in JSON.",
                "redrive   | null                      | The body is not a valid object in JSON.",
                "redrive   | {\"reason\":\"Timeout\"}    | There is no field reason. Use all, dryRun, keys, prefix, reasons, source.",
                "redrive   | {\"reasons\":[\"Timout\"]}  | There is no reason Timout. Did you mean Timeout?",
                "redrive   | {\"reasons\":[]}           | reasons is empty",
                "redrive   | {\"source\":\"dead\",\"reasons\":[\"Timeout\"]} | Messages of the dead-letter queue have no reason.",
                "redrive   | {\"reasons\":{}}           | reasons is not a list of texts",
                "redrive   | {\"keys\":[1]}             | keys is not a list of texts",
                "redrive   | {\"keys\":\"a,b.jpg\"}     | keys is not a list of texts",
                "redrive   | {\"keys\":[]}              | keys is empty",
                "reconcile | {\"max\":\"1000\"}         | max is not valid",
                "redrive   | {\"all\":\"yes\"}           | all is not a flag. Send true or false.",
                "redrive   | {\"all\":true,\"reasons\":[\"Timeout\"]} | all and reasons contradict each other",
                "redrive   | {\"source\":\"events\"}     | There is no source events. Use failures or dead.",
                "redrive   | {\"prefix\":5}             | prefix is not a text",
                "reconcile | {}                        | Send either \"dryRun\":true, or the maximum number",
                "reconcile | {\"dryRun\":true,\"max\":5} | Send either \"dryRun\":true, or the maximum number",
                "reconcile | {\"max\":0}                | max is not valid",
                "reconcile | {\"max\":1.5}              | max is not valid",
                "reconcile | {\"max\":1e99}             | max is not valid",
                "reconcile | {\"max\":5,\"rate\":5}      | There is no field rate. Use changedAfter",
                "reconcile | {\"dryRun\":true,\"changedAfter\":\"soon\"} | changedAfter: soon is neither a time nor a duration",
            })
    void invalidBodyIsExplainedAndStartsNothing(String path, String body, String detail) throws Exception {
        options = null;

        JsonObject problem = json(send("POST", "/operate/" + path, body), 400);

        assertThat(problem.getString("detail")).startsWith(detail);
        assertThat(options).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/jsonp"
            })
    void bodyHasToBeDeclaredAsJson(String type) throws Exception {
        assertThat(json(send("POST", "/operate/redrive", "{}", "Content-Type", type), 415)
                        .getString("detail"))
                .contains("Content-Type: application/json");
    }

    @Test
    void largeBodiesAreRefused() throws Exception {
        String large = "{\"prefix\":\"" + "x".repeat(10 * 1024 * 1024) + "\"}";
        assertThat(json(send("POST", "/operate/redrive", large), 413).getString("detail"))
                .contains("65536 bytes");

        HttpRequest chunked = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + PIPELINE.httpPort + "/operate/redrive"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("x-api-key", OPERATOR)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofByteArrays(
                        Stream.generate(() -> new byte[8192]).limit(100)::iterator)))
                .build();
        json(http.send(chunked, HttpResponse.BodyHandlers.ofString()), 413);
    }

    @Test
    void deepJsonAndBodiesOfOtherRequestsAreRefused() throws Exception {
        json(send("POST", "/operate/redrive", "{\"keys\":" + "[".repeat(5000)), 400);
        json(send("GET", "/operate/queues", "{}"), 400);
        json(send("POST", "/operate/redrive", "", "Content-Type", JSON), 400);
    }

    @Test
    @Timeout(60)
    void processOfOperatorsAloneServesNothingElse() throws Exception {
        Main alone = PIPELINE.anotherApplication(Map.of("app.roles", "operate"));
        int port = Pipeline.port(alone);

        for (String path : List.of("/absent", PIPELINE.path("a.jpg"), "/operatefoo/x")) {
            assertThat(json(send(port, OPERATOR, "GET", path, null), 404).getString("detail"))
                    .startsWith("There is nothing at this address. Use /operate/queues, /operate/failures, ");
        }
        json(send(port, OPERATOR, "GET", "/operate/queues", null), 200);
        assertThat(json(send(port, OPERATOR, "GET", "/operate/reconcile", null), 404)
                        .getString("detail"))
                .contains("No reconcile was started in this process");
    }

    @Test
    void requestsOfOperatorsAreNoUploads() throws Exception {
        double before = uploads();

        send("PUT", "/operate/queues", "x");
        send("POST", "/operate/redrive", "{");

        assertThat(uploads()).isEqualTo(before);
        PIPELINE.put(PIPELINE.path("b.jpg"), new byte[] {1}, "x-api-key", "wrong");
        Pipeline.await().untilAsserted(() -> assertThat(uploads()).isEqualTo(before + 1));
    }

    private static double uploads() throws Exception {
        return PIPELINE.observe("metrics")
                .lines()
                .filter(line -> line.startsWith("uploads_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void answersAreNotStoredByCaches() throws Exception {
        HttpResponse<String> response = send("GET", "/operate/failures", null);

        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
}
