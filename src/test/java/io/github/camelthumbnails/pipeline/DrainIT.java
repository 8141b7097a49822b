// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests the graceful shutdown of a busy application. */
class DrainIT {

    private static final int CLIENTS = 3;

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication().with("events.waitTimeSeconds", "1");

    private final Map<String, Original> accepted = new ConcurrentHashMap<>();

    @Test
    void startedWorkIsFinished(@TempDir Path directory) throws Exception {
        Original slow = padded(new Random(1));
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (Command application = PIPELINE.process(directory)) {
            application.awaitOutput("(camel-thumbnails) started");
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                running.add(clients.submit(() -> {
                    uploadUntilRefused(client);
                    return null;
                }));
            }
            Pipeline.await().until(() -> accepted.size() > 20);
            int half = slow.bytes().length / 2;
            try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                send(
                        socket,
                        ("PUT " + PIPELINE.path("slow") + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                                        + "Content-Length: " + slow.bytes().length + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // Logged once the route reads the body. Until then the upload has not started.
                assertThat(answer.readLine()).isEqualTo("HTTP/1.1 100 Continue");
                assertThat(answer.readLine()).isEmpty();
                send(socket, Arrays.copyOf(slow.bytes(), half));

                application.askToStop();
                application.awaitOutput("is shutting down");
                int pieces = 10;
                for (int i = 0; i < pieces; i++) {
                    byte[] piece = Arrays.copyOfRange(
                            slow.bytes(),
                            half + (slow.bytes().length - half) * i / pieces,
                            half + (slow.bytes().length - half) * (i + 1) / pieces);
                    Awaitility.await().pollDelay(Duration.ofMillis(250)).until(() -> true);
                    send(socket, piece);
                }

                assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");
                accepted.put("slow", slow);
            }
            for (Future<?> client : running) {
                client.get();
            }
            assertThat(application.exitCode()).isEqualTo(143);
            assertThat(application.output())
                    .contains("(camel-thumbnails) shutdown in")
                    .doesNotContain("ERROR", "forced", "Forced");
        } finally {
            clients.shutdownNow();
        }

        accepted.forEach((key, original) -> {
            assertThat(PIPELINE.original(key)).as(key).isEqualTo(original.bytes());
            assertThat(PIPELINE.outcome(key))
                    .as("thumbnail and item of %s: both or neither", key)
                    .isIn(original.outcome(), Original.ABSENT.outcome());
        });

        try (Command again = PIPELINE.process(directory)) {
            again.awaitOutput("(camel-thumbnails) started");
            PIPELINE.awaitNoEvents();
        }
        accepted.forEach(
                (key, original) -> assertThat(PIPELINE.outcome(key)).as(key).isEqualTo(original.outcome()));
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
        assertThat(PIPELINE.failures()).isEmpty();
    }

    /** Uploads to different keys until the application no longer accepts uploads. */
    private void uploadUntilRefused(int client) throws IOException {
        Random random = new Random(client);
        try {
            for (int i = 0; ; i++) {
                String key = client + "/" + i;
                Original original = padded(random);
                int status = PIPELINE.put(PIPELINE.path(key), original.bytes()).statusCode();
                if (status != 200) {
                    assertThat(status).isEqualTo(503);
                    return;
                }
                accepted.put(key, original);
            }
        } catch (ConnectException refused) {
            // The application no longer listens.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns a picture padded to a large file, so that its upload takes some time. */
    private static Original padded(Random random) {
        Original original = Original.picture(random);
        return new Original(Arrays.copyOf(original.bytes(), 200_000), original.thumbnail());
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }
}
