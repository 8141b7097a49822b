// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import java.io.IOException;
import java.util.Arrays;

/**
 * Appends the end-of-image marker to files that lack it because their writer or a transfer stopped early. Decoders give
 * the same warning for a missing marker and for missing rows. Once the marker is there, the warning means that rows are
 * missing. Decoders do not report missing scans; {@link JpegScans} detects them.
 */
final class JpegEndMarker {

    /** First byte of each marker. */
    private static final byte MARKER_PREFIX = (byte) 0xFF;

    /** Maximum number of zero bytes that belong to the scan: the codes of two flat blocks of chroma take one byte. */
    private static final int MAX_TRAILING_ZEROS = 8;

    private JpegEndMarker() {}

    /**
     * Returns the file with an end-of-image marker after its last scan. Long runs of zeros at the end of the file are
     * dropped as padding, because decoders could take them for the missing rows.
     *
     * @return the same file if it already has an end-of-image marker
     */
    static byte[] ensure(byte[] jpeg) throws IOException {
        if (jpeg.length < 2 || isMarker(jpeg, jpeg.length - 2, JpegSegment.END_OF_IMAGE) || hasEndMarker(jpeg)) {
            return jpeg;
        }
        int length = jpeg.length;
        while (length > 2 && jpeg[length - 1] == 0) {
            length--;
        }
        length = Math.min(jpeg.length, length + MAX_TRAILING_ZEROS);
        byte[] complete = Arrays.copyOf(jpeg, length + 2);
        complete[length] = MARKER_PREFIX;
        complete[length + 1] = (byte) JpegSegment.END_OF_IMAGE;
        return complete;
    }

    private static boolean hasEndMarker(byte[] jpeg) throws IOException {
        return JpegSegment.fromFirstScan(jpeg).anyMatch(segment -> segment.marker() == JpegSegment.END_OF_IMAGE);
    }

    private static boolean isMarker(byte[] jpeg, int position, int marker) {
        return jpeg[position] == MARKER_PREFIX && (jpeg[position + 1] & 0xFF) == marker;
    }
}
