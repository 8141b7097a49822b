// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import java.io.IOException;
import java.util.Arrays;

/**
 * Adds the end marker that some files lack, because their writer or a transfer stopped early. Decoders report a missing marker and missing
 * rows by the same warning. With the marker in its place, the warning means that rows are missing. Whether whole scans are missing, which
 * decoders do not report, is for {@link JpegScans} to tell.
 */
final class JpegEnd {

    private static final byte MARKER = (byte) 0xFF;

    /** How many zeros a scan may end with: the codes of two flat blocks of chroma are one. */
    private static final int MAX_ZEROS = 8;

    private JpegEnd() {}

    /**
     * Returns the file with an end marker behind its last scan. Many zeros at the end of the file are padding: kept, they could be decoded
     * as if they were the missing rows.
     *
     * @return the file itself if it has an end marker
     */
    static byte[] complete(byte[] jpeg) throws IOException {
        if (jpeg.length < 2 || isMarker(jpeg, jpeg.length - 2, JpegSegment.END) || hasEnd(jpeg)) {
            return jpeg;
        }
        int length = jpeg.length;
        while (length > 2 && jpeg[length - 1] == 0) {
            length--;
        }
        length = Math.min(jpeg.length, length + MAX_ZEROS);
        byte[] complete = Arrays.copyOf(jpeg, length + 2);
        complete[length] = MARKER;
        complete[length + 1] = (byte) JpegSegment.END;
        return complete;
    }

    private static boolean hasEnd(byte[] jpeg) throws IOException {
        return JpegSegment.fromFirstScan(jpeg).anyMatch(segment -> segment.marker() == JpegSegment.END);
    }

    private static boolean isMarker(byte[] jpeg, int position, int marker) {
        return jpeg[position] == MARKER && (jpeg[position + 1] & 0xFF) == marker;
    }
}
