// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * A file to upload, and the expected thumbnail.
 *
 * @param bytes content of the file
 * @param thumbnail size and colour of the thumbnail, or {@link #NONE} if none can be created
 */
record Original(byte[] bytes, String thumbnail) {

    static final String NONE = "none";

    /** Stands for a missing object. */
    static final Original ABSENT = new Original(new byte[0], NONE);

    /** Creates a picture of a random format, whose size and colour distinguish it from most others. */
    static Original picture(Random random) {
        List<ImageFormat> formats = List.copyOf(Pictures.FORMATS);
        ImageFormat format = formats.get(random.nextInt(formats.size()));
        int width = 16 + 2 * random.nextInt(24);
        int height = 16 + 2 * random.nextInt(24);
        Color color = new Color(255 * random.nextInt(2), 255 * random.nextInt(2), 255 * random.nextInt(2));
        return new Original(
                Pictures.plain(format, width, height, color), describe(width / 2, height / 2, color.getRGB()));
    }

    /** Creates a file that no decoder can read. */
    static Original corrupt(Random random) {
        byte[] picture = picture(random).bytes;
        return new Original(
                switch (random.nextInt(3)) {
                    case 0 -> new byte[0];
                    case 1 -> ("no picture " + random.nextInt()).getBytes(StandardCharsets.UTF_8);
                    default -> Arrays.copyOf(picture, 12 + random.nextInt(12)); // too short to contain even the size
                },
                NONE);
    }

    /** Describes a thumbnail file in the format of {@link #thumbnail}. */
    static String describe(byte[] thumbnail) {
        BufferedImage image = Pictures.decode(thumbnail);
        return describe(image.getWidth(), image.getHeight(), image.getRGB(image.getWidth() / 2, image.getHeight() / 2));
    }

    /** Describes each of the three colours only as present or absent, to ignore lossy compression. */
    private static String describe(int width, int height, int rgb) {
        return width + "x" + height + " " + Integer.toHexString(rgb & 0x808080);
    }

    boolean isPicture() {
        return !thumbnail.equals(NONE);
    }

    /** Returns the expected {@link Pipeline#outcome} after all events are processed. */
    String outcome() {
        return thumbnail + ", item of " + (isPicture() ? eTag() : NONE);
    }

    /** Returns the ETag that S3 gives an object with these bytes, without quotes. */
    String eTag() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
