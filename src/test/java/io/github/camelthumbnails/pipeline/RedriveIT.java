// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.RedriveOptions;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests which failures a redrive moves, with the application's own worker on local AWS. */
class RedriveIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withShortTimes();

    private static final Redrives REDRIVES = new Redrives(PIPELINE);

    private static final Set<FailureReason> ALL = EnumSet.allOf(FailureReason.class);

    @BeforeEach
    void sendNoEventsForStoredOriginals() {
        PIPELINE.disableNotifications();
    }

    @AfterEach
    void emptyQueues() {
        REDRIVES.purge();
    }

    @Test
    void failuresAreRetriedByReason() throws Exception {
        REDRIVES.fail("by reason/late.png", "ServiceUnavailable");
        REDRIVES.fail("by reason/denied.png", "AccessDenied");
        REDRIVES.fail("by reason/unknown.png", "FromAnotherVersion");
        REDRIVES.fail("by reason/corrupt.png", "CorruptImage");
        Set<FailureReason> reasons = EnumSet.allOf(FailureReason.class);
        reasons.removeIf(FailureReason::isPictureAtFault);

        Operation operation = REDRIVES.redrive(new RedriveOptions(Source.FAILURES, reasons, "", null, false));

        assertThat(operation.counts()).isEqualTo(REDRIVES.counts(3, 1, 0));
        for (String name : List.of("late", "denied", "unknown")) {
            PIPELINE.awaitThumbnail("by reason/" + name + ".png");
            assertThat(PIPELINE.failedItem("by reason/" + name + ".png")).isEmpty();
        }
        assertThat(PIPELINE.item("by reason/corrupt.png")).isEmpty();
        assertThat(PIPELINE.failedItem("by reason/corrupt.png")).isNotEmpty();
        assertThat(REDRIVES.messages())
                .as("the message is visible again at once, and unchanged")
                .hasEntrySatisfying(
                        "by reason/corrupt.png",
                        messages -> assertThat(messages)
                                .singleElement()
                                .satisfies(message -> assertThat(message.messageAttributes())
                                        .containsKeys("bucket", "reason", "failedAt")));
    }

    @Test
    void failuresAreRetriedByPrefixAndKeys() throws Exception {
        for (String key : List.of("summer/1.png", "summer/2.png", "winter/1.png")) {
            REDRIVES.fail(key, "InternalError");
        }

        assertThat(REDRIVES.redrive(new RedriveOptions(
                                Source.FAILURES, ALL, "summer/", Set.of("summer/2.png", "winter/1.png"), false))
                        .counts())
                .containsAllEntriesOf(REDRIVES.counts(1, 2, 0))
                .containsEntry("keysNotFound", 0L);
        PIPELINE.awaitThumbnail("summer/2.png");
        assertThat(REDRIVES.redrive(new RedriveOptions(Source.FAILURES, ALL, "summer/", null, false))
                        .counts())
                .isEqualTo(REDRIVES.counts(1, 1, 0));
        PIPELINE.awaitThumbnail("summer/1.png");
        assertThat(PIPELINE.item("winter/1.png")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a+b.png",
                "100%.png",
                "ü 日本.png",
                "\uD83D\uDE00.png",
                "bell\u0007\u0001.png",
                "%41.png",
                "a%20b+c.png"
            })
    void anyKeyIsRetried(String key) throws Exception {
        REDRIVES.fail(key, "InternalError");

        assertThat(REDRIVES.redrive(REDRIVES.all(false)).counts()).isEqualTo(REDRIVES.counts(1, 0, 0));

        PIPELINE.awaitThumbnail(key);
    }

    @Test
    void dryRunChangesNothing() throws Exception {
        REDRIVES.fail("dry/1.png", "InternalError");
        REDRIVES.fail("dry/2.png", "CorruptImage");
        Map<String, AttributeValue> note = PIPELINE.failedItem("dry/1.png");

        assertThat(REDRIVES.redrive(new RedriveOptions(
                                Source.FAILURES, Set.of(FailureReason.InternalError), "", null, true))
                        .counts())
                .isEqualTo(REDRIVES.counts(1, 1, 0));

        assertThat(PIPELINE.count(PIPELINE.resources.events())).isZero();
        assertThat(PIPELINE.failedItem("dry/1.png")).isEqualTo(note);
        assertThat(PIPELINE.item("dry/1.png")).isEmpty();
        assertThat(REDRIVES.messages()).containsOnlyKeys("dry/1.png", "dry/2.png");
    }

    /** Each failure was reported a moment ago, so without the redrive's help the second one would not be reported. */
    @Test
    void runEndsAlthoughEverythingFailsAgain() throws Exception {
        List<String> keys = IntStream.range(0, 30).mapToObj(i -> "text " + i).toList();
        for (String key : keys) {
            PIPELINE.store(key, "this is no picture".getBytes());
            PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), key)
                    + "]}");
        }
        Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.failures()) == keys.size());
        PIPELINE.awaitNoEvents();
        Instant start = Instant.now();

        Operation operation = REDRIVES.redrive(REDRIVES.all(false));

        assertThat(operation.counts()).containsEntry("moved", 30L);
        PIPELINE.awaitNoEvents();
        assertThat(REDRIVES.messages())
                .containsOnlyKeys(keys)
                .allSatisfy((key, messages) -> assertThat(messages)
                        .singleElement()
                        .satisfies(message -> assertThat(Instant.parse(message.messageAttributes()
                                        .get("failedAt")
                                        .stringValue()))
                                .isAfter(start)));
    }

    @Test
    void cancelledRunStops() throws Exception {
        REDRIVES.fail("cancelled.png", "InternalError");
        Operation operation = REDRIVES.operation(false);
        operation.cancel();

        REDRIVES.run(REDRIVES.all(false), operation);

        assertThat(operation.state()).isEqualTo(Operation.State.CANCELLED);
        assertThat(REDRIVES.messages()).containsOnlyKeys("cancelled.png");
    }
}
