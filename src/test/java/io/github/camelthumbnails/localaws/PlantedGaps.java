// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * Computes any number of originals and their renditions from a counter, so that they need no memory. Some have a gap, always at the same
 * places. The keys contain characters that S3 encodes in listings.
 *
 * @param count number of keys, including those of orphans
 */
public record PlantedGaps(int count) {

    static final Instant STORED_AT = Instant.parse("2025-01-01T00:00:00Z");

    private static final String BEFORE = "Ferien 2025/";
    private static final String AFTER = " é+.jpg";
    private static final int DIGITS = 9;

    /** What is wrong with an original and its rendition. */
    public enum Gap {
        /** Nothing. */
        NONE,
        /** There is no rendition. */
        MISSING,
        /** The rendition is older than the original. */
        STALE,
        /** The rendition was made with other settings, which only the table knows. */
        OUTDATED,
        /** There is a rendition, but no original. */
        ORPHAN,
        /** There is no rendition, because the picture is corrupt. */
        UNUSABLE
    }

    /** Returns what is wrong with a key. */
    public Gap gap(int index) {
        if (index == 0 || index == count - 1) {
            return Gap.ORPHAN; // before the first original, and after the last one
        }
        return switch (index % 10_000) {
            case 500, 1500, 2500, 3500, 4500, 5500, 6500, 7500, 8500, 9500 -> Gap.MISSING;
            case 1234, 6234 -> Gap.STALE;
            case 2222 -> Gap.OUTDATED;
            case 777 -> Gap.ORPHAN;
            case 3333 -> Gap.UNUSABLE;
            default -> Gap.NONE;
        };
    }

    /** Returns how many keys have which gap. */
    public Map<Gap, Integer> counts() {
        Map<Gap, Integer> counts = new EnumMap<>(Gap.class);
        for (int index = 0; index < count; index++) {
            counts.merge(gap(index), 1, Integer::sum);
        }
        return counts;
    }

    boolean hasOriginal(int index) {
        return gap(index) != Gap.ORPHAN;
    }

    boolean hasRendition(int index) {
        Gap gap = gap(index);
        return gap != Gap.MISSING && gap != Gap.UNUSABLE;
    }

    /** Returns the key of an original. The keys of higher indexes come later in S3's order. */
    public String key(int index) {
        String digits = Integer.toString(index);
        return BEFORE + "0".repeat(DIGITS - digits.length()) + digits + AFTER;
    }

    /** Returns the index of a key, or -1 if there is none. */
    public int index(String key) {
        int end = BEFORE.length() + DIGITS;
        if (!key.startsWith(BEFORE) || !key.endsWith(AFTER) || key.length() != end + AFTER.length()) {
            return -1;
        }
        int index = Integer.parseInt(key.substring(BEFORE.length(), end));
        return index < count ? index : -1;
    }

    /** Returns the lowest index whose key comes after a text, or is the text itself if that counts. */
    int firstAfter(String text, boolean orEqual) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = key(middle).compareTo(text); // as S3 compares them, because all characters are below U+D800
            if (order > 0 || (order == 0 && orEqual)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    String eTag(int index) {
        return "%032x".formatted(index);
    }

    /** Returns the ETag of the original from which the rendition was made. */
    String sourceETag(int index) {
        return gap(index) == Gap.STALE ? "f" + eTag(index).substring(1) : eTag(index);
    }

    Instant renditionStoredAt(int index) {
        return STORED_AT.plusSeconds(gap(index) == Gap.STALE ? -3600 : 3600);
    }
}
