// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.imageio.ImageWriteParam;

/** Writes WebP files, and adds a colour profile, EXIF, XMP or more frames. */
public final class ConformanceWebp {

    private static final int PROFILE = 0x20;
    private static final int ALPHA = 0x10;
    private static final int EXIF = 0x08;
    private static final int XMP = 0x04;
    private static final int ANIMATION = 0x02;

    private ConformanceWebp() {}

    /** Encodes a picture with ImageIO's WebP writer. */
    public static byte[] write(BufferedImage image, boolean lossy) {
        return Pictures.encode(image, ImageFormat.WEBP, param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(lossy ? "Lossy" : "Lossless");
            param.setCompressionQuality(0.98f);
        });
    }

    /** Adds a profile, EXIF and XMP to an encoded picture, each unless it is null. */
    public static byte[] extended(BufferedImage image, byte[] webp, byte[] profile, byte[] exif, byte[] xmp) {
        int flags = (profile == null ? 0 : PROFILE) | (exif == null ? 0 : EXIF) | (xmp == null ? 0 : XMP);
        return riff(
                header(image, flags),
                optional("ICCP", profile),
                pixels(webp),
                optional("EXIF", exif),
                optional("XMP ", xmp));
    }

    /** Writes an animation of encoded pictures that have the same size as the first one. */
    static byte[] animation(BufferedImage first, byte[]... webps) {
        ByteBuffer frame = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        frame.position(6);
        frame.putInt(first.getWidth() - 1).position(9);
        frame.putInt(first.getHeight() - 1).position(12);
        frame.putInt(100); // milliseconds
        byte[][] frames = Arrays.stream(webps)
                .map(webp -> chunk("ANMF", concat(frame.array(), pixels(webp))))
                .toArray(byte[][]::new);
        return riff(header(first, ANIMATION), chunk("ANIM", new byte[6]), concat(frames));
    }

    /** Returns the extended header (VP8X) for a picture. */
    static byte[] header(BufferedImage image, int flags) {
        boolean opaque = (image.getRGB(0, 0) >>> 24) == 255;
        ByteBuffer header = ByteBuffer.allocate(11).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(flags | (opaque ? 0 : ALPHA)).putInt(image.getWidth() - 1).position(7);
        header.putInt(image.getHeight() - 1);
        return chunk("VP8X", Arrays.copyOf(header.array(), 10));
    }

    /** Returns the chunks with the pixels, without the RIFF header and the extended header. */
    static byte[] pixels(byte[] webp) {
        boolean extended = webp[15] == 'X';
        return Arrays.copyOfRange(webp, extended ? 30 : 12, webp.length);
    }

    private static byte[] optional(String type, byte[] data) {
        return data == null ? new byte[0] : chunk(type, data);
    }

    /** Returns a file of these chunks. */
    static byte[] riff(byte[]... chunks) {
        return chunk("RIFF", concat(ascii("WEBP"), concat(chunks)));
    }

    /** Returns a chunk with its header. */
    static byte[] chunk(String type, byte[] data) {
        return ByteBuffer.allocate(8 + data.length + data.length % 2)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(ascii(type))
                .putInt(data.length)
                .put(data)
                .array();
    }
}
