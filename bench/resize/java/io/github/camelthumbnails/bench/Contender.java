// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.bench;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.Thumbnailer;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import net.coobird.thumbnailator.Thumbnails;

/** A JVM library to compare: makes thumbnails of half the width and height, with quality 0.8, in the format of the original. */
interface Contender {

    /** Makes the thumbnail of an original, both as the bytes of a file. */
    byte[] thumbnail(byte[] original) throws Exception;

    /**
     * Returns the contender with a name.
     *
     * @param name {@code thumbnailator} or {@code ours}, which uses the native codec unless the JVM runs with
     *     {@code -Dimage.nativeCodec=false}
     */
    static Contender named(String name) {
        return switch (name) {
            case "ours" -> ours();
            case "thumbnailator" -> Contender::thumbnailator;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Creates the thumbnailer of this project as {@code Beans} does, with the default limits but unlimited memory. */
    private static Contender ours() {
        Thumbnailer thumbnailer = new Thumbnailer(
                new Scale(new BigDecimal("0.5")),
                new Codec.Options(0.8, Boolean.parseBoolean(System.getProperty("image.nativeCodec", "true"))),
                new ImageLimits(50_000_000, Long.MAX_VALUE, Duration.ofSeconds(20)),
                new HangingDecodes(Duration.ofSeconds(10)));
        return original -> thumbnailer.thumbnail(original).bytes();
    }

    /** Uses Thumbnailator as its README recommends. */
    private static byte[] thumbnailator(byte[] original) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thumbnails.of(new ByteArrayInputStream(original))
                .scale(0.5)
                .outputQuality(0.8)
                .toOutputStream(out);
        return out.toByteArray();
    }
}
