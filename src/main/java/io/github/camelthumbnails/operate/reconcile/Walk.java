// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import io.github.camelthumbnails.rendition.Renditions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Compares originals with their renditions by listing both buckets side by side, in the order of the keys, so that it needs the memory of a
 * few pages only. There is one listing for the originals, and one for each rendition whose keys consist of a constant text and the key of
 * the original. Renditions with other keys are not listed: their originals are doubtful at best, and their orphans are not found.
 *
 * <p>It skips objects that have no renditions: those that stand for folders, and originals whose keys are too long. It also skips objects
 * in the thumbnails bucket whose keys are not those of a rendition.
 */
final class Walk implements ComparedPages {

    /** Maximum number of keys that S3 returns in a page. */
    private static final int PAGE_SIZE = 1000;

    /**
     * Time within which a multipart upload is expected to be complete. S3 reports the start of the upload as the time of the object, so
     * that renditions of the previous object can look newer.
     */
    private static final Duration MAX_MULTIPART_UPLOAD = Duration.ofDays(1);

    private final WalkScope scope;
    private final int maxKeyBytes;
    private final boolean listsAllRenditions;
    private final int pageSize;
    private final Listing originals;
    private final List<Listing> renditions;
    private final ExecutorService executor;
    private final AtomicInteger requests = new AtomicInteger();
    private String position;
    private boolean started;

    private Walk(
            S3Client s3,
            String originalsBucket,
            String thumbnailsBucket,
            Renditions settings,
            WalkScope scope,
            int pageSize) {
        this.scope = scope;
        maxKeyBytes = settings.maxOriginalKeyBytes();
        position = scope.startAfter();
        this.pageSize = pageSize;
        executor = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "listing");
            thread.setDaemon(true);
            return thread;
        });
        List<Optional<String>> texts = settings.textsBeforeKey();
        listsAllRenditions = texts.stream().allMatch(Optional::isPresent);
        originals = listing(s3, originalsBucket, "", pageSize);
        renditions = texts.stream()
                .flatMap(Optional::stream)
                .map(text -> listing(s3, thumbnailsBucket, text, pageSize))
                .toList();
    }

    /**
     * Starts a walk, which fetches pages at once.
     *
     * @param s3 lists the buckets
     * @param scope what to compare
     * @throws IllegalArgumentException if a bucket has no sorted listing
     */
    static Walk of(
            S3Client s3, String originalsBucket, String thumbnailsBucket, Renditions renditions, WalkScope scope) {
        return of(s3, originalsBucket, thumbnailsBucket, renditions, scope, PAGE_SIZE);
    }

    static Walk of(
            S3Client s3,
            String originalsBucket,
            String thumbnailsBucket,
            Renditions renditions,
            WalkScope scope,
            int pageSize) {
        for (String bucket : List.of(originalsBucket, thumbnailsBucket)) {
            if (bucket.endsWith("--x-s3")) {
                throw new IllegalArgumentException(
                        "The bucket " + bucket
                                + " is a directory bucket (S3 Express One Zone), whose listings are not sorted. Use general purpose buckets.");
            }
        }
        return new Walk(s3, originalsBucket, thumbnailsBucket, renditions, scope, pageSize);
    }

    private Listing listing(S3Client s3, String bucket, String text, int pageSize) {
        return new Listing(s3, bucket, text, scope.prefix(), scope.startAfter(), pageSize, executor, requests);
    }

    private Stream<Listing> listings() {
        return Stream.concat(Stream.of(originals), renditions.stream());
    }

    /** Returns whether there is another page. There is at least one, which may be empty. */
    @Override
    public boolean hasNext() {
        return !started || !listings().allMatch(Listing::isEnded);
    }

    /**
     * Compares the next keys: as many as a page of a listing has at most. Keys without an original count, too.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException if a bucket cannot be listed
     * @throws IllegalStateException if a listing is not sorted
     */
    @Override
    public ComparedPage next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        started = true;
        List<Compared> found = new ArrayList<>();
        for (int keys = 0; keys < pageSize; keys++) {
            Optional<ListedObject> first =
                    listings().map(Listing::peek).filter(Objects::nonNull).min(ListedObject::compareTo);
            if (first.isEmpty()) {
                break;
            }
            ListedObject original = originals.poll(first.get());
            List<ListedObject> same = new ArrayList<>();
            renditions.forEach(listing -> same.add(listing.poll(first.get())));
            look(first.get(), original, same)
                    .ifPresent(look -> found.add(new Compared(
                            first.get().key(),
                            original == null ? null : original.eTag(),
                            original == null ? null : original.changedAt(),
                            look)));
            position = first.get().key();
        }
        return new ComparedPage(List.copyOf(found), position, requests.getAndSet(0));
    }

    /** Returns how an original and its renditions look, or empty if the key is not to be compared. */
    private Optional<Look> look(ListedObject key, ListedObject original, List<ListedObject> same) {
        if (key.utf8().length > maxKeyBytes) {
            return Optional.empty();
        }
        return original == null ? orphan(same) : compare(original, same);
    }

    private Optional<Look> compare(ListedObject original, List<ListedObject> same) {
        if (original.isFolder() || scope.isTooOld(original.changedAt())) {
            return Optional.empty();
        }
        if (scope.isYoung(original.changedAt())) {
            return Optional.of(Look.YOUNG);
        }
        if (same.stream().anyMatch(rendition -> rendition == null || rendition.isFolder())) {
            return Optional.of(Look.MISSING);
        }
        boolean isComplete = listsAllRenditions
                && !scope.deep()
                && scope.verifiedUntil() != null
                && !isLateUpload(original)
                && same.stream().allMatch(rendition -> isVerified(rendition, original));
        return Optional.of(isComplete ? Look.COMPLETE : Look.DOUBTFUL);
    }

    /** Returns whether a rendition was verified after it was made of this original. Listings have times in seconds. */
    private boolean isVerified(ListedObject rendition, ListedObject original) {
        return rendition.changedAt().isAfter(original.changedAt())
                && rendition.changedAt().isBefore(scope.verifiedUntil());
    }

    /** Returns whether an object may come from a multipart upload that was completed after the renditions were verified. */
    private boolean isLateUpload(ListedObject original) {
        Instant start = scope.verifiedUntil().minus(MAX_MULTIPART_UPLOAD);
        return original.eTag().contains("-") && !original.changedAt().isBefore(start);
    }

    /** Returns an orphan, or empty if a rendition is young: its original may have been stored after the page was fetched. */
    private Optional<Look> orphan(List<ListedObject> same) {
        List<ListedObject> orphans = same.stream()
                .filter(rendition -> rendition != null && !rendition.isFolder())
                .toList();
        boolean isOrphan =
                !orphans.isEmpty() && orphans.stream().noneMatch(rendition -> scope.isYoung(rendition.changedAt()));
        return isOrphan ? Optional.of(Look.ORPHAN) : Optional.empty();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
