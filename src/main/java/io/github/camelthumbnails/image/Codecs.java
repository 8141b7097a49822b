// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.heif.HeifCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the codec for a file. Holds the codecs of all formats that an original may have.
 *
 * @param all one codec for each format
 */
record Codecs(List<Codec> all) {

    /** The codecs that can also encode, followed by those that can only decode. */
    static final Codecs STANDARD = new Codecs(Stream.concat(
                    Arrays.stream(ImageFormat.values())
                            .map(ImageFormat::codec)
                            .filter(Codec.class::isInstance)
                            .map(Codec.class::cast),
                    Stream.of(new HeifCodec()))
            .toList());

    /**
     * Finds the codec of a file by the file's first bytes, never by its name. Returns empty if the format is unknown.
     */
    Optional<Codec> find(byte[] file) {
        return all.stream().filter(codec -> codec.recognizes(file)).findFirst();
    }

    /** Loads the optional native libraries of all codecs. Returns the name of each of them, and whether it is used. */
    Map<String, Boolean> findLibraries(Codec.Options options) {
        return all.stream()
                .flatMap(codec -> codec.findLibraries(options).entrySet().stream())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue, Boolean::logicalOr));
    }

    /** Returns the names of all formats, separated by commas, for messages. */
    String names() {
        return all.stream().map(Codec::name).collect(Collectors.joining(", "));
    }
}
