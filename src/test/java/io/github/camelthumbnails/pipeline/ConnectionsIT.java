// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.OutageLog;
import io.github.camelthumbnails.observe.CapturedLog;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests attacks on the HTTP server: request smuggling, HTTP/2, and too many connections. */
class ConnectionsIT {

    private static final int MAX_CONNECTIONS = 20;
    private static final String NOT_CLOSED = " and not closed";

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("app.roles", "upload")
            .with("upload.maxConcurrent", "15")
            .with("http.workers", "30")
            .with("http.maxConnections", String.valueOf(MAX_CONNECTIONS));

    private final List<Socket> sockets = new ArrayList<>();
    private final CapturedLog log = new CapturedLog(OutageLog.class.getName());

    @AfterEach
    void close() throws IOException {
        log.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /**
     * The end of the first request is ambiguous, so that another server could see the second request as part of its
     * body.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1 Content-Length: 5|Transfer-Encoding: chunked",
                "1.1 Transfer-Encoding: chunked|Content-Length: 5",
                "1.1 Content-Length: 500|Transfer-Encoding: chunked",
                "1.1 Content-Length: 5|Transfer-Encoding: xchunked",
                "1.1 Content-Length: 5|Transfer-Encoding: identity",
                "1.1 Content-Length: 5|Content-Length: 6",
                "1.1 Transfer-Encoding: gzip, chunked",
                "1.1 Transfer-Encoding: chunked, identity",
                "1.1 Transfer-Encoding: chunked, chunked",
                "1.1 Transfer-Encoding: chunked|Transfer-Encoding: gzip",
                "1.1 Transfer-Encoding : chunked|Content-Length: 5",
                "1.0 Transfer-Encoding: chunked|Connection: keep-alive",
                "1.0 Content-Length: 5|Transfer-Encoding: chunked|Connection: keep-alive"
            })
    void smuggledRequestIsNotAnswered(String request) throws Exception {
        String first = "PUT " + PIPELINE.path("first") + " HTTP/"
                + request.replaceFirst(" ", "\r\nHost: x\r\n").replace("|", "\r\n") + "\r\n\r\n0\r\n\r\n";
        String second = "PUT " + PIPELINE.path("smuggled") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";

        String answer = exchange(first + second);

        assertThat(answer).startsWith("HTTP/1.").contains(" 400 Bad Request").contains("application/problem+json");
        assertThat(answer).doesNotContain(NOT_CLOSED);
        assertThat(answer.split("HTTP/1\\.[01] \\d{3} "))
                .as("single response: %s", answer)
                .hasSize(2);
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain("first", "smuggled");
    }

    /** The HTTP server answers these requests before they reach a route. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FOO /dev/originals/a       | 405 Method Not Allowed | Use PUT to upload",
                "PROPFIND /dev/originals/a  | 405 Method Not Allowed | Use PUT to upload",
                "GET /dev/originals/a?%     | 400 Bad Request        | Percent-encode",
                "PUT /dev/originals/a?a=%zz | 400 Bad Request        | Percent-encode",
                "OPTIONS *                  | 404 Not Found          | Use /{stage}/{bucket}/{key}"
            })
    void requestRejectedByTheHttpServerIsAnsweredWithAProblem(String request, String status, String advice)
            throws Exception {
        String head = request + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";

        assertThat(exchange(head + "\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains("application/problem+json", advice, "X-Content-Type-Options: nosniff");
        assertThat(exchange(head + "amz-sdk-invocation-id: x\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status)
                .contains("application/xml", "<Error><Code>", advice);
    }

    @Test
    void malformedChunkIsRejectedAndNothingIsStored() throws Exception {
        String answer = exchange("PUT " + PIPELINE.path("chunks")
                + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ").doesNotContain(NOT_CLOSED);
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain("chunks");
    }

    /** A client may omit a body that was not requested, so that the next request could be mistaken for it. */
    @ParameterizedTest
    @ValueSource(strings = {"GET /dev/x/a", "FOO /", "PUT /dev/originals/a?%", "PUT /dev/originals/a?acl"})
    void connectionIsClosedIfTheBodyWasNotRequested(String request) throws Exception {
        String answer =
                exchange(request + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");

        assertThat(answer).containsIgnoringCase("connection: close").doesNotContain(NOT_CLOSED);
        assertThat(answer).startsWith("HTTP/1.1 4");
    }

    @Test
    void http2IsRejected() throws Exception {
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        // Settings, the start of a request, and an incomplete CONTINUATION frame.
        String frames = "\0\0\0\4\0\0\0\0\0" + "\0\0\0\1\0\0\0\0\1" + "\0\0\0\t\0\0\0\0\1".repeat(10_000);

        assertThat(exchange(preface + frames)).startsWith("HTTP/1.1 505 HTTP Version Not Supported");
    }

    @Test
    void upgradeToHttp2IsIgnored() throws Exception {
        PIPELINE.store("plain", new byte[] {'p'});

        String answer = exchange(
                "GET " + PIPELINE.path("plain") + " HTTP/1.1\r\nHost: x\r\n"
                        + "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("\r\n\r\n").contains("p");
    }

    @Test
    void idleAndHalfOpenConnectionsDoNotBlockOtherClients() throws Exception {
        PIPELINE.store("wanted", new byte[] {1});
        for (int i = 0; i < 10 * MAX_CONNECTIONS; i++) {
            Socket socket = open();
            if (i % 2 == 0) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
            }
        }

        String answer =
                exchange("GET " + PIPELINE.path("wanted") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain(NOT_CLOSED);
        assertThat(PIPELINE.observe("health/live")).contains("UP");
        Pipeline.await()
                .until(() -> sockets.stream().filter(ConnectionsIT::isOpen).count() <= MAX_CONNECTIONS);
    }

    @Test
    void connectionBeyondTheLimitIsAnswered503IfAllOthersAreBusy() throws Exception {
        PIPELINE.store("awaited", new byte[] {1});

        String busy = Pipeline.await().until(this::waitForStatus, answer -> !answer.isEmpty());

        assertThat(busy)
                .startsWith("HTTP/1.1 503 Service Unavailable")
                .contains("Retry-After: 5")
                .contains("too many connections");
        assertThat(sockets).hasSizeGreaterThan(MAX_CONNECTIONS);
        Pipeline.await()
                .untilAsserted(() -> assertThat(PIPELINE.observe("metrics"))
                        .containsPattern("(?m)^http_connections_refused_total [1-9]"));
        assertThat(log.lines())
                .filteredOn(line -> line.get("message").contains("http.maxConnections"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("level", "WARN")
                        .extractingByKey("message")
                        .asString()
                        .contains(MAX_CONNECTIONS + " connections has a request in progress"));
        assertThat(PIPELINE.observe("health/live")).contains("UP");
        close();
        Pipeline.await()
                .until(() -> exchange("GET /ui/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .startsWith("HTTP/1.1 200 "));
    }

    /** Opens a connection with a long-running request, and returns the response if there is one immediately. */
    private String waitForStatus() throws IOException {
        Socket socket = open();
        socket.getOutputStream()
                .write(("GET " + PIPELINE.path("awaited") + "?status&wait=30 HTTP/1.1\r\nHost: x\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[1000];
        try {
            socket.setSoTimeout(200);
            return new String(answer, 0, Math.max(0, socket.getInputStream().read(answer)), StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException e) {
            return "";
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort);
        socket.setSoTimeout(1);
        sockets.add(socket);
        return socket;
    }

    private static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends a request and returns everything that is received until the server closes the connection. */
    private static String exchange(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(10_000);
            try {
                OutputStream out = socket.getOutputStream();
                out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            } catch (SocketException e) {
                // The server responded and closed the connection before it had read everything.
            }
            StringBuilder answer = new StringBuilder();
            byte[] bytes = new byte[8192];
            try {
                for (int length = 0;
                        length >= 0;
                        length = socket.getInputStream().read(bytes)) {
                    answer.append(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
                }
            } catch (SocketException e) {
                // Connection reset, because not everything that was sent was read.
            } catch (SocketTimeoutException e) {
                answer.append(NOT_CLOSED);
            }
            return answer.toString();
        }
    }
}
