// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.exif.ExifOrientation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A marker segment of a JPEG, such as the frame header or metadata: everything in the file except the coded pixels.
 *
 * @param marker the second byte of the marker, which identifies the kind of segment
 * @param start offset of the data in the file
 * @param length length of the data
 */
record JpegSegment(int marker, int start, int length) {

    /** Number of components of a CMYK picture, as used for print. */
    static final int CMYK = 4;

    /** The first restart marker. Restart markers stand among the coded pixels of a scan. */
    private static final int FIRST_RESTART = 0xD0;

    private static final int LAST_RESTART = 0xD7;

    /** The marker that ends the file. */
    static final int END_OF_IMAGE = 0xD9;

    /** The marker that starts a scan, which the coded pixels follow. */
    static final int START_OF_SCAN = 0xDA;

    /** The first of the markers for application data. The JFIF header has it and is the first segment of a file. */
    static final int APP0 = 0xE0;

    /** The marker of EXIF and other metadata. */
    private static final int APP1 = 0xE1;

    /** The marker of colour profiles and other metadata. */
    private static final int APP2 = 0xE2;

    private static final byte[] ICC = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);

    /** Offset of the colour transform in the Adobe segment. */
    private static final int ADOBE_TRANSFORM = 11;

    /** Offset of the name of the first component in a frame header. Each component has three bytes. */
    private static final int FIRST_COMPONENT = 6;

    /**
     * Maximum bytes of a colour profile in one segment, besides its length, the name, the number of the part and the
     * number of parts.
     */
    private static final int MAX_PROFILE_PART_BYTES = 0xFFFF - 2 - ICC.length - 2;

    /** The marker of the Adobe segment, which names the colour transform. Decoders need it. */
    private static final int APP14 = 0xEE;

    /** The last of the markers for application data. */
    private static final int APP15 = 0xEF;

    private static final int COMMENT = 0xFE;

    /**
     * Maximum number of segments, far more than any camera writes. Readers keep an object for each, so millions would
     * fill the heap.
     */
    private static final int MAX_SEGMENTS = 2000;

    /**
     * Returns all segments up to and including the start of the first scan.
     *
     * @throws IOException if there are too many segments
     */
    static List<JpegSegment> parseHeader(byte[] jpeg) throws IOException {
        List<JpegSegment> segments = new ArrayList<>();
        int position = 2;
        while (position + 4 <= jpeg.length) {
            int marker = jpeg[position + 1] & 0xFF;
            if (jpeg[position] != (byte) 0xFF || marker == 0xFF) {
                position++; // decoders also skip to the next marker
            } else if (marker <= 0x01 || marker >= 0xD0 && marker <= 0xD9) {
                position += 2; // a marker without a length
            } else {
                int length = (jpeg[position + 2] & 0xFF) << 8 | jpeg[position + 3] & 0xFF;
                segments.add(new JpegSegment(marker, position + 4, Math.max(0, length - 2)));
                if (marker == START_OF_SCAN) {
                    return segments;
                }
                if (segments.size() > MAX_SEGMENTS) {
                    throw new IOException("more than " + MAX_SEGMENTS + " segments before the pixels");
                }
                position += 2 + length;
            }
        }
        return segments;
    }

    /**
     * Returns all segments from the start of the first scan to the end-of-image marker, both included. Skips the coded
     * pixels.
     */
    static Stream<JpegSegment> fromFirstScan(byte[] jpeg) throws IOException {
        Optional<JpegSegment> first = parseHeader(jpeg).stream()
                .filter(segment -> segment.marker == START_OF_SCAN)
                .findFirst();
        return Stream.iterate(
                        first, Optional::isPresent, segment -> segment.get().next(jpeg))
                .map(Optional::get);
    }

    private Optional<JpegSegment> next(byte[] jpeg) {
        for (int position = start + length; marker != END_OF_IMAGE && position + 2 <= jpeg.length; position++) {
            int next = jpeg[position + 1] & 0xFF;
            boolean inScan = next <= 0x01 || next == 0xFF || next >= FIRST_RESTART && next <= LAST_RESTART;
            if (jpeg[position] == (byte) 0xFF && next == END_OF_IMAGE) {
                return Optional.of(new JpegSegment(END_OF_IMAGE, position + 2, 0));
            }
            if (jpeg[position] == (byte) 0xFF && !inScan && position + 4 <= jpeg.length) {
                int size = (jpeg[position + 2] & 0xFF) << 8 | jpeg[position + 3] & 0xFF;
                return Optional.of(new JpegSegment(next, position + 4, Math.max(0, size - 2)));
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the file without profiles, metadata, previews and comments, which a reader may misinterpret or take long
     * to read. Keeps everything that is needed to decode the samples.
     */
    static byte[] withoutMetadata(byte[] jpeg) throws IOException {
        byte[] result = new byte[jpeg.length];
        int length = 0;
        int copied = 0;
        for (JpegSegment segment : parseHeader(jpeg)) {
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

    /**
     * Returns the number of components per pixel: 1 for grey, 3 for colour, 4 for CMYK. Returns 0 if there is no frame
     * header.
     */
    static int components(byte[] jpeg) throws IOException {
        return parseHeader(jpeg).stream()
                .filter(segment -> segment.isFrame() && segment.start + 5 < jpeg.length)
                .findFirst()
                .map(segment -> jpeg[segment.start + 5] & 0xFF)
                .orElse(0);
    }

    /**
     * Returns whether the samples of a picture with three components are RGB instead of luma and chroma. libjpeg decides it in
     * the same way: by the JFIF header, else by the transform that the Adobe segment names, else by the names of the components.
     */
    static boolean isRgb(byte[] jpeg) throws IOException {
        List<JpegSegment> segments = parseHeader(jpeg);
        if (segments.stream().anyMatch(segment -> segment.marker == APP0 && segment.startsWith(jpeg, JFIF))) {
            return false;
        }
        Optional<JpegSegment> adobe = segments.stream()
                .filter(segment -> segment.marker == APP14 && segment.startsWith(jpeg, ADOBE))
                .findFirst();
        if (adobe.isPresent()) {
            int transform = adobe.get().start + ADOBE_TRANSFORM;
            return transform < jpeg.length && jpeg[transform] == 0;
        }
        return segments.stream()
                .filter(JpegSegment::isFrame)
                .map(segment -> segment.start + FIRST_COMPONENT)
                .anyMatch(first -> first + 6 < jpeg.length
                        && jpeg[first] == 'R'
                        && jpeg[first + 3] == 'G'
                        && jpeg[first + 6] == 'B');
    }

    /** Returns the EXIF data of a JPEG. Empty if there is none. */
    static ByteBuffer exif(byte[] jpeg) throws IOException {
        return parseHeader(jpeg).stream()
                .filter(segment -> segment.marker() == APP1)
                .map(segment -> ByteBuffer.wrap(jpeg).slice(segment.start(), segment.length()))
                .filter(ExifOrientation::hasPrefix)
                .findFirst()
                .orElse(ByteBuffer.allocate(0));
    }

    /** Returns the segments that embed a colour profile. Splits a profile that is too long for one segment. */
    static byte[] profileSegments(byte[] profile) {
        int count = (profile.length + MAX_PROFILE_PART_BYTES - 1) / MAX_PROFILE_PART_BYTES;
        ByteBuffer segments = ByteBuffer.allocate(profile.length + count * (4 + ICC.length + 2));
        for (int i = 0; i < count; i++) {
            int start = i * MAX_PROFILE_PART_BYTES;
            int part = Math.min(MAX_PROFILE_PART_BYTES, profile.length - start);
            segments.put((byte) 0xFF).put((byte) APP2).putShort((short) (2 + ICC.length + 2 + part));
            segments.put(ICC).put((byte) (i + 1)).put((byte) count).put(profile, start, part);
        }
        return segments.array();
    }

    /** Returns the colour profile, whose parts are in order, cut off beyond the maximum; empty if there is none. */
    static Optional<byte[]> profile(byte[] jpeg) throws IOException {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (JpegSegment segment : parseHeader(jpeg)) {
            int partStart = ICC.length + 2;
            boolean fits = profile.size() <= Codec.MAX_PROFILE_BYTES;
            if (fits && segment.isProfile(jpeg) && segment.length > partStart) {
                profile.write(jpeg, segment.start + partStart, segment.length - partStart);
            }
        }
        return profile.size() == 0 ? Optional.empty() : Optional.of(profile.toByteArray());
    }

    /** Returns whether this segment holds a part of the colour profile. */
    boolean isProfile(byte[] jpeg) {
        return marker == APP2 && startsWith(jpeg, ICC);
    }

    private boolean startsWith(byte[] jpeg, byte[] name) {
        return length >= name.length
                && start + length <= jpeg.length
                && Arrays.equals(jpeg, start, start + name.length, name, 0, name.length);
    }

    /** Returns whether this segment is the frame header (start of frame), which holds the size and the components. */
    boolean isFrame() {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }
}
