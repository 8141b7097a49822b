// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a file says of the colours that its samples stand for. A thumbnail is made of the samples as they are and says the same of
 * them: so nothing is converted, and a wide gamut stays wide.
 */
final class ColorProfile {

    /** Components of a picture for print. */
    private static final int CMYK = 4;

    private static final int APP2 = 0xE2;
    private static final byte[] ICC = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    private ColorProfile() {}

    /**
     * Gives a thumbnail the profile of its original.
     *
     * @return the thumbnail with it; the thumbnail itself if the original has none
     */
    static byte[] copy(byte[] original, byte[] thumbnail, ImageFormat format) throws IOException {
        return switch (format) {
            case JPEG -> copyJpeg(original, thumbnail);
            case PNG, GIF, BMP, TIFF, WEBP -> thumbnail;
        };
    }

    private static byte[] copyJpeg(byte[] from, byte[] to) throws IOException {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (JpegSegment segment : JpegSegment.of(from)) {
            if (segment.isFrame() && segment.components(from) == CMYK) {
                return to; // which is converted
            }
            if (isProfile(from, segment)) {
                profile.write(from, segment.start() - 4, segment.length() + 4);
            }
        }
        return profile.size() == 0 ? to : insert(to, profile.toByteArray(), afterJfif(to));
    }

    private static boolean isProfile(byte[] jpeg, JpegSegment segment) {
        return segment.marker() == APP2
                && segment.length() >= ICC.length
                && segment.start() + segment.length() <= jpeg.length
                && Arrays.equals(jpeg, segment.start(), segment.start() + ICC.length, ICC, 0, ICC.length);
    }

    private static int afterJfif(byte[] jpeg) throws IOException {
        JpegSegment first = JpegSegment.of(jpeg).get(0);
        return first.marker() == JpegSegment.APP0 ? first.start() + first.length() : 2;
    }

    private static byte[] insert(byte[] file, byte[] part, int position) {
        byte[] result = Arrays.copyOf(file, file.length + part.length);
        System.arraycopy(part, 0, result, position, part.length);
        System.arraycopy(file, position, result, position + part.length, file.length - position);
        return result;
    }
}
