// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Computes any number of originals and their renditions from a counter, so that they need no memory. Some have a gap, always at the same
 * indexes. The keys contain characters that S3 encodes in listings, and characters that Java's strings sort differently than S3.
 *
 * @param count number of keys, including those of orphans
 */
public record PlantedGaps(int count) {

    static final Instant STORED_AT = Instant.parse("2025-01-01T00:00:00Z");

    private static final String BEFORE = "Ferien 2025/";
    private static final String AFTER = " é+.jpg";
    private static final int DIGITS = 8;

    /**
     * Characters that stand for the last digit of a key's index. In UTF-16, the order of Java's strings, the last one comes before the two
     * others that are not digits.
     */
    private static final List<String> LAST_DIGITS =
            List.of("0", "1", "2", "3", "4", "5", "6", "\uE000", "\uFF21", "\uD83D\uDE00");

    /** The kinds of gaps between an original and its rendition. */
    public enum Gap {
        /** The rendition is complete. */
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

    /** Returns the kind of gap at an index. */
    public Gap gap(int index) {
        if (index == 0 || index == count - 1) {
            return Gap.ORPHAN; // before the first original, and after the last one
        }
        return switch (index % 10_000) {
            // Next to keys that end with 9, so that the order of the keys decides whether the gap is found.
            case 508, 1508, 2508, 3508, 4508, 5508, 6508, 7508, 8508, 9508 -> Gap.MISSING;
            case 1234, 6234 -> Gap.STALE;
            case 2222 -> Gap.OUTDATED;
            case 778 -> Gap.ORPHAN;
            case 3333 -> Gap.UNUSABLE;
            default -> Gap.NONE;
        };
    }

    /** Returns the number of keys by kind of gap. */
    public Map<Gap, Integer> counts() {
        Map<Gap, Integer> counts = new EnumMap<>(Gap.class);
        for (int index = 0; index < count; index++) {
            counts.merge(gap(index), 1, Integer::sum);
        }
        return counts;
    }

    /** Returns the highest number of events that a page of originals leads to, including those about orphans. */
    public int maxEventsOfPage(int originals) {
        int max = 0;
        int events = 0;
        int listed = 0;
        int first = 0;
        for (int index = 0; index < count; index++) {
            events += hasEvent(index) ? 1 : 0;
            listed += hasOriginal(index) ? 1 : 0;
            for (; listed > originals; first++) {
                events -= hasEvent(first) ? 1 : 0;
                listed -= hasOriginal(first) ? 1 : 0;
            }
            max = Math.max(max, events);
        }
        return max;
    }

    private boolean hasEvent(int index) {
        Gap gap = gap(index);
        return gap != Gap.NONE && gap != Gap.UNUSABLE;
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
        String digits = Integer.toString(index / 10);
        return BEFORE + "0".repeat(DIGITS - digits.length()) + digits + LAST_DIGITS.get(index % 10) + AFTER;
    }

    /** Returns the index of a key, or -1 if there is none. */
    public int index(String key) {
        int end = BEFORE.length() + DIGITS;
        if (!key.startsWith(BEFORE) || !key.endsWith(AFTER) || key.length() <= end + AFTER.length()) {
            return -1;
        }
        int lastDigit = LAST_DIGITS.indexOf(key.substring(end, key.length() - AFTER.length()));
        int index = 10 * Integer.parseInt(key.substring(BEFORE.length(), end)) + lastDigit;
        return lastDigit >= 0 && index < count ? index : -1;
    }

    /** Returns the lowest index whose key comes after a text, or is the text itself if that counts. */
    int firstAfter(String text, boolean orEqual) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compareUnsigned(key(middle).getBytes(StandardCharsets.UTF_8), bytes);
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
