// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import java.time.Duration;

/**
 * Limits on the work on one picture, and on all pictures that are worked on in parallel.
 *
 * @param maxPixels maximum of width by height by frames, as the header declares them
 * @param memoryBytes budget that all decodes share; a decode that does not fit beside the others waits
 * @param cpuTime maximum CPU time of the work on one picture, from its header to the encoded thumbnail
 * @param wallTime maximum time on the clock of the same work, and of a wait for memory before it. It is far above the CPU time,
 *     because a busy machine may give a decode only a small share of a core
 */
public record ImageLimits(long maxPixels, long memoryBytes, Duration cpuTime, Duration wallTime) {

    /** A decode that gets less than a tenth of a core is given up, to be retried. */
    private static final int WALL_TIME_FACTOR = 10;

    /** Creates limits with a wall time of ten times the CPU time. */
    public ImageLimits(long maxPixels, long memoryBytes, Duration cpuTime) {
        this(maxPixels, memoryBytes, cpuTime, cpuTime.multipliedBy(WALL_TIME_FACTOR));
    }
}
