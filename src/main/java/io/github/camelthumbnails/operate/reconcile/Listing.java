// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Lists the originals, or the renditions whose keys begin with the same text, in the order of the originals' keys. It holds at most two
 * pages: the one that is read, and the next one, which another thread fetches in the meantime.
 */
final class Listing {

    /** Maximum length of a key in UTF-8. */
    private static final int MAX_KEY_BYTES = 1024;

    private final String bucket;
    private final String text;
    private final Iterator<ListObjectsV2Response> responses;
    private final ExecutorService executor;
    private final AtomicInteger requests;

    private final byte[] startAfter;

    /** The last object that was received, or null. Only the task that fetches a page uses it, and there is one at a time. */
    private ListedObject last;

    private Page page = new Page(List.of(), false);
    private int read;

    /** The next page, or null after the last one. */
    private Future<Page> ahead;

    /**
     * Starts a listing.
     *
     * @param text the text before the key of an original, empty for the originals themselves
     * @param prefix the start of the originals' keys, empty for all
     * @param startAfter the key of an original after which the listing starts, empty to start with the first
     * @param pageSize maximum number of keys in a page
     * @param executor fetches pages
     * @param requests counts the requests for pages
     */
    Listing(
            S3Client s3,
            String bucket,
            String text,
            String prefix,
            String startAfter,
            int pageSize,
            ExecutorService executor,
            AtomicInteger requests) {
        this.bucket = bucket;
        this.text = text;
        this.executor = executor;
        this.requests = requests;
        this.startAfter = ListedObject.utf8(startAfter);
        // Encoded keys, because XML cannot contain all characters. The SDK decodes them.
        ListObjectsV2Request.Builder request = ListObjectsV2Request.builder()
                .bucket(bucket)
                .prefix(text + prefix)
                .maxKeys(pageSize)
                .encodingType(EncodingType.URL);
        if (!startAfter.isEmpty()) {
            request.startAfter(shortened(text + startAfter));
        }
        responses = s3.listObjectsV2Paginator(request.build()).iterator();
        ahead = executor.submit(this::fetch);
    }

    /** Shortens a key to the maximum length that S3 accepts. The result sorts before the original key. */
    private static String shortened(String key) {
        String start = key;
        while (ListedObject.utf8(start).length > MAX_KEY_BYTES) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start;
    }

    /** Fetches the next page. There is always one, because S3 answers the first request with a page that may be empty. */
    private Page fetch() {
        requests.incrementAndGet();
        List<ListedObject> objects = new ArrayList<>();
        for (S3Object object : responses.next().contents()) {
            ListedObject listed = ListedObject.of(object, text.length());
            if (last != null && Arrays.compareUnsigned(last.utf8(), listed.utf8()) >= 0) {
                throw new IllegalStateException(
                        "The objects of the bucket %s are not listed in the order of their keys in UTF-8: %s comes after %s. Use an S3 Inventory instead."
                                .formatted(bucket, text + listed.key(), text + last.key()));
            }
            last = listed;
            if (Arrays.compareUnsigned(listed.utf8(), startAfter) > 0) {
                objects.add(listed);
            }
        }
        return new Page(objects, responses.hasNext());
    }

    /** Returns the next object without removing it, or null at the end. Waits for the next page if necessary. */
    ListedObject peek() {
        while (isPageRead() && ahead != null) {
            page = await(ahead);
            read = 0;
            ahead = page.hasMore() ? executor.submit(this::fetch) : null;
        }
        return isPageRead() ? null : page.objects().get(read);
    }

    /** Removes and returns the next object if it has the same key as another one, else returns null. */
    ListedObject poll(ListedObject same) {
        ListedObject next = peek();
        if (next == null || !next.equals(same)) {
            return null;
        }
        read++;
        return next;
    }

    /** Returns whether the last object of a page has been removed. */
    private boolean isPageRead() {
        return read == page.objects().size();
    }

    /** Returns whether the last object of the last page has been removed. */
    boolean isEnded() {
        return isPageRead() && ahead == null;
    }

    private static Page await(Future<Page> fetched) {
        try {
            return fetched.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("Interrupted while a bucket is listed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private record Page(List<ListedObject> objects, boolean hasMore) {}
}
