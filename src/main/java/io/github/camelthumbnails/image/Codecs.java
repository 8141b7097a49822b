// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.heif.HeifCodec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The formats that a thumbnail can be made of: those that can be written, and those that can only be read. */
final class Codecs {

    private static final List<Codec> ALL = Stream.concat(
                    Arrays.stream(ImageFormat.values()).map(ImageFormat::codec), Stream.of(new HeifCodec()))
            .toList();

    private Codecs() {}

    /** Returns all codecs. */
    static List<Codec> all() {
        return ALL;
    }

    /** Returns the codec of a file, told by its first bytes and never by a file name; empty if the format is unknown. */
    static Optional<Codec> of(byte[] file) {
        return ALL.stream().filter(codec -> codec.recognizes(file)).findFirst();
    }

    /** Returns the names of all formats, for messages. */
    static String names() {
        return ALL.stream().map(Codec::name).collect(Collectors.joining(", "));
    }
}
