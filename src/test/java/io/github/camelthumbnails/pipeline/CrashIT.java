// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Kills the application repeatedly at random points. Afterwards every original has its three renditions and its item, or its
 * failure message, and every acknowledged upload is stored.
 *
 * <p>More and other kills: {@code mvn verify -Dit.test=CrashIT -Dcrash.kills=100 -Dcrash.seed=7}.
 */
@Tag("long")
class CrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(CrashIT.class);

    private static final int KILLS = Integer.getInteger("crash.kills", 6);
    private static final long SEED = Long.getLong("crash.seed", 1);

    private static final int CLIENTS = 3;

    /** Few enough that an original is often replaced while it is being processed. */
    private static final int KEYS_PER_CLIENT = 20;

    @RegisterExtension
    static final Pipeline PIPELINE = ThreeRenditions.in(new Pipeline())
            .withoutApplication()
            .with("image.timeoutSeconds", "4")
            .with("aws.timeoutSeconds", "4")
            .with("events.retries", "1")
            .with("events.maxBackoffSeconds", "15") // additional visibility timeout of a redelivered event
            .with("events.visibilityTimeout", "14")
            .with("events.waitTimeSeconds", "1")
            .with("events.consumers", "4");

    private final Map<String, Original> present = new ConcurrentHashMap<>();
    private final AtomicInteger uploads = new AtomicInteger();
    private volatile boolean stopping;

    @Test
    void nothingIsLostWhenTheApplicationIsKilled(@TempDir Path directory) throws Exception {
        PIPELINE.disableDeadLetterQueue(); // every kill costs each event in flight one receive
        Random random = new Random(SEED);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(client(i)));
            }
            for (int kills = 0; kills < KILLS; kills++) {
                try (Command application = PIPELINE.process(directory)) {
                    application.awaitOutput("(camel-thumbnails) started");
                    int until = uploads.get() + 1 + random.nextInt(40);
                    Pipeline.await()
                            .pollInterval(Duration.ofMillis(1))
                            .failFast(() -> failIfOneHasFailed(running))
                            .until(() -> uploads.get() >= until);
                }
            }
            try (Command application = PIPELINE.process(directory)) {
                application.awaitOutput("(camel-thumbnails) started");
                stopping = true;
                for (Future<?> client : running) {
                    client.get();
                }
                PIPELINE.awaitNoEvents();
                assertThat(application.stop()).isEqualTo(143);
            }
        } finally {
            clients.shutdownNow();
        }
        LOG.info("{} kills, {} uploads", KILLS, uploads);
        verify();
    }

    private static void failIfOneHasFailed(List<Future<?>> clients) throws Exception {
        for (Future<?> client : clients) {
            if (client.isDone()) {
                client.get();
            }
        }
    }

    /** Stores one original after another under a few keys, most of them through the application. */
    private Callable<?> client(int number) {
        Random random = new Random(SEED * CLIENTS + number);
        return () -> {
            while (!stopping) {
                String key = number + "/" + random.nextInt(KEYS_PER_CLIENT);
                Original original = random.nextInt(4) == 0 ? Original.corrupt(random) : Original.picture(random);
                if (random.nextInt(4) == 0 || original.bytes().length == 0) { // an upload without a length is rejected
                    PIPELINE.store(key, original.bytes());
                } else {
                    uploadUntilAccepted(key, original);
                    uploads.incrementAndGet();
                }
                present.put(key, original);
            }
            return null;
        };
    }

    private static void uploadUntilAccepted(String key, Original original) {
        Pipeline.await()
                .atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    HttpResponse<String> response = PIPELINE.put(PIPELINE.path(key), original.bytes());
                    assertThat(response.statusCode())
                            .as(response.body())
                            .isIn(200, 404, 503); // the server listens before its routes have started
                    return response.statusCode() == 200;
                });
    }

    private void verify() {
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).containsExactlyInAnyOrderElementsOf(present.keySet());
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails()))
                .containsExactlyInAnyOrderElementsOf(ThreeRenditions.keys(present.keySet().stream()
                        .filter(key -> present.get(key).isPicture())
                        .toList()));
        Map<String, List<Message>> failures = PIPELINE.failures();
        present.forEach((key, original) -> {
            assertThat(PIPELINE.original(key)).as(key).isEqualTo(original.bytes());
            assertThat(ThreeRenditions.outcome(PIPELINE, key))
                    .as("outcome of %s", key)
                    .isEqualTo(ThreeRenditions.expected(key, original));
            if (!original.isPicture()) {
                assertThat(failures.getOrDefault(key, List.of()))
                        .as("failures of %s", key)
                        .extracting(message ->
                                message.messageAttributes().get("eTag").stringValue())
                        .contains(original.eTag());
            }
        });
    }
}
