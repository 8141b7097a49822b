// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Thumbnail;
import io.github.camelthumbnails.rendition.Rendition;
import io.github.camelthumbnails.rendition.Renditions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

class ThumbnailItemTest {

    private static final Renditions SETTINGS = Renditions.parse("thumbnail,card", name -> Optional.of("scale:0.5"));

    private static final List<Rendition> MADE = List.of(
            new Rendition("resized-a b.jpg", new Thumbnail("thumbnail", new byte[7], ImageFormat.JPEG, 30, 20)),
            new Rendition("card/a b.jpg", new Thumbnail("card", new byte[5], ImageFormat.WEBP, 64, 48)));

    /** An item as it was written before there were several renditions. */
    private static final Map<String, AttributeValue> OLD =
            Map.of("name", text("a b.jpg"), "thumbnailKey", text("old-a b.jpg"));

    private final ThumbnailItem item = new ThumbnailItem("my-thumbnails", "thumbnails", SETTINGS);

    @Test
    void itemDescribesTheFirstRenditionAndListsAll() {
        Instant before = Instant.now().minusMillis(1);

        PutItemRequest put = item.put("a b.jpg", "originals", "\"e1\"", 5_000_000_000L, MADE);

        assertThat(put.tableName()).isEqualTo("my-thumbnails");
        Map<String, AttributeValue> attributes = new HashMap<>(put.item());
        String createdAt = attributes.remove("createdAt").s();
        assertThat(createdAt).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z");
        assertThat(Instant.parse(createdAt)).isBetween(before, Instant.now());
        Map<String, AttributeValue> thumbnail = Map.of(
                "key", text("resized-a b.jpg"),
                "contentType", text("image/jpeg"),
                "width", number("30"),
                "height", number("20"),
                "bytes", number("7"));
        Map<String, AttributeValue> card = Map.of(
                "key", text("card/a b.jpg"),
                "contentType", text("image/webp"),
                "width", number("64"),
                "height", number("48"),
                "bytes", number("5"));
        assertThat(attributes)
                .isEqualTo(Map.ofEntries(
                        Map.entry("name", text("a b.jpg")),
                        Map.entry("bucket", text("originals")),
                        Map.entry("sourceETag", text("e1")),
                        Map.entry("sourceSize", number("5000000000")),
                        Map.entry("thumbnailBucket", text("thumbnails")),
                        Map.entry("thumbnailKey", text("resized-a b.jpg")),
                        Map.entry("contentType", text("image/jpeg")),
                        Map.entry("width", number("30")),
                        Map.entry("height", number("20")),
                        Map.entry("bytes", number("7")),
                        Map.entry(
                                "renditions",
                                AttributeValue.fromM(Map.of(
                                        "thumbnail", AttributeValue.fromM(thumbnail),
                                        "card", AttributeValue.fromM(card)))),
                        Map.entry("renditionsHash", text(SETTINGS.hash()))));
    }

    @Test
    void itemOfOtherSettingsIsNotReplaced() {
        PutItemRequest put = item.put("a b.jpg", "originals", "\"e1\"", 1, MADE);

        assertThat(put.conditionExpression()).contains("renditionsHash = :hash");
        assertThat(put.expressionAttributeValues()).isEqualTo(Map.of(":hash", text(SETTINGS.hash())));
    }

    @Test
    void claimListsTheRenditionsButIsTheItemOfNoOriginal() {
        Map<String, AttributeValue> old = Map.of("createdAt", text("2026-11-27T00:00:00Z"));

        PutItemRequest claim = item.claim(failure(old), "a b.jpg", "originals", "\"e1\"", 1, MADE);

        assertThat(claim.item()).containsKeys("name", "thumbnailKey", "renditions", "renditionsHash");
        assertThat(claim.item()).doesNotContainKey("sourceETag");
        assertThat(claim.conditionExpression()).isEqualTo("createdAt = :createdAt");
        assertThat(claim.expressionAttributeValues()).isEqualTo(Map.of(":createdAt", text("2026-11-27T00:00:00Z")));
    }

    @Test
    void renditionsThatAreNotMadeAnyMoreAreObsolete() {
        Map<String, AttributeValue> old = new HashMap<>(OLD);
        old.put(
                "renditions",
                AttributeValue.fromM(Map.of(
                        "card", AttributeValue.fromM(Map.of("key", text("card/a b.jpg"))),
                        "avatar", AttributeValue.fromM(Map.of("key", text("avatar/a b.jpg"))))));

        assertThat(item.obsoleteKeys(failure(old), "a b.jpg")).containsExactly("old-a b.jpg", "avatar/a b.jpg");
        assertThat(item.obsoleteKeys(failure(OLD), "a b.jpg")).containsExactly("old-a b.jpg");
    }

    private static ConditionalCheckFailedException failure(Map<String, AttributeValue> item) {
        return ConditionalCheckFailedException.builder().item(item).build();
    }

    /** Items and events have entity tags without the quotes of the HTTP header. With them, no tag would ever match. */
    @Test
    void removalKeepsAnItemOfTheSameBytes() {
        UpdateItemRequest removal = item.startRemoval("a b.jpg", "\"e1\"");

        assertThat(removal.tableName()).isEqualTo("my-thumbnails");
        assertThat(removal.key()).isEqualTo(Map.of("name", text("a b.jpg")));
        assertThat(removal.conditionExpression()).contains("sourceETag <> :failed");
        assertThat(removal.expressionAttributeValues()).isEqualTo(Map.of(":failed", text("e1")));
    }

    @Test
    void removalForARemovedOriginalHasNoCondition() {
        UpdateItemRequest removal = item.startRemoval("a b.jpg", null);

        assertThat(removal.key()).isEqualTo(Map.of("name", text("a b.jpg")));
        assertThat(removal.conditionExpression()).isNull();
        assertThat(removal.hasExpressionAttributeValues()).isFalse();
    }

    /** A worker may have crashed before it wrote an item with the present settings. */
    @Test
    void removalTakesWhatTheItemListsAndWhatTheSettingsMake() {
        UpdateItemResponse response =
                UpdateItemResponse.builder().attributes(OLD).build();

        assertThat(item.keys(response, "a b.jpg"))
                .containsExactlyInAnyOrder("old-a b.jpg", "resized-a b.jpg", "card/a b.jpg");
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    private static AttributeValue number(String number) {
        return AttributeValue.fromN(number);
    }
}
