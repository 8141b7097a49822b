// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests that slow uploads do not block other clients. */
@Tag("long")
class SlowUploadsIT {

    private static final int BODY_LENGTH = 2000;
    private static final byte[] PIECE = new byte[10];

    /**
     * Uses a long idle timeout, because the clients of the test take turns and may each pause for long on a busy
     * machine.
     */
    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "upload").with("upload.idleSeconds", "600");

    private final List<Socket> slow = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : slow) {
            socket.close();
        }
    }

    @Test
    void otherUploadsAreAcceptedDuringAThousandSlowOnes() throws Exception {
        for (int i = 0; i < 1000; i++) {
            slow.add(begin(PIPELINE.httpPort, "slow" + i, "Content-Length: " + BODY_LENGTH));
        }
        byte[] fast = new byte[300_000];
        for (int i = 0; i < 20; i++) {
            for (Socket socket : slow) {
                socket.getOutputStream().write(PIECE);
            }
            PIPELINE.upload("fast" + i, fast);
        }

        for (Socket socket : slow) {
            socket.getOutputStream().write(new byte[BODY_LENGTH - 20 * PIECE.length]);
            assertThat(answer(socket)).startsWith("HTTP/1.1 200 ");
        }
        assertThat(PIPELINE.keys(PIPELINE.resources.originals()))
                .filteredOn(key -> key.startsWith("slow") || key.startsWith("fast"))
                .hasSize(1000 + 20);
    }

    @Test
    void slowestUploadIsCancelledForTheNextOne() throws Exception {
        int port = Pipeline.port(PIPELINE.anotherApplication(Map.of("upload.maxConcurrent", "4")));
        for (int i = 0; i < 4; i++) {
            slow.add(begin(port, "room" + i, "Content-Length: 100000000"));
        }
        slow.get(1).getOutputStream().write(new byte[1000]);

        HttpResponse<String> refused = Pipeline.await()
                .until(
                        () -> PIPELINE.put(port, PIPELINE.path("next"), PIECE),
                        response -> response.statusCode() == 503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("5");
        assertThat(refused.body()).contains("Too many concurrent uploads");

        // After some seconds, they count as slow.
        Pipeline.await()
                .until(
                        () -> PIPELINE.put(port, PIPELINE.path("next"), PIECE),
                        response -> response.statusCode() == 200);
        List<Socket> given = slow.stream().filter(SlowUploadsIT::isAnswered).toList();
        assertThat(given).isNotEmpty().doesNotContain(slow.get(1));
        assertThat(answer(given.get(0))).startsWith("HTTP/1.1 408 ").contains("upload.minBytesPerSecond");
    }

    private static Socket begin(int port, String key, String header) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("PUT " + PIPELINE.path(key) + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static boolean isAnswered(Socket socket) {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String answer(Socket socket) throws IOException {
        byte[] answer = new byte[2000];
        int length = socket.getInputStream().read(answer);
        return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
    }
}
