// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class StatusLookupTest {

    private static final Map<String, AttributeValue> ITEM = Map.of("name", text("a"), "sourceETag", text("abc"));

    private BatchGetItemResponse found = BatchGetItemResponse.builder()
            .responses(Map.of("thumbnails", List.of(ITEM), "failures", List.of(Map.of("name", text("b")))))
            .build();
    private BatchGetItemRequest sentRequest;

    private final StatusLookup lookup = new StatusLookup(
            new S3Client() {
                @Override
                public HeadObjectResponse headObject(Consumer<HeadObjectRequest.Builder> request) {
                    HeadObjectRequest head =
                            HeadObjectRequest.builder().applyMutation(request).build();
                    return HeadObjectResponse.builder()
                            .eTag(head.bucket() + "/" + head.key())
                            .build();
                }

                @Override
                public String serviceName() {
                    return "s3";
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            },
            new DynamoDbClient() {
                @Override
                public BatchGetItemResponse batchGetItem(Consumer<BatchGetItemRequest.Builder> request) {
                    sentRequest =
                            BatchGetItemRequest.builder().applyMutation(request).build();
                    return found;
                }

                @Override
                public String serviceName() {
                    return "dynamodb";
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            },
            "originals",
            "thumbnails",
            "failures",
            new KeyStatus("dev", "originals"));

    @Test
    void itemsOfBothTablesAreGroupedByKey() {
        Map<String, StatusLookup.Items> items = lookup.items(List.of("a", "b", "c"));

        assertThat(items).containsOnlyKeys("a", "b", "c");
        assertThat(items.get("a").thumbnail()).isEqualTo(ITEM);
        assertThat(items.get("a").failure()).isEmpty();
        assertThat(items.get("b").thumbnail()).isEmpty();
        assertThat(items.get("b").failure()).containsKey("name");
        assertThat(items.get("c").isEmpty()).isTrue();
    }

    @Test
    void bothTablesAreReadConsistently() {
        lookup.items(List.of("a"));

        assertThat(sentRequest.requestItems()).containsOnlyKeys("thumbnails", "failures");
        assertThat(sentRequest.requestItems().values()).allMatch(KeysAndAttributes::consistentRead);
    }

    /** The status of such a key is unknown, which differs from a key without items. */
    @Test
    void keyThatDynamoDbHasNotProcessedIsMissing() {
        found = found.toBuilder()
                .unprocessedKeys(Map.of(
                        "failures",
                        KeysAndAttributes.builder()
                                .keys(List.of(Map.of("name", text("a"))))
                                .build()))
                .build();

        assertThat(lookup.items(List.of("a", "b"))).containsOnlyKeys("b");
    }

    @Test
    void statusDependsOnTheETagOfTheCurrentOriginal() {
        StatusLookup.Items failed =
                new StatusLookup.Items(Map.of(), Map.of("eTag", text("originals/k"), "reason", text("CorruptImage")));

        assertThat(lookup.status("k", failed).getString("state")).isEqualTo("failed");
        assertThat(lookup.status("other", failed).getString("state")).isEqualTo("pending");
    }

    @Test
    void originalIsAbsentIfS3Answers403Or404() {
        assertThat(lookup.isAbsent(NoSuchKeyException.builder().statusCode(404).build()))
                .isTrue();
        assertThat(lookup.isAbsent(S3Exception.builder().statusCode(403).build()))
                .isTrue();
        assertThat(lookup.isAbsent(S3Exception.builder().statusCode(503).build()))
                .isFalse();
        assertThat(lookup.isAbsent(new IllegalStateException())).isFalse();
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }
}
