// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 client for buckets in memory, which can only list them. */
final class ListedBuckets implements S3Client {

    static final String ORIGINALS = "originals";
    static final String THUMBNAILS = "thumbnails";

    /** The order of S3: by code points, which is that of the bytes in UTF-8. */
    static final Comparator<String> S3_ORDER = (one, other) -> {
        int[] left = one.codePoints().toArray();
        int[] right = other.codePoints().toArray();
        return Arrays.compare(left, right);
    };

    private final Comparator<String> order;
    private final Map<String, NavigableMap<String, S3Object>> buckets = new ConcurrentHashMap<>();
    final AtomicInteger requests = new AtomicInteger();

    ListedBuckets() {
        this(S3_ORDER);
    }

    ListedBuckets(Comparator<String> order) {
        this.order = order;
    }

    ListedBuckets original(String key, Instant changedAt) {
        return put(ORIGINALS, key, changedAt, 100, "etag");
    }

    ListedBuckets rendition(String key, Instant changedAt) {
        return put(THUMBNAILS, key, changedAt, 10, "any");
    }

    ListedBuckets put(String bucket, String key, Instant changedAt, long size, String eTag) {
        S3Object object = S3Object.builder()
                .key(key)
                .lastModified(changedAt)
                .size(size)
                .eTag("\"" + eTag + "\"")
                .build();
        bucket(bucket).put(key, object);
        return this;
    }

    NavigableMap<String, S3Object> bucket(String name) {
        return buckets.computeIfAbsent(name, any -> new TreeMap<>(order));
    }

    @Override
    public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
        requests.incrementAndGet();
        assertThat(request.encodingType()).as("control characters survive XML").isEqualTo(EncodingType.URL);
        NavigableMap<String, S3Object> keys = bucket(request.bucket());
        String after = request.continuationToken() == null ? request.startAfter() : request.continuationToken();
        if (after != null) {
            assertThat(after.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
            keys = keys.tailMap(after, false);
        }
        List<S3Object> page = new ArrayList<>();
        for (S3Object object : keys.values()) {
            if (object.key().startsWith(request.prefix())) {
                if (page.size() == request.maxKeys()) {
                    String token = page.get(page.size() - 1).key();
                    return ListObjectsV2Response.builder()
                            .contents(page)
                            .isTruncated(true)
                            .nextContinuationToken(token)
                            .build();
                }
                page.add(object);
            }
        }
        return ListObjectsV2Response.builder().contents(page).isTruncated(false).build();
    }

    @Override
    public String serviceName() {
        return "s3";
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
