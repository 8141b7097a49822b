// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedriveBatchesTest {

    private final FakeSqs sqs = new FakeSqs();
    private final List<Duration> pauses = new ArrayList<>();

    @Test
    void largeEventsAreSentInSeveralRequests() {
        List<RedriveMessage> large = IntStream.range(0, 3)
                .mapToObj(i -> new RedriveMessage("id" + i, Instant.EPOCH, Set.of("k"), null, null, "ü".repeat(60_000)))
                .toList();

        assertThat(new RedriveBatches(sqs, pauses::add).send("events", large)).hasSize(3);

        assertThat(sqs.sent).extracting(List::size).containsExactly(2, 1);
    }

    @Test
    void rejectedEntriesAreSentAgainAfterPauses() {
        sqs.rejections.put("event", 2);
        RedriveMessage message = new RedriveMessage("id", Instant.EPOCH, Set.of("k"), null, null, "event");

        assertThat(new RedriveBatches(sqs, pauses::add).send("events", List.of(message)))
                .containsExactly(message);

        assertThat(pauses).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200));
    }
}
