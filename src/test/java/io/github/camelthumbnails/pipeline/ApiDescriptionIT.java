// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.pipeline.ApiDescription.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests that the application gives every response in the OpenAPI description, as described, and that the Postman
 * collection matches.
 */
class ApiDescriptionIT {

    private static final String KEY = "a-key-of-this-test";
    private static final String OPERATOR = "an-operator-of-this-test";
    private static final String OBJECT = "/{stage}/{bucket}/{key}";
    private static final String FILE = "/ui/{file}";
    private static final byte[] TEXT = "no picture".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("api.keyRequired", "true")
            .with("api.keys", KEY)
            .with("operate.keyRequired", "true")
            .with("operate.keys", OPERATOR)
            .with("camel.main.routesExcludePattern", "**/redrive-failures.camel.yaml,**/reconcile-originals.camel.yaml")
            .with("renditions", "thumbnail,card")
            .with("renditions.card", "fit:10x10 format:webp key:cards/{key}")
            .with("upload.maxBytes", "10000")
            .with("upload.idleSeconds", "1")
            .withFaults();

    private static ApiDescription description;

    @BeforeAll
    static void read() throws Exception {
        replaceRepairs();
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS("failed.jpg"),
                        "reason", AttributeValue.fromS("CorruptImage"),
                        "failedAt", AttributeValue.fromS("2026-01-31T08:00:00Z"))));
        description = new ApiDescription(text(PIPELINE.read("GET", "/ui/openapi.json")));
        PIPELINE.upload("text", TEXT, "x-api-key", KEY);
        PIPELINE.upload("picture", Pictures.quarters(ImageFormat.PNG, 20, 20), "x-api-key", KEY);
        PIPELINE.awaitThumbnail("picture");
    }

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    /** Repairs that run until they are cancelled. */
    private static void replaceRepairs() throws Exception {
        RouteBuilder.addRoutes(PIPELINE.camel(), routes -> {
            routes.from("direct:redrive-failures").process(ApiDescriptionIT::runUntilCancelled);
            routes.from("direct:reconcile-originals").process(ApiDescriptionIT::runUntilCancelled);
        });
    }

    private static void runUntilCancelled(Exchange exchange) {
        Operation operation = exchange.getProperty("operation", Operation.class);
        operation.example("missing", "a.jpg");
        Pipeline.await().until(operation::isCancelled);
    }

    /** A request, and the path, method and status under which its response is described. */
    private record Case(String path, String method, int status, String target, List<String> headers, byte[] body) {

        static Case of(String path, String method, int status, String target, String... headers) {
            return new Case(path, method, status, target, List.of(headers), null);
        }

        Case with(byte[] body) {
            return new Case(path, method, status, target, headers, body);
        }

        boolean is(int other) {
            return status == other;
        }

        String answer() {
            return path + " " + method + " " + status;
        }

        @Override
        public String toString() {
            return method + " " + status + " " + target + " " + String.join(" ", headers);
        }
    }

    static Stream<Case> cases() {
        String text = PIPELINE.path("text");
        String absent = PIPELINE.path("absent");
        String thumbnail = "/dev/" + PIPELINE.resources.thumbnails() + "/resized-picture";
        String card = "/dev/" + PIPELINE.resources.thumbnails() + "/cards/picture";
        String otherBucket = "/dev/other/text";
        String otherStage = text.replace("/dev/", "/prod/");
        List<Case> cases = new ArrayList<>(List.of(
                Case.of(OBJECT, "put", 200, PIPELINE.path("new")).with(TEXT),
                Case.of(OBJECT, "put", 200, PIPELINE.path("a/b c")).with(TEXT),
                Case.of(OBJECT, "put", 400, PIPELINE.path("")).with(TEXT),
                Case.of(OBJECT, "put", 400, text, "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==")
                        .with(TEXT),
                Case.of(OBJECT, "put", 401, text).with(TEXT),
                Case.of(OBJECT, "put", 403, thumbnail).with(TEXT),
                Case.of(OBJECT, "put", 404, otherStage).with(TEXT),
                Case.of(OBJECT, "put", 408, absent).with(TEXT),
                Case.of(OBJECT, "put", 411, absent, "Content-Encoding", "aws-chunked")
                        .with(TEXT),
                Case.of(OBJECT, "put", 412, text, "If-None-Match", "*").with(TEXT),
                Case.of(OBJECT, "put", 413, absent).with(new byte[10_001]),
                Case.of(OBJECT, "put", 415, absent, "Content-Encoding", "gzip").with(TEXT),
                Case.of(OBJECT, "put", 415, absent, "Content-Type", "multipart/form-data; boundary=x")
                        .with(TEXT),
                Case.of(OBJECT, "put", 417, absent, "Expect", "a-miracle").with(TEXT),
                Case.of(OBJECT, "put", 501, absent + "?tagging").with(TEXT),
                Case.of(OBJECT, "put", 501, absent, "x-amz-copy-source", "/originals/text")
                        .with(TEXT),
                Case.of(OBJECT, "put", 503, absent).with(TEXT),
                Case.of(OBJECT, "get", 200, thumbnail),
                Case.of(OBJECT, "get", 200, card),
                Case.of(OBJECT, "get", 200, pending() + "?status"),
                Case.of(OBJECT, "get", 200, PIPELINE.path("picture") + "?status&wait=30"),
                Case.of(OBJECT, "get", 200, text + "?status&wait=30"),
                Case.of(OBJECT, "get", 206, text, "Range", "bytes=1-2"),
                Case.of(OBJECT, "get", 400, text + "?status&wait=x"),
                Case.of(OBJECT, "get", 416, text, "Range", "bytes=100-"),
                Case.of(FILE, "get", 404, "/ui/absent")));
        for (String method : List.of("get", "head")) {
            cases.addAll(List.of(
                    Case.of(OBJECT, method, 200, text),
                    Case.of(OBJECT, method, 304, text, "If-None-Match", "*"),
                    Case.of(OBJECT, method, 400, PIPELINE.path("")),
                    Case.of(OBJECT, method, 401, text),
                    Case.of(OBJECT, method, 403, otherBucket),
                    Case.of(OBJECT, method, 404, absent),
                    Case.of(OBJECT, method, 404, otherStage),
                    Case.of(OBJECT, method, 400, text + "?unknown"),
                    Case.of(OBJECT, method, 412, text, "If-Match", "\"other\""),
                    Case.of(OBJECT, method, 501, text + "?versionId=null"),
                    Case.of(OBJECT, method, 503, text)));
        }
        for (String file : List.of("page.js", "page.css", "icon.svg", "openapi.json")) {
            cases.add(Case.of(FILE, "get", 200, "/ui/" + file));
        }
        for (String path : List.of("/", "/operate", "/ui/settings.json")) {
            cases.add(Case.of(path, "get", 200, path));
            cases.add(Case.of(path, "get", 304, path, "If-None-Match", eTag(path)));
        }
        cases.add(Case.of(FILE, "get", 304, "/ui/page.js", "If-None-Match", eTag("/ui/page.js")));
        cases.addAll(operatorCases());
        return cases.stream();
    }

    /** Lists requests of operators in the order in which they are sent: a repair runs until it is cancelled. */
    private static List<Case> operatorCases() {
        List<Case> cases = new ArrayList<>();
        for (String path : List.of("queues", "failures", "failures/summary", "reconcile/price")) {
            String operate = "/operate/" + path;
            cases.addAll(List.of(
                    Case.of(operate, "get", 200, operate),
                    Case.of(operate, "get", 400, operate + "?unknown"),
                    Case.of(operate, "get", 401, operate)));
            if (path.startsWith("failures")) {
                cases.add(Case.of(operate, "get", 503, operate));
            }
        }
        byte[] dryRun = "{\"dryRun\":true}".getBytes(StandardCharsets.US_ASCII);
        for (String path : List.of("/operate/redrive", "/operate/reconcile")) {
            cases.addAll(List.of(
                    Case.of(path, "get", 404, path),
                    Case.of(path, "delete", 404, path),
                    Case.of(path, "post", 202, path, "Content-Type", "application/json")
                            .with(dryRun),
                    Case.of(path, "post", 409, path, "Content-Type", "application/json")
                            .with(dryRun),
                    Case.of(path, "post", 400, path, "Content-Type", "application/json")
                            .with(TEXT),
                    Case.of(path, "post", 401, path).with(dryRun),
                    Case.of(path, "post", 413, path, "Content-Type", "application/json")
                            .with(new byte[65 * 1024]),
                    Case.of(path, "post", 415, path, "Content-Type", "text/plain")
                            .with(dryRun),
                    Case.of(path, "get", 200, path),
                    Case.of(path, "get", 400, path + "?unknown"),
                    Case.of(path, "get", 401, path),
                    Case.of(path, "delete", 202, path),
                    Case.of(path, "delete", 200, path),
                    Case.of(path, "delete", 400, path + "?unknown"),
                    Case.of(path, "delete", 401, path)));
        }
        return cases;
    }

    /** Stores an original without an event, so that its status stays pending, and returns its key. */
    private static String pending() {
        PIPELINE.disableNotifications();
        PIPELINE.store("pending", TEXT);
        return PIPELINE.path("pending");
    }

    private static String eTag(String path) {
        try {
            return PIPELINE.read("GET", path).headers().firstValue("ETag").orElseThrow();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    @Timeout(60)
    void responseIsAsDescribed(Case one) throws Exception {
        prepare(one);

        Answer answer = one.is(408) || one.is(417) ? sendHalf(one) : send(one);

        assertThat(answer.status()).as(answer.text()).isEqualTo(one.status());
        description.check(one.path(), one.method(), answer);
    }

    /** Makes AWS fail for a request that is to be answered with 503, and waits for the end of a repair before it is cancelled again. */
    private static void prepare(Case one) {
        if (one.is(503) && one.path().startsWith("/operate/")) {
            PIPELINE.faults.fail(Service.DYNAMODB, "Scan", Fault.error(400, "AccessDeniedException"));
        } else if (one.is(503)) {
            PIPELINE.faults.failIn(PIPELINE.resources.originals(), null, Fault.error(500, "InternalError"));
        } else if (one.method().equals("delete") && one.is(200)) {
            Pipeline.await()
                    .until(() -> !send(Case.of(one.path(), "get", 200, one.target()))
                            .text()
                            .contains("\"state\":\"running\""));
        }
    }

    /** Returns the requests that an AWS SDK can send, with the header that identifies an SDK. */
    static Stream<Case> casesOfSdk() {
        return cases().filter(one -> one.path().equals(OBJECT) && !one.is(408) && !one.is(417))
                .map(one -> {
                    List<String> headers = new ArrayList<>(one.headers());
                    headers.addAll(List.of("amz-sdk-invocation-id", "1"));
                    return new Case(one.path(), one.method(), one.status(), one.target(), headers, one.body());
                });
    }

    @ParameterizedTest
    @MethodSource("casesOfSdk")
    @Timeout(60)
    void responseToSdkIsAsDescribed(Case one) throws Exception {
        prepare(one);

        Answer answer = send(one);

        assertThat(answer.status()).as(answer.text()).isEqualTo(one.status());
        if (one.method().equals("put") && one.is(200)) {
            assertThat(answer.body()).isEmpty();
            assertThat(answer.headers().firstValue("ETag")).isPresent();
        } else {
            description.check(one.path(), one.method(), answer);
        }
        if (one.status() >= 400) {
            assertThat(answer.headers().firstValue("Content-Type"))
                    .isEqualTo(one.method().equals("head") ? Optional.empty() : Optional.of("application/xml"));
            assertThat(answer.headers().firstValue("x-amz-request-id")).isPresent();
        }
    }

    @Test
    void everyDescribedResponseIsTested() {
        Set<String> tried = new TreeSet<>();
        cases().forEach(one -> tried.add(one.answer()));

        assertThat(tried).isEqualTo(description.answers());
    }

    @Test
    void openApiFileInTheRepositoryHasTheDefaultNames() throws Exception {
        String file = Files.readString(Path.of("src/main/resources/web/openapi.json"));

        assertThat(new ApiDescription(file).answers()).isEqualTo(description.answers());
        assertThat(file).contains("\"const\": \"dev\"", "\"originals\"", "\"thumbnails\"");
        assertThat(text(PIPELINE.read("GET", "/ui/openapi.json")))
                .contains("\"" + PIPELINE.resources.originals() + "\"", "\"" + PIPELINE.resources.thumbnails() + "\"");
    }

    @Test
    void postmanCollectionHasTheSameOperations() throws Exception {
        JsonObject collection = new JsonObject(Files.readString(Path.of("docs/postman_collection.json")));

        assertThat(collection.getJsonObject("info").getString("schema")).contains("/v2.1.0/");
        Set<String> operations = new TreeSet<>();
        for (Object one : collection.getJsonArray("item")) {
            JsonObject request = ((JsonObject) one).getJsonObject("request");
            String url = request.getJsonObject("url").getString("raw");
            String path = url.replace("{{baseUrl}}", "")
                    .replaceFirst("\\?.*", "")
                    .replaceFirst("^/\\{\\{stage}}/\\{\\{(originals|thumbnails)}}/.+", OBJECT)
                    .replaceFirst("^/ui/openapi.json$", FILE);
            operations.add(path + " " + request.getString("method").toLowerCase(Locale.ROOT));
        }
        assertThat(operations)
                .isEqualTo(new TreeSet<>(description.answers().stream()
                        .map(answer -> answer.replaceFirst(" \\d+$", ""))
                        .toList()));
        assertThat(variables(collection))
                .containsEntry("baseUrl", "http://127.0.0.1:8080")
                .containsEntry("stage", "dev")
                .containsEntry("originals", "originals")
                .containsEntry("thumbnails", "thumbnails");
    }

    private static Map<String, String> variables(JsonObject collection) {
        JsonArray variables = collection.getJsonArray("variable");
        Map<String, String> values = new HashMap<>();
        variables.forEach(
                one -> values.put(((JsonObject) one).getString("key"), ((JsonObject) one).getString("value")));
        return values;
    }

    private static Answer send(Case one) throws Exception {
        HttpRequest.BodyPublisher body = one.body() == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(one.body());
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + PIPELINE.httpPort + one.target()))
                .version(HttpClient.Version.HTTP_1_1)
                .method(one.method().toUpperCase(Locale.ROOT), body);
        if (!one.is(401)) {
            request.header("x-api-key", one.path().startsWith("/operate/") ? OPERATOR : KEY);
        }
        if (!one.headers().isEmpty()) {
            request.headers(one.headers().toArray(String[]::new));
        }
        HttpResponse<byte[]> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    /**
     * Sends only half of a body. An HTTP client would not read the response before it has sent the rest, nor send any
     * Expect header.
     */
    private static Answer sendHalf(Case one) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(20_000);
            String head = "PUT " + one.target() + " HTTP/1.1\r\nHost: x\r\nx-api-key: " + KEY + "\r\nContent-Length: "
                    + one.body().length + "\r\n"
                    + (one.headers().isEmpty() ? "" : String.join(": ", one.headers()) + "\r\n") + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(one.body(), 0, one.body().length / 2);
            String[] answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\r\n\r\n");
            Map<String, List<String>> headers = answer[0]
                    .lines()
                    .skip(1)
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.indexOf(':')),
                            line -> List.of(
                                    line.substring(line.indexOf(':') + 1).strip())));
            return new Answer(
                    Integer.parseInt(answer[0].split(" ")[1]),
                    HttpHeaders.of(headers, (name, value) -> true),
                    answer[1]
                            .replaceAll("^[^{]*|[^}]*$", "")
                            .getBytes(StandardCharsets.UTF_8) /* without what chunks have around them */);
        }
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
