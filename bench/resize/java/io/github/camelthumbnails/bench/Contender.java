// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.bench;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.Preset;
import io.github.camelthumbnails.image.Thumbnailer;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.rendition.ConfiguredRendition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import net.coobird.thumbnailator.Thumbnails;

/**
 * A JVM library to compare: makes thumbnails of half the width and height, with quality 0.8, in the format of the original.
 * This project also makes other renditions, if the environment variable {@code BENCH_RENDITIONS} describes one on each line.
 */
interface Contender {

    /** Makes the renditions of an original, and returns the first of them, both as the bytes of a file. */
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
        List<Preset> presets = System.getenv()
                .getOrDefault("BENCH_RENDITIONS", "scale:0.5")
                .lines()
                .map(line -> ConfiguredRendition.parse("thumbnail", line).preset())
                .toList();
        Thumbnailer thumbnailer = new Thumbnailer(
                presets,
                new Codec.Options(Boolean.parseBoolean(System.getProperty("image.nativeCodec", "true"))),
                new ImageLimits(50_000_000, Long.MAX_VALUE, Duration.ofSeconds(20)),
                new HangingDecodes(Duration.ofSeconds(10)));
        return original -> thumbnailer.renditions(original).get(0).bytes();
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
