// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.RedriveOptions;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests redrives of odd messages, of the dead-letter queue, and while AWS fails. */
class RedriveErrorsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults().withShortTimes();

    private static final Redrives REDRIVES = new Redrives(PIPELINE);

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.PNG, 40, 20);

    @BeforeEach
    void sendNoEventsForStoredOriginals() {
        PIPELINE.disableNotifications();
    }

    @AfterEach
    void emptyQueues() {
        PIPELINE.faults.reset();
        REDRIVES.purge();
    }

    @Test
    void messagesThatNameNoOriginalStay() throws Exception {
        REDRIVES.message("k".repeat(1025), Map.of());
        REDRIVES.message("%zz", Map.of("keyEncoding", "percent"));
        REDRIVES.message("%FF.png", Map.of("keyEncoding", "percent"));
        REDRIVES.message("a b", Map.of("keyEncoding", "percent"));
        REDRIVES.message("key", Map.of("keyEncoding", "base64"));
        REDRIVES.message("other.png", Map.of("bucket", "another-bucket"));
        PIPELINE.store("by hand.png", PHOTO);
        REDRIVES.message("by hand.png", Map.of("failedAt", "yesterday"));

        Operation operation = REDRIVES.redrive(REDRIVES.all(false));

        assertThat(operation.counts()).isEqualTo(REDRIVES.counts(1, 0, 6));
        assertThat(operation.examples().get("unreadable"))
                .hasSize(6)
                .anyMatch(example -> example.startsWith("other.png (the bucket is another-bucket"))
                .anyMatch(example -> example.startsWith("%FF.png (the key is not percent-encoded"));
        PIPELINE.awaitThumbnail("by hand.png");
        assertThat(REDRIVES.messages()).hasSize(6);
    }

    @Test
    void eventsOfTheDeadLetterQueueAreRetriedAsTheyAre() throws Exception {
        PIPELINE.store("dead/s3.png", PHOTO);
        PIPELINE.store("dead/eventbridge.png", PHOTO);
        PIPELINE.store("dead/other.png", PHOTO);
        String bucket = PIPELINE.resources.originals();
        REDRIVES.dead("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "dead/s3.png") + "]}");
        REDRIVES.dead("""
                {"detail-type":"Object Created","source":"aws.s3","detail":{"bucket":{"name":"%s"},
                "object":{"key":"dead/eventbridge.png"}}}""".formatted(bucket));
        REDRIVES.dead("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "dead/other.png") + "]}");
        REDRIVES.dead("not even JSON");
        REDRIVES.dead("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "dead/s3.png") + ",{}]}");

        Operation operation = REDRIVES.redrive(new RedriveOptions(
                Source.DEAD, Set.of(), "dead/", Set.of("dead/s3.png", "dead/eventbridge.png"), false));

        assertThat(operation.counts())
                .containsAllEntriesOf(REDRIVES.counts(2, 1, 2))
                .containsEntry("keysNotFound", 0L);
        PIPELINE.awaitThumbnail("dead/s3.png");
        PIPELINE.awaitThumbnail("dead/eventbridge.png");
        assertThat(PIPELINE.item("dead/other.png")).isEmpty();
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"SQS, SendMessageBatch", "SQS, DeleteMessageBatch", "DYNAMODB, DeleteItem"})
    void errorLosesNothingAndReleasesAllMessages(Service service, String call) throws Exception {
        List<String> keys =
                IntStream.range(0, 25).mapToObj(i -> call + i + ".png").toList();
        for (String key : keys) {
            REDRIVES.fail(key, "InternalError");
        }
        PIPELINE.faults.fail(service, call, Fault.error(400, "AccessDeniedException"));

        assertThatThrownBy(() -> REDRIVES.redrive(REDRIVES.all(false))).hasStackTraceContaining("Injected by a test");
        PIPELINE.faults.reset();
        REDRIVES.redrive(REDRIVES.all(false));

        for (String key : keys) {
            PIPELINE.awaitThumbnail(key);
        }
        assertThat(PIPELINE.count(PIPELINE.resources.failures())).isZero();
    }
}
