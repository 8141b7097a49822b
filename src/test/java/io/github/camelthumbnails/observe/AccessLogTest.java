// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelthumbnails.http.HttpServers;
import io.github.camelthumbnails.http.InterruptedDownloadException;
import io.github.camelthumbnails.http.Refusal;
import io.github.camelthumbnails.upload.UploadBody;
import io.github.camelthumbnails.upload.UploadSlots;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the lines and the counts of requests at a server of Vert.x. LogsIT tests them with the routes. */
class AccessLogTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private volatile Meters meters = new Meters(registry);
    private final AccessLog access = new AccessLog(() -> meters);
    private final CapturedLog log = new CapturedLog("access");
    private final HttpClient client = HttpClient.newHttpClient();
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final Vertx vertx = Vertx.vertx();
    private int port;

    /**
     * Starts a server that answers {@code /NUMBER} with this status, never answers {@code /wait}, breaks off {@code /break}, stores
     * {@code /upload}, and knows no other path.
     */
    @BeforeEach
    void start() throws Exception {
        Router router = Router.router(vertx);
        router.route("/wait").handler(routing -> {
            // The client gives up.
        });
        router.route("/break").handler(routing -> {
            routing.response().setChunked(true).write("first bytes");
            routing.fail(new InterruptedDownloadException(new IOException("Connection reset")));
        });
        router.route("/upload").handler(routing -> {
            access.process(exchange);
            routing.request().pause();
            exchange.getMessage().setBody(routing.request());
            vertx.executeBlocking(() -> {
                        uploadBody().process(exchange);
                        return exchange.getMessage().getBody(InputStream.class).readAllBytes();
                    })
                    .onComplete(read -> routing.response()
                            .setStatusCode(read.succeeded() ? 200 : 500)
                            .end());
        });
        router.routeWithRegex("/\\d\\d\\d").handler(routing -> {
            access.process(exchange);
            routing.request()
                    .endHandler(end -> routing.response()
                            .setStatusCode(
                                    Integer.parseInt(routing.request().path().substring(1)))
                            .putHeader("ETag", "\"e1\"")
                            .end("hello"));
        });
        access.addTo(router);
        port = new HttpServers((VertxInternal) vertx, 0, 10, 10, () -> {}, access::logAndCountInvalid)
                .createHttpServer(new HttpServerOptions())
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        log.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private void send(String method, String path) throws Exception {
        int before = log.lines().size();
        client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .version(HttpClient.Version.HTTP_1_1)
                        .header("x-api-key", "SECRET")
                        .method(method, HttpRequest.BodyPublishers.ofString("0123456789"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> log.lines().size() > before);
    }

    private static UploadBody uploadBody() {
        Duration idle = Duration.ofSeconds(60);
        return new UploadBody(1000, idle, new UploadSlots(1, 1), new UploadSlots(1, 1), 1_000_000);
    }

    private String sendRaw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            await().until(() -> !log.lines().isEmpty());
            return response;
        }
    }

    private double uploads(String outcome) {
        return registry.get("uploads").tag("outcome", outcome).counter().count();
    }

    @Test
    void uploadHasItsKeyAndSize() throws Exception {
        exchange.setProperty("objectKey", "a b.jpg");
        exchange.setProperty("bucket", "originals");
        exchange.setProperty("traceId", "0af7651916cd43dd8448eb211c80319c");

        send("PUT", "/200?X-Amz-Signature=SECRET");

        Map<String, String> line = log.line();
        assertThat(line)
                .containsEntry("message", "Uploaded")
                .containsEntry("level", "INFO")
                .containsEntry("outcome", "uploaded")
                .containsEntry("result", "success")
                .containsEntry("method", "PUT")
                .containsEntry("path", "/200")
                .containsEntry("status", "200")
                .containsEntry("key", "a b.jpg")
                .containsEntry("bucket", "originals")
                .containsEntry("eTag", "e1")
                .containsEntry("received", "10")
                .containsEntry("exchangeId", exchange.getExchangeId())
                .containsEntry("traceId", "0af7651916cd43dd8448eb211c80319c")
                .containsKey("ms");
        assertThat(line.toString()).doesNotContain("SECRET");
        assertThat(uploads("stored")).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, 200, INFO, uploaded, stored",
        "PUT, 400, INFO, rejected, refused",
        "PUT, 412, INFO, rejected, refused",
        "PUT, 501, INFO, rejected, refused",
        "PUT, 500, WARN, rejected, unavailable",
        "PUT, 503, WARN, rejected, unavailable",
        "GET, 200, DEBUG, read,",
        "GET, 206, DEBUG, read,",
        "POST, 405, INFO, rejected,",
        "GET, 503, WARN, rejected,"
    })
    void statusDecides(String method, int status, String level, String outcome, String counted) throws Exception {
        send(method, "/" + status);

        assertThat(log.line())
                .containsEntry("level", level)
                .containsEntry("outcome", outcome)
                .containsEntry("status", String.valueOf(status));
        if (counted == null) {
            assertThat(registry.find("uploads").counters()).allMatch(counter -> counter.count() == 0);
        } else {
            assertThat(uploads(counted)).isOne();
        }
    }

    @Test
    void rejectionSaysWhy() throws Exception {
        exchange.setProperty("refusal", new Refusal(401, "Unauthorized", "The API key is missing.", null, null));

        send("PUT", "/401");

        assertThat(log.line()).containsEntry("message", "Rejected: The API key is missing.");
    }

    @Test
    void requestThatReachesNoRouteHasALine() throws Exception {
        send("PUT", "/nowhere");

        assertThat(log.line())
                .containsEntry("message", "Rejected: Not Found")
                .containsEntry("status", "404")
                .doesNotContainKeys("key", "exchangeId");
        assertThat(uploads("refused")).isOne();
    }

    @Test
    void eachRequestOfAConnectionHasOneLine() throws Exception {
        send("PUT", "/200");
        send("PUT", "/nowhere");
        send("PUT", "/200");

        assertThat(log.lines()).extracting(line -> line.get("status")).containsExactly("200", "404", "200");
        assertThat(log.lines().get(1)).doesNotContainKey("exchangeId");
    }

    @Test
    void uploadWhoseClientDisconnectsIsAborted() throws Exception {
        disconnect("PUT");

        assertThat(log.line())
                .containsEntry("level", "INFO")
                .containsEntry("outcome", "aborted")
                .containsEntry("result", "unknown")
                .doesNotContainKey("status");
        assertThat(uploads("aborted")).isOne();
    }

    @Test
    void otherRequestWhoseClientDisconnectsIsNotWorthALine() throws Exception {
        disconnect("GET");

        assertThat(log.line()).containsEntry("level", "DEBUG").containsEntry("outcome", "aborted");
    }

    @Test
    void invalidBodyIsTheFaultOfTheClient() throws Exception {
        sendRaw("PUT /wait HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        assertThat(log.line())
                .containsEntry("level", "INFO")
                .containsEntry("outcome", "rejected")
                .containsEntry("result", "failure")
                .containsEntry("status", "400");
        assertThat(log.line().get("message")).startsWith("Rejected: The chunked body is not valid: ");
        assertThat(uploads("refused")).isOne();
    }

    @Test
    void downloadThatS3BreaksOffIsAWarning() throws Exception {
        sendRaw("GET /break HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(log.line())
                .containsEntry("level", "WARN")
                .containsEntry("outcome", "interrupted")
                .containsEntry("result", "failure")
                .containsEntry("message", "Interrupted: S3 has broken off the object: Connection reset")
                .doesNotContainKey("status");
    }

    @ParameterizedTest
    @CsvSource({"PUT foo, a, foo, 404", "PUT *, a, *, 404", "PUT /200, a b, /200, 400"})
    void requestThatVertxFailsBeforeAnyRouteHasALine(String start, String host, String path, String status)
            throws Exception {
        assertThat(sendRaw(start + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);

        assertThat(log.line())
                .containsEntry("outcome", "rejected")
                .containsEntry("path", path)
                .containsEntry("status", status);
        assertThat(uploads("refused")).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LONG", "/ /"})
    void unreadableFirstLineHasNeitherMethodNorPath(String target) throws Exception {
        sendRaw("PUT " + target.replace("LONG", "/" + "a".repeat(10_000)) + " HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(log.line()).containsEntry("outcome", "rejected").doesNotContainKeys("method", "path");
    }

    @Test
    void sizeOfAnUploadIsThatOfTheObject() throws Exception {
        String signature = ";chunk-signature=" + "0".repeat(64) + "\r\n";
        String body = "5" + signature + "hello\r\n0" + signature + "\r\n";

        sendRaw("PUT /upload HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n"
                + "Content-Encoding: aws-chunked\r\nx-amz-decoded-content-length: 5\r\n"
                + "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\n\r\n" + body);

        assertThat(log.line()).containsEntry("outcome", "uploaded").containsEntry("received", "5");
        assertThat(registry.get("upload").summary().totalAmount()).isEqualTo(5);
    }

    @Test
    void brokenMetricsDoNotBlockTheConnection() throws Exception {
        meters = new Meters(new BrokenRegistry());
        String request = "PUT /200 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n";

        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((request + "\r\n" + request + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                            .split("HTTP/1.1 200", -1))
                    .as("two responses")
                    .hasSize(3);
        }
    }

    private void disconnect(String method) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write((method + " /wait HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        await().until(() -> !log.lines().isEmpty());
    }
}
