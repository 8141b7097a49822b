// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.pixels.ExifOrientation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A part of a JPEG before its pixels.
 *
 * @param marker its kind, the byte after 0xFF
 * @param start where its data begins in the file
 * @param length of the data
 */
record JpegSegment(int marker, int start, int length) {

    /** Components of a picture for print. */
    static final int CMYK = 4;

    /** Marks the end of the picture. */
    static final int END = 0xD9;

    /** Marks the start of a scan. */
    static final int SCAN = 0xDA;

    /** The first of the segments for applications: JFIF, where it stands first. */
    static final int APP0 = 0xE0;

    /** EXIF is in the second, among others. */
    private static final int APP1 = 0xE1;

    /** Colour profiles are in the third, among others. */
    private static final int APP2 = 0xE2;

    private static final byte[] ICC = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    /** Bytes of a colour profile in one segment, beside its length, the name, the number of the part and their count. */
    private static final int MAX_PROFILE_PART = 0xFFFF - 2 - ICC.length - 2;

    /** Where Adobe's programs say how colours are coded. */
    private static final int APP14 = 0xEE;

    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;

    /** Far more than any camera or program writes. The decoder keeps an object for each: a file of nothing else would fill the heap. */
    private static final int MOST = 2000;

    /**
     * Finds all up to the first scan, with it.
     *
     * @throws IOException if there are too many
     */
    static List<JpegSegment> of(byte[] jpeg) throws IOException {
        List<JpegSegment> segments = new ArrayList<>();
        int position = 2;
        while (position + 4 <= jpeg.length) {
            int marker = jpeg[position + 1] & 0xFF;
            if (jpeg[position] != (byte) 0xFF || marker == 0xFF) {
                position++; // decoders look for the next marker, too
            } else if (marker <= 0x01 || marker >= 0xD0 && marker <= 0xD9) {
                position += 2; // has no length
            } else {
                int length = (jpeg[position + 2] & 0xFF) << 8 | jpeg[position + 3] & 0xFF;
                segments.add(new JpegSegment(marker, position + 4, Math.max(0, length - 2)));
                if (marker == SCAN) {
                    return segments;
                }
                if (segments.size() > MOST) {
                    throw new IOException("more than " + MOST + " segments before the pixels");
                }
                position += 2 + length;
            }
        }
        return segments;
    }

    /**
     * The same picture without what a reader might understand wrongly or that takes its time: profiles, metadata, previews,
     * comments. What is left says how the samples are coded.
     */
    static byte[] decodable(byte[] jpeg) throws IOException {
        byte[] result = new byte[jpeg.length];
        int length = 0;
        int copied = 0;
        for (JpegSegment segment : of(jpeg)) {
            boolean jfif = segment.marker == APP0 && copied == 0 && segment.start == 6;
            boolean extra = segment.marker >= APP0 && segment.marker <= APP15 || segment.marker == COMMENT;
            if (extra && !jfif && segment.marker != APP14) {
                System.arraycopy(jpeg, copied, result, length, segment.start - 4 - copied);
                length += segment.start - 4 - copied;
                copied = Math.min(jpeg.length, segment.start + segment.length);
            }
        }
        System.arraycopy(jpeg, copied, result, length, jpeg.length - copied);
        return Arrays.copyOf(result, length + jpeg.length - copied);
    }

    /** How many components a pixel of a JPEG has: 1 is grey, 3 are colours, 4 are for print; 0 if it does not say. */
    static int components(byte[] jpeg) throws IOException {
        return of(jpeg).stream()
                .filter(segment -> segment.isFrame() && segment.start + 5 < jpeg.length)
                .findFirst()
                .map(segment -> jpeg[segment.start + 5] & 0xFF)
                .orElse(0);
    }

    /** Returns the EXIF of a JPEG; empty if there is none. */
    static ByteBuffer exif(byte[] jpeg) throws IOException {
        return of(jpeg).stream()
                .filter(segment -> segment.marker() == APP1)
                .map(segment -> ByteBuffer.wrap(jpeg).slice(segment.start(), segment.length()))
                .filter(ExifOrientation::hasPrefix)
                .findFirst()
                .orElse(ByteBuffer.allocate(0));
    }

    /** Returns the segments that carry a colour profile, which is split where it is longer than a segment can be. */
    static byte[] profileSegments(byte[] profile) {
        int count = (profile.length + MAX_PROFILE_PART - 1) / MAX_PROFILE_PART;
        ByteBuffer segments = ByteBuffer.allocate(profile.length + count * (4 + ICC.length + 2));
        for (int i = 0; i < count; i++) {
            int start = i * MAX_PROFILE_PART;
            int part = Math.min(MAX_PROFILE_PART, profile.length - start);
            segments.put((byte) 0xFF).put((byte) APP2).putShort((short) (2 + ICC.length + 2 + part));
            segments.put(ICC).put((byte) (i + 1)).put((byte) count).put(profile, start, part);
        }
        return segments.array();
    }

    /** Returns the colour profile, whose parts are in order, cut off beyond the maximum; empty if there is none. */
    static Optional<byte[]> profile(byte[] jpeg) throws IOException {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (JpegSegment segment : of(jpeg)) {
            int partStart = ICC.length + 2;
            boolean fits = profile.size() <= Codec.MAX_PROFILE_BYTES;
            if (fits && segment.isProfile(jpeg) && segment.length > partStart) {
                profile.write(jpeg, segment.start + partStart, segment.length - partStart);
            }
        }
        return profile.size() == 0 ? Optional.empty() : Optional.of(profile.toByteArray());
    }

    /** Returns whether this is a part of the colour profile. */
    boolean isProfile(byte[] jpeg) {
        return marker == APP2
                && length >= ICC.length
                && start + length <= jpeg.length
                && Arrays.equals(jpeg, start, start + ICC.length, ICC, 0, ICC.length);
    }

    /** Whether this says what the pixels are like: a start of frame. */
    boolean isFrame() {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }
}
