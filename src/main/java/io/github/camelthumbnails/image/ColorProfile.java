// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * What a file says of the colours that its samples stand for. A thumbnail is made of the samples as they are and says the same of
 * them: so nothing is converted, and a wide gamut stays wide. TIFF is converted to sRGB by its reader, and so are pictures for
 * print.
 */
final class ColorProfile {

    private static final int APP2 = 0xE2;
    private static final byte[] ICC = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

    /** Profiles have some hundred bytes, those with tables some hundred thousand. */
    private static final int MOST_BYTES = 1 << 20;

    private static final int AFTER_IHDR = 33;
    private static final int COLOR_TYPE = 25;

    /** The bit of a PNG's colour type that says that there is more than grey. */
    private static final int COLOR = 2;

    private static final int ICC_FLAG = 0x20;

    private ColorProfile() {}

    /**
     * Gives a thumbnail the profile of its original.
     *
     * @return the thumbnail's file with it; the same file if the original has none
     */
    static Thumbnail copy(byte[] original, Thumbnail thumbnail) throws IOException {
        byte[] bytes = thumbnail.bytes();
        byte[] result =
                switch (thumbnail.format()) {
                    case JPEG -> copyJpeg(original, bytes);
                    case PNG -> copyPng(original, bytes);
                    case WEBP -> copyWebp(original, thumbnail);
                    case GIF, BMP, TIFF -> bytes;
                };
        return new Thumbnail(result, thumbnail.format(), thumbnail.width(), thumbnail.height());
    }

    private static byte[] copyJpeg(byte[] from, byte[] to) throws IOException {
        if (JpegSegment.components(from) == JpegSegment.CMYK) {
            return to; // which is converted
        }
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (JpegSegment segment : JpegSegment.of(from)) {
            if (isProfile(from, segment)) {
                profile.write(from, segment.start() - 4, segment.length() + 4);
            }
        }
        JpegSegment first = JpegSegment.of(to).get(0);
        int afterJfif = first.marker() == JpegSegment.APP0 ? first.start() + first.length() : 2;
        return insert(to, profile.toByteArray(), afterJfif);
    }

    private static boolean isProfile(byte[] jpeg, JpegSegment segment) {
        return segment.marker() == APP2
                && segment.length() >= ICC.length
                && segment.start() + segment.length() <= jpeg.length
                && Arrays.equals(jpeg, segment.start(), segment.start() + ICC.length, ICC, 0, ICC.length);
    }

    private static byte[] copyPng(byte[] from, byte[] to) {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (String type : List.of("cICP", "iCCP", "sRGB", "gAMA", "cHRM")) {
            // A grey picture with alpha becomes one of colours, which cannot have a profile of grey.
            boolean fits = (from[COLOR_TYPE] & COLOR) == (to[COLOR_TYPE] & COLOR);
            ByteBuffer data = PngChunks.find(from, type);
            if (data.hasRemaining() && (fits || !type.equals("iCCP"))) {
                profile.writeBytes(PngChunks.chunk(type, data));
            }
        }
        return insert(to, profile.toByteArray(), AFTER_IHDR);
    }

    /** A WebP with a profile is of the extended form, which has a header of its own. */
    private static byte[] copyWebp(byte[] from, Thumbnail thumbnail) {
        ByteBuffer profile = WebpChunks.find(from, "ICCP");
        if (!profile.hasRemaining() || profile.remaining() > MOST_BYTES) {
            return thumbnail.bytes();
        }
        byte[] to = thumbnail.bytes();
        ByteBuffer extended = WebpChunks.find(to, "VP8X");
        int rest = extended.hasRemaining() ? WebpChunks.RIFF_HEADER + 8 + extended.remaining() : WebpChunks.RIFF_HEADER;
        int flags = ICC_FLAG | (extended.hasRemaining() ? extended.get(0) & WebpChunks.ALPHA_FLAG : 0);
        int padding = profile.remaining() % 2;
        ByteBuffer result = ByteBuffer.allocate(
                        WebpChunks.RIFF_HEADER + 18 + 8 + profile.remaining() + padding + to.length - rest)
                .order(ByteOrder.LITTLE_ENDIAN);
        result.put(to, 0, WebpChunks.RIFF_HEADER).putInt(4, result.capacity() - 8);
        result.put("VP8X".getBytes(StandardCharsets.US_ASCII)).putInt(10).putInt(flags);
        put24(result, thumbnail.width() - 1);
        put24(result, thumbnail.height() - 1);
        result.put("ICCP".getBytes(StandardCharsets.US_ASCII)).putInt(profile.remaining());
        result.put(profile).put(new byte[padding]);
        return result.put(to, rest, to.length - rest).array();
    }

    private static void put24(ByteBuffer buffer, int number) {
        buffer.putShort((short) number).put((byte) (number >> 16));
    }

    private static byte[] insert(byte[] file, byte[] part, int position) {
        if (part.length == 0 || part.length > MOST_BYTES) {
            return file;
        }
        byte[] result = Arrays.copyOf(file, file.length + part.length);
        System.arraycopy(part, 0, result, position, part.length);
        System.arraycopy(file, position, result, position + part.length, file.length - position);
        return result;
    }
}
