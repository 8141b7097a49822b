// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests what becomes of renditions if the settings that describe them change, or if one of them cannot be made. */
class RenditionSettingsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication();

    /** The settings of an application that makes only the thumbnail. */
    private static final Map<String, String> ONE = Map.of();

    private static final Map<String, String> THREE = ThreeRenditions.SETTINGS;

    private final Random random = new Random(1);

    @Test
    void removalTakesWhatTheItemLists() {
        work(THREE, () -> store("removed", Original.picture(random)));
        assertThat(stored("removed")).hasSize(3);

        work(ONE, () -> remove("removed"));

        assertThat(stored("removed")).isEmpty();
        assertThat(PIPELINE.item("removed")).isEmpty();
    }

    @Test
    void unusableOriginalRemovesWhatTheItemLists() {
        work(THREE, () -> store("spoilt", Original.picture(random)));

        work(ONE, () -> store("spoilt", Original.corrupt(random)));

        assertThat(stored("spoilt")).isEmpty();
        assertThat(PIPELINE.item("spoilt")).isEmpty();
        PIPELINE.awaitFailure("spoilt");
        assertThat(PIPELINE.failures("spoilt")).hasSize(1);
    }

    @Test
    void newOriginalReplacesTheRenditionsOfOtherSettings() {
        Original now = Original.picture(random);
        work(THREE, () -> store("replaced", Original.picture(random)));

        work(ONE, () -> store("replaced", now));

        assertThat(stored("replaced")).containsExactly("resized-replaced");
        assertThat(PIPELINE.outcome("replaced")).isEqualTo(now.outcome());
        assertThat(PIPELINE.item("replaced").get("renditions").m()).containsOnlyKeys("thumbnail");

        work(THREE, () -> store("replaced", now));

        assertThat(ThreeRenditions.outcome(PIPELINE, "replaced")).isEqualTo(ThreeRenditions.expected("replaced", now));
        assertThat(PIPELINE.failures("replaced")).isEmpty();
    }

    @Test
    void unchangedOriginalKeepsItsRenditions() {
        Original original = Original.picture(random);
        work(THREE, () -> store("kept", original));

        work(ONE, () -> store("another", Original.picture(random)));

        assertThat(ThreeRenditions.outcome(PIPELINE, "kept")).isEqualTo(ThreeRenditions.expected("kept", original));
    }

    @Test
    void itemOfAnEarlierVersionIsReplaced() {
        Original now = Original.picture(random);
        storeAsAnEarlierVersion("old replaced");

        work(THREE, () -> store("old replaced", now));

        assertThat(ThreeRenditions.outcome(PIPELINE, "old replaced"))
                .isEqualTo(ThreeRenditions.expected("old replaced", now));
    }

    @Test
    void itemOfAnEarlierVersionIsRemoved() {
        storeAsAnEarlierVersion("old removed");

        work(Map.of("renditions", "card", "renditions.card", "fit:30x20"), () -> remove("old removed"));

        assertThat(stored("old removed")).isEmpty();
        assertThat(PIPELINE.item("old removed")).isEmpty();
    }

    /** Writes an object and an item as versions did that had no setting {@code renditions}. */
    private static void storeAsAnEarlierVersion(String key) {
        byte[] small = Pictures.quarters(ImageFormat.PNG, 10, 10);
        PIPELINE.s3.putObject(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key("resized-" + key),
                RequestBody.fromBytes(small));
        Map<String, AttributeValue> item = new HashMap<>();
        Map.of(
                        "name",
                        key,
                        "bucket",
                        PIPELINE.resources.originals(),
                        "sourceETag",
                        "0123",
                        "thumbnailBucket",
                        PIPELINE.resources.thumbnails(),
                        "thumbnailKey",
                        "resized-" + key,
                        "contentType",
                        "image/png",
                        "createdAt",
                        "2026-11-01T00:00:00.000Z")
                .forEach((name, value) -> item.put(name, AttributeValue.fromS(value)));
        Map.of("sourceSize", 400, "width", 10, "height", 10, "bytes", small.length)
                .forEach((name, value) -> item.put(name, AttributeValue.fromN(value.toString())));
        PIPELINE.dynamoDb.putItem(
                request -> request.tableName(PIPELINE.resources.table()).item(item));
    }

    /** WebP has at most 16383 pixels a side, so that the second of three renditions is impossible. */
    @Test
    void nothingIsStoredIfOneRenditionIsImpossible() {
        Map<String, String> settings = new HashMap<>(THREE);
        settings.put("renditions.card", "scale:1 format:webp");
        work(settings, () -> {
            store("wide", Original.picture(random));
            assertThat(stored("wide")).hasSize(3);

            PIPELINE.store("wide", Pictures.quarters(ImageFormat.PNG, 20_000, 2));
            PIPELINE.awaitFailure("wide");
            PIPELINE.store("new and wide", Pictures.quarters(ImageFormat.PNG, 20_000, 2));
            PIPELINE.awaitFailure("new and wide");
            PIPELINE.awaitNoEvents();
        });

        for (String key : List.of("wide", "new and wide")) {
            assertThat(stored(key)).isEmpty();
            assertThat(PIPELINE.item(key)).isEmpty();
            assertThat(PIPELINE.failures(key)).hasSize(1);
            assertThat(PIPELINE.failures(key)
                            .get(0)
                            .messageAttributes()
                            .get("error")
                            .stringValue())
                    .contains("16383");
        }
    }

    @Test
    void keysAreLimitedByTheLongestPattern() throws Exception {
        Map<String, String> settings = Map.of("renditions.thumbnail", "scale:0.5 key:long-enough-a-prefix-24/{key}");
        Main application = PIPELINE.application(settings);
        try {
            assertThat(put("k".repeat(1000)).statusCode()).isEqualTo(200);
            HttpResponse<String> refused = put("k".repeat(1001));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(new JsonObject(refused.body()).getString("detail")).contains("1001 bytes", "at most 1000");
            PIPELINE.awaitItem("k".repeat(1000));
            PIPELINE.awaitNoEvents();
        } finally {
            application.stop();
        }
    }

    private static HttpResponse<String> put(String key) throws Exception {
        return PIPELINE.put(PIPELINE.path(key), Pictures.quarters(ImageFormat.PNG, 20, 20));
    }

    /** Runs an action while an application processes events. */
    private static void work(Map<String, String> settings, Runnable during) {
        Main application = PIPELINE.application(settings);
        try {
            during.run();
        } finally {
            application.stop();
        }
    }

    /** Stores an original and waits until its event is processed. */
    private static void store(String key, Original original) {
        PIPELINE.store(key, original.bytes());
        PIPELINE.awaitNoEvents();
    }

    private static void remove(String key) {
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key(key));
        PIPELINE.awaitNoEvents();
    }

    /** Returns the keys of all renditions of an original. */
    private static List<String> stored(String key) {
        return PIPELINE.keys(PIPELINE.resources.thumbnails()).stream()
                .filter(rendition -> rendition.matches("(resized-|card/|avatars/)" + key))
                .toList();
    }
}
