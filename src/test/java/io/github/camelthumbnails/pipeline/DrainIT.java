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

/** The application is asked to stop while it has much to do. */
class DrainIT {

    private static final int CLIENTS = 3;

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication().with("events.waitTimeSeconds", "1");

    private final Map<String, Original> taken = new ConcurrentHashMap<>();

    @Test
    void whatHasBegunIsFinished(@TempDir Path directory) throws Exception {
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
            Pipeline.await().until(() -> taken.size() > 20);
            int half = slow.bytes().length / 2;
            try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
                BufferedReader answer =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                send(
                        socket,
                        ("PUT " + PIPELINE.path("slow") + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                                        + "Content-Length: " + slow.bytes().length + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                // The application says this once the route reads the body. Until then the upload has not begun.
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
                taken.put("slow", slow);
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

        taken.forEach((key, original) -> {
            assertThat(PIPELINE.original(key)).as(key).isEqualTo(original.bytes());
            assertThat(PIPELINE.outcome(key))
                    .as("no half of thumbnail and item of %s", key)
                    .isIn(original.outcome(), Original.ABSENT.outcome());
        });

        try (Command again = PIPELINE.process(directory)) {
            again.awaitOutput("(camel-thumbnails) started");
            PIPELINE.awaitNoEvents();
        }
        taken.forEach(
                (key, original) -> assertThat(PIPELINE.outcome(key)).as(key).isEqualTo(original.outcome()));
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
        assertThat(PIPELINE.failures()).isEmpty();
    }

    /** Each to a key of its own, until the application does not take any more. */
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
                taken.put(key, original);
            }
        } catch (ConnectException refused) {
            // The port is closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A picture in a larger file, which takes some time on its way. */
    private static Original padded(Random random) {
        Original original = Original.picture(random);
        return new Original(Arrays.copyOf(original.bytes(), 200_000), original.thumbnail());
    }

    private static void send(Socket socket, byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }
}
