// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.http.RequestRefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RequestStreamTest {

    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(50);
    private static final int SEGMENT_BYTES = 16 * 1024;

    private final FakeRequest client = new FakeRequest();

    @Test
    void bodyArrivesAsItWasSent() throws Exception {
        byte[] body = bytes(100_000);
        RequestStream stream = open(body.length, 0, LONG_TIMEOUT);
        for (int i = 0; i < body.length; i += 8192) {
            client.send(Arrays.copyOfRange(body, i, Math.min(body.length, i + 8192)));
        }
        client.end();

        assertThat(stream.readAllBytes()).isEqualTo(body);
        assertThat(stream.receivedBytes()).isEqualTo(body.length);
        assertThat(stream.isComplete()).isTrue();
        assertThat(stream.length()).isEqualTo(body.length);
    }

    @Test
    void singleBytesAreUnsigned() throws Exception {
        RequestStream stream = open(3, 0, LONG_TIMEOUT);
        client.send(new byte[] {0, (byte) 0xFF, 7});
        client.end();

        assertThat(new int[] {stream.read(), stream.read(), stream.read(), stream.read(), stream.read()})
                .containsExactly(0, 255, 7, -1, -1);
    }

    @Test
    void readOfZeroBytesDoesNotWait() throws Exception {
        assertThat(open(1, 0, LONG_TIMEOUT).read(new byte[1], 0, 0)).isZero();
    }

    @Test
    void lengthIsTheAnnouncedOneUntilTheEnd() throws Exception {
        RequestStream stream = open(-1, 100, LONG_TIMEOUT);
        client.send(bytes(3));
        assertThat(stream.read()).isNotNegative();
        assertThat(stream.length()).isEqualTo(-1);
        assertThat(stream.isComplete()).isFalse();

        client.end();
        stream.readAllBytes();

        assertThat(stream.length()).isEqualTo(3);
    }

    @Test
    void onlyAsManyBuffersAreFetchedAsWereRead() throws Exception {
        RequestStream stream = open(-1, 1_000_000, LONG_TIMEOUT);
        assertThat(client.fetched).hasValue(16);
        for (int i = 0; i < 8; i++) {
            client.send(bytes(10));
        }

        stream.read();
        assertThat(client.fetched).hasValue(16 + 8);
        client.end();
        stream.readAllBytes();

        assertThat(client.fetched).as("the end does not count as a buffer").hasValue(16 + 8);
    }

    @Test
    void waitingReaderIsWokenByEightBuffers() {
        RequestStream stream = open(-1, 1_000_000, LONG_TIMEOUT);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> read(stream));
        for (int i = 0; i < 8; i++) {
            client.send(new byte[] {5});
        }

        assertThat(read.join()).isEqualTo(5);
    }

    @Test
    void waitingReaderIsWokenByTheEnd() {
        RequestStream stream = open(-1, 1_000_000, LONG_TIMEOUT);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> read(stream));
        client.end();

        assertThat(read.join()).isEqualTo(-1);
    }

    /** The reader finds it within half a second, long before the idle timeout. */
    @Test
    void waitingReaderFindsASingleBufferWithoutBeingWoken() {
        RequestStream stream = open(-1, 1_000_000, LONG_TIMEOUT);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> read(stream));
        client.send(new byte[] {5});

        assertThat(read.join()).isEqualTo(5);
    }

    @Test
    void clientThatSendsNothingIsRefused() {
        RequestStream stream = open(5, 0, Duration.ofMillis(20));

        assertRefused(stream::read, 408, "The client sent nothing for 0 s (upload.idleSeconds)");
    }

    @Test
    void bytesThatArrivedBeforeTheTimeoutAreReadFirst() throws Exception {
        RequestStream stream = open(5, 0, Duration.ofMillis(20));
        client.send(bytes(2));

        assertThat(stream.read()).isNotNegative();
        assertThat(stream.read()).isNotNegative();
        assertRefused(stream::read, 408, "upload.idleSeconds");
    }

    @Test
    void cancellingAnUploadWakesItsReader() {
        RequestStream stream = open(-1, 100, LONG_TIMEOUT);
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> read(stream));

        stream.cancel();

        assertThat(stream.isCancelled()).isTrue();
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(read::join)
                .withStackTraceContaining("upload.minBytesPerSecond");
    }

    @Test
    void bytesReceivedBeforeCancellationAreNotRead() {
        RequestStream stream = open(-1, 100, LONG_TIMEOUT);
        client.send(bytes(10));
        stream.cancel();

        assertRefused(stream::read, 408, "upload.minBytesPerSecond");
    }

    @Test
    void lostConnectionIsAnErrorAndNotTheEnd() {
        RequestStream stream = open(-1, 100, LONG_TIMEOUT);
        client.fail();

        assertRefused(stream::readAllBytes, 400, "connection was lost");
    }

    @Test
    void connectionLostBeforeTheStartIsNoticed() {
        client.closed = true;

        assertRefused(open(-1, 100, LONG_TIMEOUT)::read, 400, "connection was lost");
    }

    @Test
    void bodyOfUnknownLengthUpToTheLimitIsAccepted() throws Exception {
        RequestStream stream = open(-1, 10, LONG_TIMEOUT);
        client.send(bytes(10));
        client.end();

        assertThat(stream.readAllBytes()).hasSize(10);
    }

    @Test
    void bodyOfUnknownLengthOverTheLimitIsRefused() {
        RequestStream stream = open(-1, 10, LONG_TIMEOUT);
        client.send(bytes(11));

        assertRefused(stream::read, 413, "more than 10 bytes");
    }

    /** Without the last bytes, S3 does not store the object. */
    @ParameterizedTest
    @ValueSource(longs = {4, -1})
    void wrongChecksumWithholdsTheLastBytes(long length) throws Exception {
        client.headers.set("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==");
        RequestStream stream = open(length, 10, LONG_TIMEOUT);
        client.send(bytes(4));
        client.end();

        assertRefused(stream::readAllBytes, 400, "Content-MD5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"100-continue", "100-Continue"})
    void expectHeaderIsAnsweredWith100Continue(String expect) {
        client.headers.set("Expect", expect);
        open(1, 0, LONG_TIMEOUT);

        assertThat(client.continued).isTrue();
    }

    @Test
    void no100ContinueWithoutExpectHeader() {
        open(1, 0, LONG_TIMEOUT);

        assertThat(client.continued).isFalse();
    }

    @Test
    void interruptIsAnError() {
        RequestStream stream = open(1, 0, LONG_TIMEOUT);
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(stream::read);
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES})
    void bodyReceivedAheadIsUnchangedAndReleasesItsMemory(int length) throws Exception {
        BodyMemory memory = new BodyMemory(3 * SEGMENT_BYTES);
        byte[] body = bytes(length);
        RequestStream stream = open(length, 0, LONG_TIMEOUT);
        client.send(body);
        client.end();

        stream.receiveAhead(1_000_000, memory);

        int segments = (length + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
        assertThat(stream.isComplete()).isTrue();
        assertThat(memory.tryAcquire((4 - segments) * SEGMENT_BYTES))
                .as("acquires more than is left")
                .isFalse();
        assertThat(stream.readAllBytes()).isEqualTo(body);
        assertThat(memory.tryAcquire(3 * SEGMENT_BYTES))
                .as("all memory is free again")
                .isTrue();
    }

    @Test
    void memoryOfAnUnreadBodyIsReleased() throws Exception {
        BodyMemory memory = new BodyMemory(3 * SEGMENT_BYTES);
        RequestStream stream = open(2 * SEGMENT_BYTES, 0, LONG_TIMEOUT);
        client.send(bytes(2 * SEGMENT_BYTES));
        client.end();
        stream.receiveAhead(1_000_000, memory);

        stream.releaseMemory();
        stream.releaseMemory();

        assertThat(memory.tryAcquire(3 * SEGMENT_BYTES)).isTrue();
        assertThat(memory.tryAcquire(1)).isFalse();
    }

    @Test
    void bodyIsStreamedIfNoMemoryIsLeft() throws Exception {
        BodyMemory memory = new BodyMemory(SEGMENT_BYTES);
        byte[] body = bytes(3 * SEGMENT_BYTES);
        RequestStream stream = open(body.length, 0, LONG_TIMEOUT);
        client.send(Arrays.copyOf(body, 2 * SEGMENT_BYTES));

        stream.receiveAhead(1_000_000, memory);
        assertThat(stream.isComplete()).isFalse();
        client.send(Arrays.copyOfRange(body, 2 * SEGMENT_BYTES, 3 * SEGMENT_BYTES));
        client.end();

        assertThat(stream.readAllBytes()).isEqualTo(body);
    }

    @Test
    void largeBodyIsReceivedAheadOnlyUpToTheLimit() throws Exception {
        byte[] body = bytes(30_000);
        RequestStream stream = open(body.length, 0, LONG_TIMEOUT);
        for (int i = 0; i < 3; i++) {
            client.send(Arrays.copyOfRange(body, i * 10_000, (i + 1) * 10_000));
        }

        stream.receiveAhead(15_000, new BodyMemory(1_000_000));

        assertThat(stream.receivedBytes())
                .as("the buffer that exceeds it is the last")
                .isEqualTo(20_000);
        client.end();
        assertThat(stream.readAllBytes()).isEqualTo(body);
    }

    private RequestStream open(long length, long maxBytes, Duration idleTimeout) {
        try {
            RequestStream stream = new RequestStream(
                    client.request(), length, maxBytes, new Checksums(client.headers, Set.of()), null, idleTimeout);
            stream.open();
            return stream;
        } catch (RequestRefusedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static int read(RequestStream stream) {
        try {
            return stream.read();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private static void assertRefused(ThrowingCallable call, int status, String message) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(call)
                .withMessageContaining(message)
                .havingCause()
                .isInstanceOfSatisfying(
                        RequestRefusedException.class,
                        e -> assertThat(e.status()).isEqualTo(status));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }
}
