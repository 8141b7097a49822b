// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.util.List;

/**
 * A file format that originals may have, as people, file names and browsers call it.
 *
 * @param name name for people, such as {@code WebP}
 * @param extensions extensions of file names, in lower case and without a dot
 * @param contentTypes media types that browsers use for the format
 * @param available whether the installed libraries can decode the format
 */
public record OriginalFormat(String name, List<String> extensions, List<String> contentTypes, boolean available) {

    /** Lists all formats. Loads the native libraries that one of them needs. */
    public static List<OriginalFormat> all() {
        return Codecs.STANDARD.all().stream()
                .flatMap(codec -> codec.originalFormats().stream())
                .toList();
    }

    /** Creates a format that can be decoded without any native library. */
    public static OriginalFormat of(String name, String contentType, String... extensions) {
        return new OriginalFormat(name, List.of(extensions), List.of(contentType), true);
    }
}
