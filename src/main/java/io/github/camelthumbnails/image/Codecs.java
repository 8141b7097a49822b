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

    /** Returns the codec of a file, told by its first bytes and never by a file name; empty if the format is unknown. */
    Optional<Codec> of(byte[] file) {
        return all.stream().filter(codec -> codec.recognizes(file)).findFirst();
    }

    /** Returns the names of all formats, for messages. */
    String names() {
        return all.stream().map(Codec::name).collect(Collectors.joining(", "));
    }
}
