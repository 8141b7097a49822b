// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.heif.HeifCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The formats that a thumbnail can be made of.
 *
 * @param all one for each format
 */
record Codecs(List<Codec> all) {

    /** The formats that can be written, and those that can only be read. */
    static final Codecs STANDARD = new Codecs(
            Stream.concat(Arrays.stream(ImageFormat.values()).map(ImageFormat::codec), Stream.of(new HeifCodec()))
                    .toList());

    /**
     * Returns the codecs for a format of thumbnails.
     *
     * @param format {@code original} for the formats of the originals, or {@code webp}
     */
    static Codecs writing(String format) {
        return switch (format) {
            case "original" -> STANDARD;
            case "webp" ->
                new Codecs(STANDARD.all.stream()
                        .map(codec -> codec == ImageFormat.WEBP.codec() ? codec : new WebpConversion(codec))
                        .toList());
            default ->
                throw new IllegalArgumentException("thumbnail.format is " + format + ": set it to original or webp");
        };
    }

    /** Returns the codec of a file, told by its first bytes and never by a file name; empty if the format is unknown. */
    Optional<Codec> of(byte[] file) {
        return all.stream().filter(codec -> codec.recognizes(file)).findFirst();
    }

    /** Returns the names of all formats, for messages. */
    String names() {
        return all.stream().map(Codec::name).collect(Collectors.joining(", "));
    }
}
