// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clock of each channel is frozen; {@code pass} advances it. */
class ConnectionGuardTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static final String EXPECT =
            "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n";

    private final ConnectionLimits limits = new ConnectionLimits(2, () -> {});

    @Test
    void connectionWithoutRequestIsClosedAfter15Seconds() {
        EmbeddedChannel channel = open();

        pass(channel, 14);
        assertThat(channel.isOpen()).isTrue();
        pass(channel, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void slowHeadersDoNotExtendTheTimeout() {
        EmbeddedChannel channel = open();

        send(channel, "GET / HTTP/1.1\r\n");
        for (int i = 0; i < 14; i++) {
            pass(channel, 1);
            send(channel, "X: " + i + "\r\n");
        }
        assertThat(channel.isOpen()).isTrue();
        pass(channel, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void headersOfTheNextRequestAlsoHave15Seconds() {
        EmbeddedChannel channel = open();
        send(channel, GET);
        respond(channel);
        pass(channel, 20);

        send(channel, "GET / HT");
        pass(channel, 10);
        send(channel, "TP/1.1\r\n");
        pass(channel, 4);
        assertThat(channel.isOpen()).isTrue();
        pass(channel, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void headersThatStartJustBeforeTheIdleTimeoutDoNotExtendIt() {
        EmbeddedChannel channel = open();
        send(channel, GET);
        respond(channel);
        pass(channel, 59);

        send(channel, "GET / HT");
        pass(channel, 1);

        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void idleConnectionIsClosedAfterAMinute() {
        EmbeddedChannel channel = open();
        send(channel, GET);
        respond(channel);

        pass(channel, 59);
        assertThat(channel.isOpen()).isTrue();
        pass(channel, 1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void requestInProgressHasNoTimeout() {
        EmbeddedChannel channel = open();
        send(channel, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3600\r\n\r\n");

        for (int i = 0; i < 60; i++) {
            pass(channel, 60);
            send(channel, "x");
        }
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        pass(channel, 61);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void idleTimeBeginsAfterTheLastOfSeveralResponses() {
        EmbeddedChannel channel = open();
        send(channel, GET + GET);
        respond(channel);
        pass(channel, 61);
        assertThat(channel.isOpen()).isTrue();

        respond(channel);
        pass(channel, 60);
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 Transfer-Encoding: chunked|Content-Length: 5",
                "HTTP/1.1 Content-Length: 5|Transfer-Encoding: chunked",
                "HTTP/1.1 Transfer-Encoding: gzip",
                "HTTP/1.1 Transfer-Encoding: identity",
                "HTTP/1.1 Transfer-Encoding: xchunked",
                "HTTP/1.1 Transfer-Encoding: gzip, chunked",
                "HTTP/1.1 Transfer-Encoding: chunked, identity",
                "HTTP/1.1 Transfer-Encoding: chunked, chunked",
                "HTTP/1.1 Transfer-Encoding: chunked|Transfer-Encoding: chunked",
                "HTTP/1.1 Transfer-Encoding: gzip|Transfer-Encoding: chunked",
                "HTTP/1.1 Transfer-Encoding: chunked|Transfer-Encoding: identity",
                "HTTP/1.1 Transfer-Encoding:",
                "HTTP/1.1 Transfer-Encoding: \"chunked\"",
                "HTTP/1.0 Transfer-Encoding: chunked",
                "HTTP/1.0 Transfer-Encoding: chunked|Content-Length: 5",
                "HTTP/2.0 A: b",
                "HTTP/1.2 A: b",
                "HTTP/1.1 Host: x",
                "HTTP/1.1 Host: y"
            })
    void ambiguousRequestIsInvalidAndWhatFollowsIsDiscarded(String request) {
        EmbeddedChannel channel = open();

        send(
                channel,
                "PUT /x " + request.replaceFirst(" ", "\r\nHost: x\r\n").replace("|", "\r\n") + "\r\n\r\n0\r\n\r\n"
                        + "PUT /smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");

        List<HttpRequest> requests = requests(channel);
        assertThat(requests).hasSize(1);
        assertThat(requests.get(0).decoderResult().isFailure()).isTrue();
    }

    @Test
    void unfinishedEscapeInThePathIsExplained() {
        EmbeddedChannel channel = open();

        send(channel, "GET /100% HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(requests(channel).get(0).decoderResult().cause())
                .hasMessage("The path has a % without two hexadecimal digits after it. Write %25");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked", "Transfer-Encoding: Chunked", "transfer-encoding:chunked "})
    void chunkedAsTheOnlyTransferCodingIsValid(String header) {
        EmbeddedChannel channel = open();

        send(channel, "PUT /x HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n0\r\n\r\n" + GET);

        assertThat(requests(channel))
                .hasSize(2)
                .allMatch(request -> request.decoderResult().isSuccess());
    }

    @Test
    void http11RequestWithoutHostIsInvalid() {
        EmbeddedChannel channel = open();

        send(channel, "GET / HTTP/1.1\r\n\r\n");

        assertThat(requests(channel).get(0).decoderResult().isFailure()).isTrue();
    }

    @Test
    void http10RequestNeedsNoHost() {
        EmbeddedChannel channel = open();

        send(channel, "GET / HTTP/1.0\r\n\r\n");

        assertThat(requests(channel).get(0).decoderResult().isSuccess()).isTrue();
    }

    @Test
    void connectionIsClosedAfterAResponseInsteadOf100Continue() {
        EmbeddedChannel channel = open();
        send(channel, EXPECT);

        respond(channel);

        assertThat(channel.isOpen()).isFalse();
        assertThat(sent(channel)).startsWith("HTTP/1.1 200 OK").contains("connection: close");
    }

    @Test
    void connectionStaysOpenAfter100Continue() {
        EmbeddedChannel channel = open();
        send(channel, EXPECT);
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));

        respond(channel);

        assertThat(channel.isOpen()).isTrue();
        assertThat(sent(channel)).doesNotContain("close");
    }

    @Test
    void connectionStaysOpenIfTheBodyWasSentWithout100Continue() {
        EmbeddedChannel channel = open();
        send(channel, EXPECT + "x");

        respond(channel);

        assertThat(channel.isOpen()).isTrue();
    }

    @Test
    void responseToAnEarlierRequestDoesNotCloseTheConnection() {
        EmbeddedChannel channel = open();
        send(channel, GET + EXPECT);

        respond(channel);
        assertThat(channel.isOpen()).isTrue();

        respond(channel);
        assertThat(channel.isOpen()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-4\r\nabcd\r\n", "4 4\r\nabcd\r\n"})
    void malformedChunkIsAnsweredWith400(String body) {
        EmbeddedChannel channel = open();

        send(channel, "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body);

        assertThat(sent(channel)).startsWith("HTTP/1.1 400 Bad Request").contains("body is not valid");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void newConnectionReplacesTheOneThatHasBeenIdleForLongest() {
        EmbeddedChannel first = open();
        EmbeddedChannel second = open();
        send(first, GET);
        respond(first);

        assertThat(limits.admit()).isTrue();

        assertThat(second.isOpen()).as("idle since it was opened").isFalse();
        assertThat(first.isOpen()).isTrue();
        assertThat(limits.openConnections()).isEqualTo(2);
    }

    @Test
    void newConnectionIsRefusedIfAllHaveARequestInProgress() {
        EmbeddedChannel first = open();
        EmbeddedChannel second = open();
        send(first, GET);
        send(second, GET);

        assertThat(limits.admit()).isFalse();

        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
        assertThat(limits.openConnections()).isEqualTo(2);
    }

    @Test
    void closedConnectionIsRemovedFromTheCountOnlyOnce() {
        open();
        EmbeddedChannel second = open();
        ConnectionGuard guard = second.pipeline().get(ConnectionGuard.class);

        limits.remove(guard);
        limits.remove(guard);

        assertThat(limits.openConnections()).isEqualTo(1);
    }

    private EmbeddedChannel open() {
        assertThat(limits.admit()).isTrue();
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        channel.pipeline()
                .addLast(new HttpRequestDecoder(), new HttpResponseEncoder())
                .addLast("guard", new ConnectionGuard(limits));
        return channel;
    }

    private static void send(EmbeddedChannel channel, String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private static void respond(EmbeddedChannel channel) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set("Content-Length", 0);
        channel.writeOutbound(response);
    }

    private static String sent(EmbeddedChannel channel) {
        StringBuilder sent = new StringBuilder();
        for (ByteBuf message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            sent.append(message.toString(StandardCharsets.US_ASCII));
        }
        return sent.toString();
    }

    private static void pass(EmbeddedChannel channel, int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private static List<HttpRequest> requests(EmbeddedChannel channel) {
        List<HttpRequest> requests = new ArrayList<>();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            if (message instanceof HttpRequest request) {
                requests.add(request);
            }
        }
        return requests;
    }
}
