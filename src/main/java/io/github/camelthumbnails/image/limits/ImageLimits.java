// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import java.time.Duration;

/**
 * Limits on the size, CPU time and wall-clock time of one picture, and on the memory of all pictures that are decoded
 * in parallel.
 *
 * @param maxPixels maximum of width x height x frames, as declared in the header
 * @param memory memory budgets shared by all decodes; a decode that does not fit waits
 * @param cpuTime maximum CPU time for one picture, from reading its header to encoding the thumbnail
 * @param wallTime maximum wall-clock time for the same work, and separately for waiting for memory before it. It is
 *     much longer than the CPU time, because a busy machine may give a decode only a small share of a core
 */
public record ImageLimits(long maxPixels, Memory memory, Duration cpuTime, Duration wallTime) {

    /** Wall-clock time per CPU time: a decode that gets less than a tenth of a core is abandoned and retried. */
    private static final int WALL_TIME_FACTOR = 10;

    /** Creates limits whose wall-clock time is ten times the CPU time. */
    public ImageLimits(long maxPixels, Memory memory, Duration cpuTime) {
        this(maxPixels, memory, cpuTime, cpuTime.multipliedBy(WALL_TIME_FACTOR));
    }
}
