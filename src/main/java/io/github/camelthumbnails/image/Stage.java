// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.time.Duration;
import java.time.Instant;

/**
 * A finished part of the work on one picture, for metrics and traces.
 *
 * @param kind the kind of work
 * @param format the format that was decoded or encoded, in lower case, such as {@code jpeg}
 * @param codec the library that did it, such as {@code libjpeg-turbo}; one of a small fixed set of names
 * @param pixels width x height x frames of what was decoded or encoded
 * @param bytes size of the original, or of the rendition
 * @param start when it began
 * @param duration how long it took
 * @param failed whether it ended with an exception
 */
public record Stage(
        Kind kind,
        String format,
        String codec,
        long pixels,
        long bytes,
        Instant start,
        Duration duration,
        boolean failed) {

    /** The kind of work. */
    public enum Kind {
        /** The original was decoded. */
        DECODE,
        /** A rendition was encoded. */
        ENCODE
    }
}
