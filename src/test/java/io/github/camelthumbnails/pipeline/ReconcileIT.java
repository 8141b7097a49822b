// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.operate.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reconciles buckets whose events are lost, next to a worker. Each test has a prefix of its own. */
class ReconcileIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "thumbnail");

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 100, 50);
    private static final byte[] OTHER_PHOTO = Pictures.quarters(ImageFormat.JPEG, 60, 40);

    private static CamelContext operator;

    @BeforeAll
    static void startOperator() {
        PIPELINE.disableNotifications();
        operator = PIPELINE.anotherApplication(Map.of("app.roles", "operate")).getCamelContext();
    }

    private static ReconcileCommand reconcile(String prefix) {
        return new ReconcileCommand(operator).prefix(prefix);
    }

    /** Stores originals without events, and has their renditions made. */
    private static void fill(String... keys) {
        for (String key : keys) {
            PIPELINE.store(key, PHOTO);
            PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), key)
                    + "]}");
        }
        for (String key : keys) {
            PIPELINE.awaitItem(key);
        }
        PIPELINE.awaitNoEvents();
    }

    private static void assertComplete(String prefix, int originals) {
        PIPELINE.awaitNoEvents();
        Operation again = reconcile(prefix).dryRun().restart().run();
        assertThat(again.counts())
                .containsEntry("originals", (long) originals)
                .containsEntry("complete", (long) originals)
                .containsEntry("orphans", 0L);
    }

    private static void removeRendition(String key) {
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key("resized-" + key));
    }

    @Test
    void firstBackfillMakesAllRenditions() {
        List<String> keys = List.of("backfill/a.jpg", "backfill/b+c \u00e9.jpg", "backfill/\uD83D\uDE00.jpg");
        keys.forEach(key -> PIPELINE.store(key, PHOTO));

        Operation operation = reconcile("backfill/").run();

        assertThat(operation.state()).isEqualTo(Operation.State.DONE);
        assertThat(operation.counts()).containsEntry("missing", 3L).containsEntry("sent", 3L);
        keys.forEach(PIPELINE::awaitItem);
        assertComplete("backfill/", 3);
    }

    @Test
    void deletedRenditionIsMadeAgain() {
        fill("deleted/a.jpg", "deleted/b.jpg");
        removeRendition("deleted/a.jpg");

        Operation operation = reconcile("deleted/").run();

        assertThat(operation.counts()).containsEntry("missing", 1L).containsEntry("sent", 1L);
        assertThat(operation.examples()).isEqualTo(Map.of("missing", List.of("deleted/a.jpg")));
        PIPELINE.awaitThumbnail("deleted/a.jpg");
        assertComplete("deleted/", 2);
    }

    @Test
    void renditionOfAReplacedOriginalIsMadeAgain() {
        fill("replaced/a.jpg", "replaced/b.jpg");
        PIPELINE.store("replaced/a.jpg", OTHER_PHOTO);

        Operation operation = reconcile("replaced/").run();

        assertThat(operation.counts()).containsEntry("stale", 1L).containsEntry("complete", 1L);
        assertComplete("replaced/", 2);
        assertThat(PIPELINE.outcome("replaced/a.jpg")).startsWith("30x20");
    }

    @Test
    void renditionsOfOtherSettingsAreFound() {
        fill("settings/a.jpg", "settings/b.jpg");
        Main changed = PIPELINE.anotherApplication(
                Map.of("app.roles", "operate", "renditions.thumbnail", "scale:0.5 quality:0.3"));

        Operation operation = new ReconcileCommand(changed.getCamelContext())
                .prefix("settings/")
                .dryRun()
                .run();

        assertThat(operation.counts()).containsEntry("stale", 2L).containsEntry("complete", 0L);
        changed.stop();
    }

    @Test
    void orphansAreRemovedOnlyByTheSwitchOfTheirOwn() {
        fill("orphans/a.jpg", "orphans/gone.jpg");
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("orphans/gone.jpg"));

        Operation first = reconcile("orphans/").run();
        assertThat(first.counts()).containsEntry("orphans", 1L).containsEntry("sent", 0L);
        assertThat(first.examples()).isEqualTo(Map.of("orphans", List.of("orphans/gone.jpg")));
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.item("orphans/gone.jpg")).isNotEmpty();

        Operation second = reconcile("orphans/").deleteOrphans().run();
        assertThat(second.counts()).containsEntry("orphans", 1L).containsEntry("sent", 1L);
        PIPELINE.awaitNoEvents();
        PIPELINE.assertNoThumbnailAndNoItem("orphans/gone.jpg");
        assertComplete("orphans/", 1);
    }

    @Test
    void unusablePictureIsTriedOnce() {
        PIPELINE.store("unusable/text.jpg", Pictures.ascii("text"));

        assertThat(reconcile("unusable/").run().counts()).containsEntry("missing", 1L);
        PIPELINE.awaitFailure("unusable/text.jpg");
        PIPELINE.awaitNoEvents();
        letFailureExpire("unusable/text.jpg", tomorrow());
        Operation second = reconcile("unusable/").run();

        assertThat(second.counts())
                .containsEntry("originals", 1L)
                .containsEntry("unusable", 1L)
                .containsEntry("missing", 0L)
                .containsEntry("sent", 0L);
        assertThat(expiryOfFailure("unusable/text.jpg")).isGreaterThan(tomorrow() + 1000);

        PIPELINE.store("unusable/text.jpg", PHOTO);
        assertThat(reconcile("unusable/").run().counts()).containsEntry("sent", 1L);
        assertComplete("unusable/", 1);
    }

    private static long tomorrow() {
        return Instant.now().plus(Duration.ofDays(1)).getEpochSecond();
    }

    private static void letFailureExpire(String key, long time) {
        PIPELINE.dynamoDb.updateItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .key(Map.of("name", AttributeValue.fromS(key)))
                .updateExpression("SET expiresAt = :time")
                .expressionAttributeValues(Map.of(":time", AttributeValue.fromN(Long.toString(time)))));
    }

    private static long expiryOfFailure(String key) {
        return Long.parseLong(PIPELINE.failedItem(key).get("expiresAt").n());
    }

    @Test
    void windowLeavesOutOlderAndYoungerOriginals() {
        PIPELINE.store("window/a.jpg", PHOTO);
        Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
        Instant inAnHour = Instant.now().plus(Duration.ofHours(1));

        assertThat(reconcile("window/").changedAfter(inAnHour).run().counts()).containsEntry("originals", 0L);
        assertThat(reconcile("window/").changedBefore(hourAgo).run().counts())
                .containsEntry("young", 1L)
                .containsEntry("sent", 0L);
        assertThat(reconcile("window/")
                        .changedAfter(hourAgo)
                        .changedBefore(inAnHour)
                        .dryRun()
                        .run()
                        .counts())
                .containsEntry("missing", 1L);
    }

    @Test
    void prefixLeavesOutAllOtherKeys() {
        PIPELINE.store("prefix-a/1.jpg", PHOTO);
        PIPELINE.store("prefix-b/1.jpg", PHOTO);

        reconcile("prefix-b").run();

        PIPELINE.awaitItem("prefix-b/1.jpg");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.item("prefix-a/1.jpg")).isEmpty();
    }

    @Test
    void deepRunAsksTheTableAboutAll() {
        fill("deep/a.jpg", "deep/b.jpg");

        assertThat(reconcile("deep/").deep().run().counts())
                .containsEntry("complete", 2L)
                .containsEntry("tableReads", 1L);
    }

    @Test
    void objectsThatAreNoRenditionsAreLeftAlone() {
        PIPELINE.s3.putObject(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key("others/logo.png"),
                RequestBody.fromBytes(PHOTO));

        Operation operation = reconcile("others/").deleteOrphans().run();

        assertThat(operation.counts()).containsEntry("orphans", 0L).containsEntry("sent", 0L);
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails())).contains("others/logo.png");
    }
}
