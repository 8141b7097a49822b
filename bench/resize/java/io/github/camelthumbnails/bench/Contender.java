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

/** What makes thumbnails in a JVM, and is compared: half the width and height, quality 0.8, the original's format. */
interface Contender {

    /** From the bytes of an original to those of its thumbnail. */
    byte[] thumbnail(byte[] original) throws Exception;

    /**
     * @param name {@code ours}, with the native codec unless {@code -Dimage.nativeCodec=false} is given to the JVM, or
     *     {@code thumbnailator}
     */
    static Contender named(String name) {
        return switch (name) {
            case "ours" -> ours();
            case "thumbnailator" -> Contender::thumbnailator;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** As in {@code Beans}, with its default limits, but all the memory that there is. */
    private static Contender ours() {
        Thumbnailer thumbnailer = new Thumbnailer(
                new Scale(new BigDecimal("0.5")),
                new Codec.Options(0.8, Boolean.parseBoolean(System.getProperty("image.nativeCodec", "true"))),
                new ImageLimits(50_000_000, Long.MAX_VALUE, Duration.ofSeconds(20)),
                new HangingDecodes(Duration.ofSeconds(10)));
        return original -> thumbnailer.thumbnail(original).bytes();
    }

    /** As its README says. */
    private static byte[] thumbnailator(byte[] original) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Thumbnails.of(new ByteArrayInputStream(original))
                .scale(0.5)
                .outputQuality(0.8)
                .toOutputStream(out);
        return out.toByteArray();
    }
}
