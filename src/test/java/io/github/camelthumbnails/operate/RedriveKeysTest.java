// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** Tests what a redrive of chosen keys says about keys without a message. */
class RedriveKeysTest {

    private final Operation operation = new Operation("redrive", true, List.of("moved", "stayed", "unreadable"));

    private void run(Set<String> keys, String... received) {
        Redrive redrive = new Redrive(
                null, null, new Redrive.Places("originals", "events", "failures", "dead"), Redrive.Limits.STANDARD);
        RedriveRun run = redrive.start(
                new RedriveOptions(Source.FAILURES, EnumSet.allOf(FailureReason.class), "p/", keys, true), operation);
        redrive.choose(
                Stream.of(received)
                        .map(key -> Message.builder()
                                .messageId(key)
                                .receiptHandle(key)
                                .body(key)
                                .build())
                        .toList(),
                run);
        redrive.end(run);
    }

    @Test
    void keysWithoutAMessageAreReported() {
        run(Set.of("p/a", "p/tpyo", "p/old", "other"), "p/a", "p/b", "other");

        assertThat(operation.counts()).containsEntry("moved", 1L).containsEntry("keysNotFound", 2L);
        assertThat(operation.examples().get("keysNotFound")).containsExactly("p/old", "p/tpyo");
    }

    @Test
    void nothingIsReportedIfNoKeysWereChosen() {
        run(null, "p/a");

        assertThat(operation.counts()).doesNotContainKey("keysNotFound");
    }
}
