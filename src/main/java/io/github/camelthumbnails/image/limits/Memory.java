// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

/**
 * An amount of memory, or a limit for it.
 *
 * @param heap bytes on the heap of the JVM
 * @param outside bytes outside the heap, which native libraries allocate
 */
public record Memory(long heap, long outside) {

    /** Returns an amount that is on the heap. */
    public static Memory onHeap(long bytes) {
        return new Memory(bytes, 0);
    }

    /** Returns whether another amount is within this limit, on the heap and outside it. */
    public boolean holds(Memory other) {
        return other.heap <= heap && other.outside <= outside;
    }

    /** Returns the sum of two amounts that are needed at the same time. */
    public Memory plus(Memory other) {
        return new Memory(heap + other.heap, outside + other.outside);
    }

    /** Returns the larger heap and the larger memory outside it, for amounts that are needed one after the other. */
    public Memory max(Memory other) {
        return new Memory(Math.max(heap, other.heap), Math.max(outside, other.outside));
    }
}
