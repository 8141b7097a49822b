// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.image.webp.WebpFiles;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Rule;
import io.vertx.core.json.JsonObject;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Tests three renditions of each original, from the upload to the objects, the item and the status. */
class RenditionsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = ThreeRenditions.in(new Pipeline())
            .withFaults()
            .with("thumbnails.cacheControl", "public, max-age=600")
            .with("events.retryDelay", "20")
            .with("events.backoffSeconds", "1")
            .with("events.maxBackoffSeconds", "1")
            .with("events.pauseSeconds", "1");

    private static final Color BACKGROUND = new Color(0x3366CC);

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    static List<String> keys() {
        return List.of("photo.jpg", "a b/한국어 사진 😀.jpg", "한".repeat(338) + "ab", "100%+.jpg", "no-extension");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void uploadBecomesThreeObjectsAndOneItem(String key) throws Exception {
        HttpResponse<String> response = PIPELINE.upload(key, Pictures.quarters(ImageFormat.PNG, 80, 40));

        String eTag = response.headers().firstValue("ETag").orElseThrow().replace("\"", "");
        Map<String, AttributeValue> item = PIPELINE.awaitItem(key);
        JsonObject status = new JsonObject(
                new String(PIPELINE.read("GET", PIPELINE.path(key) + "?status").body(), UTF_8));
        assertThat(status.getString("state")).isEqualTo("ready");
        assertThat(status.getJsonObject("renditions").fieldNames())
                .containsExactlyInAnyOrder("thumbnail", "card", "avatar");
        assertThat(item.get("renditions").m()).containsOnlyKeys("thumbnail", "card", "avatar");
        assertThat(item.get("renditionsHash").s()).matches("[0-9a-f]{16}");
        assertRendition("thumbnail", "resized-" + key, ImageFormat.PNG, 40, 20, key, eTag);
        assertRendition("card", "card/" + key, ImageFormat.WEBP, 30, 15, key, eTag);
        assertRendition("avatar", "avatars/" + key, ImageFormat.JPEG, 20, 20, key, eTag);
        assertThat(item)
                .containsEntry("thumbnailKey", AttributeValue.fromS("resized-" + key))
                .containsEntry("contentType", AttributeValue.fromS("image/png"))
                .containsEntry("width", AttributeValue.fromN("40"))
                .containsEntry("height", AttributeValue.fromN("20"))
                .containsEntry(
                        "bytes", item.get("renditions").m().get("thumbnail").m().get("bytes"));
    }

    private static void assertRendition(
            String name, String rendition, ImageFormat format, int width, int height, String key, String eTag)
            throws Exception {
        ResponseBytes<GetObjectResponse> object = object(rendition);
        BufferedImage image = Pictures.decode(object.asByteArray());
        assertThat(Pictures.format(object.asByteArray())).contains(format);
        assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(width, height);
        assertThat(object.response().contentType()).isEqualTo(format.contentType());
        assertThat(object.response().cacheControl()).isEqualTo("public, max-age=600");
        assertThat(object.response().metadata()).containsEntry("source-etag", eTag);
        String sourceKey = object.response().metadata().get("source-key");
        if (key.length() > 300) {
            assertThat(sourceKey).as("too long for S3").isNull();
        } else {
            assertThat(sourceKey).matches("[!-~]+");
            assertThat(URLDecoder.decode(sourceKey, UTF_8)).isEqualTo(key);
        }
        assertThat(PIPELINE.item(key).get("renditions").m().get(name).m())
                .containsOnly(
                        Map.entry("key", AttributeValue.fromS(rendition)),
                        Map.entry("contentType", AttributeValue.fromS(format.contentType())),
                        Map.entry("width", AttributeValue.fromN("" + width)),
                        Map.entry("height", AttributeValue.fromN("" + height)),
                        Map.entry("bytes", AttributeValue.fromN("" + object.asByteArray().length)));
        JsonObject status = new JsonObject(new String(
                        PIPELINE.read("GET", PIPELINE.path(key) + "?status").body(), UTF_8))
                .getJsonObject("renditions")
                .getJsonObject(name);
        assertThat(status.getString("key")).isEqualTo(rendition);
        assertThat(status.getInteger("width")).isEqualTo(width);
        assertThat(status.getInteger("height")).isEqualTo(height);
        HttpResponse<byte[]> served = PIPELINE.read("GET", status.getString("href"));
        assertThat(served.statusCode()).isEqualTo(200);
        assertThat(served.body()).isEqualTo(object.asByteArray());
        assertThat(served.headers().firstValue("Content-Type")).contains(format.contentType());
        assertThat(served.headers().firstValue("Cache-Control")).contains("public, max-age=600");
    }

    @Test
    void renditionsShowTheUprightPicture() throws Exception {
        byte[] sideways = Pictures.withOrientation(Pictures.quarters(ImageFormat.JPEG, 96, 48), ImageFormat.JPEG, 6);

        PIPELINE.upload("portrait.jpg", sideways);
        PIPELINE.awaitItem("portrait.jpg");

        assertUpright("resized-portrait.jpg", 24, 48);
        assertUpright("card/portrait.jpg", 10, 20);
        assertUpright("avatars/portrait.jpg", 20, 20);
    }

    private static void assertUpright(String rendition, int width, int height) {
        BufferedImage image = Pictures.decode(object(rendition).asByteArray());
        assertThat(List.of(image.getWidth(), image.getHeight())).as(rendition).containsExactly(width, height);
        int[] turned = {2, 0, 3, 1}; // the quarter that is at each place after a turn to the right
        for (int i = 0; i < 4; i++) {
            assertSimilar(rendition, Pictures.quarter(image, i), Pictures.QUARTERS[turned[i]]);
        }
    }

    @Test
    void transparentPixelsGetTheBackgroundInJpeg() throws Exception {
        BufferedImage image = new BufferedImage(60, 60, BufferedImage.TYPE_INT_ARGB);

        PIPELINE.upload("clear.png", Pictures.encode(image, ImageFormat.PNG));
        PIPELINE.awaitItem("clear.png");

        assertThat(middle("resized-clear.png").getAlpha()).isZero();
        assertThat(middle("card/clear.png").getAlpha()).isZero();
        assertSimilar("avatar", middle("avatars/clear.png"), BACKGROUND);
    }

    @Test
    void animationStaysAnimatedInWebpAndShowsItsFirstFrameInJpeg() throws Exception {
        WebpFiles.assumeLibraries();
        byte[] gif = Pictures.animation(
                ImageFormat.GIF,
                List.of(
                        Pictures.decode(Pictures.plain(ImageFormat.PNG, 60, 40, Color.RED)),
                        Pictures.decode(Pictures.plain(ImageFormat.PNG, 60, 40, Color.BLUE))));

        PIPELINE.upload("moving.gif", gif);
        PIPELINE.awaitItem("moving.gif");

        String card = object("card/moving.gif").asString(StandardCharsets.ISO_8859_1);
        assertThat(card.split("ANMF", -1))
                .as("text around the frames of the card")
                .hasSize(3);
        assertSimilar("avatar", middle("avatars/moving.gif"), Color.RED);
    }

    /** Only the requests for one rendition fail, so that a try stores some of the others. */
    @ParameterizedTest
    @ValueSource(strings = {"/resized-s3", "/card", "/avatars"})
    void itemIsWrittenAfterTheLastRendition(String prefix) {
        String key = "s3 fails" + prefix;
        Original original = Original.picture(new Random(1));
        Rule rule = PIPELINE.faults.failIn(
                PIPELINE.resources.thumbnails() + prefix.replace("resized-s3", "resized-s3%20fails"),
                "PutObject",
                Fault.error(503, "SlowDown"));

        PIPELINE.store(key, original.bytes());

        Pipeline.await().until(() -> rule.hits() > 4); // more than the tries of one receive
        assertThat(PIPELINE.item(key)).isEmpty();
        List<String> all = ThreeRenditions.keys(key);
        List<String> before = all.stream()
                .takeWhile(rendition -> !("/" + rendition).startsWith(prefix))
                .toList();
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails()).stream().filter(all::contains))
                .as("what was stored before the fault")
                .containsExactlyInAnyOrderElementsOf(before);
        rule.remove();
        PIPELINE.awaitItem(key);
        PIPELINE.awaitNoEvents();
        assertThat(ThreeRenditions.outcome(PIPELINE, key)).isEqualTo(ThreeRenditions.expected(key, original));
        assertThat(PIPELINE.failures(key)).isEmpty();
    }

    @Test
    void removalIsCompletedAfterAFaultOfS3() {
        String key = "removed";
        PIPELINE.store(key, Pictures.quarters(ImageFormat.JPEG, 40, 40));
        PIPELINE.awaitItem(key);
        PIPELINE.awaitNoEvents();
        Rule rule = PIPELINE.faults.failIn(
                PIPELINE.resources.thumbnails() + "/card", "DeleteObject", Fault.error(503, "SlowDown"));

        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key(key));

        Pipeline.await().until(() -> rule.hits() > 4);
        assertThat(PIPELINE.item(key)).containsKey("renditions").doesNotContainKey("sourceETag");
        rule.remove();
        PIPELINE.awaitNoEvents();
        assertThat(ThreeRenditions.outcome(PIPELINE, key)).isEmpty();
    }

    private static ResponseBytes<GetObjectResponse> object(String key) {
        return PIPELINE.s3.getObjectAsBytes(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key(key));
    }

    private static Color middle(String rendition) {
        BufferedImage image = Pictures.decode(object(rendition).asByteArray());
        return new Color(image.getRGB(image.getWidth() / 2, image.getHeight() / 2), true);
    }

    private static void assertSimilar(String name, Color actual, Color expected) {
        assertThat(actual.getRed()).as("red of %s", name).isCloseTo(expected.getRed(), within(24));
        assertThat(actual.getGreen()).as("green of %s", name).isCloseTo(expected.getGreen(), within(24));
        assertThat(actual.getBlue()).as("blue of %s", name).isCloseTo(expected.getBlue(), within(24));
    }
}
