// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Thumbnail;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;

class ThumbnailItemTest {

    private static final Thumbnail THUMBNAIL = new Thumbnail("thumbnail", new byte[7], ImageFormat.JPEG, 30, 20);

    @Test
    void itemDescribesTheThumbnail() {
        Instant before = Instant.now().minusMillis(1);

        Map<String, AttributeValue> item = new HashMap<>(ThumbnailItem.of(
                "a b.jpg", "originals", "\"e1\"", 5_000_000_000L, "thumbnails", "resized-a b.jpg", THUMBNAIL));

        String createdAt = item.remove("createdAt").s();
        assertThat(createdAt).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z");
        assertThat(Instant.parse(createdAt)).isBetween(before, Instant.now());
        assertThat(item)
                .isEqualTo(Map.of(
                        "name", AttributeValue.fromS("a b.jpg"),
                        "bucket", AttributeValue.fromS("originals"),
                        "sourceETag", AttributeValue.fromS("e1"),
                        "sourceSize", AttributeValue.fromN("5000000000"),
                        "thumbnailBucket", AttributeValue.fromS("thumbnails"),
                        "thumbnailKey", AttributeValue.fromS("resized-a b.jpg"),
                        "contentType", AttributeValue.fromS("image/jpeg"),
                        "width", AttributeValue.fromN("30"),
                        "height", AttributeValue.fromN("20"),
                        "bytes", AttributeValue.fromN("7")));
    }

    /** Items and events have entity tags without the quotes of the HTTP header. With them, no tag would ever match. */
    @Test
    void removalKeepsAnItemOfTheSameBytes() throws Exception {
        DeleteItemRequest removal = removal("\"e1\"");

        assertThat(removal.tableName()).isEqualTo("my-thumbnails");
        assertThat(removal.key()).isEqualTo(Map.of("name", AttributeValue.fromS("a b.jpg")));
        assertThat(removal.conditionExpression()).contains("sourceETag <> :failed");
        assertThat(removal.expressionAttributeValues()).isEqualTo(Map.of(":failed", AttributeValue.fromS("e1")));
    }

    @Test
    void removalForARemovedOriginalHasNoCondition() throws Exception {
        DeleteItemRequest removal = removal(null);

        assertThat(removal.key()).isEqualTo(Map.of("name", AttributeValue.fromS("a b.jpg")));
        assertThat(removal.conditionExpression()).isNull();
        assertThat(removal.hasExpressionAttributeValues()).isFalse();
    }

    private static DeleteItemRequest removal(String sourceETag) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            Properties settings = new Properties();
            settings.put("thumbnails.table", "my-thumbnails");
            context.getPropertiesComponent().setInitialProperties(settings);
            return ThumbnailItem.removal(context, "a b.jpg", sourceETag);
        }
    }
}
