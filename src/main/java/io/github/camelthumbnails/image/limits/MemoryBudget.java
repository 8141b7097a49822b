// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Decides how much of the memory of this process all decodes together may use. docs/capacity.md explains the numbers. */
public final class MemoryBudget {

    /** Memory that the JVM itself needs outside the heap: classes, compiled code, threads, buffers of connections. */
    private static final long JVM_BYTES = 200L << 20;

    private MemoryBudget() {}

    /**
     * Returns the budget for this process.
     *
     * @param heapPercent share of the maximum heap that decodes may use
     */
    public static Memory ofProcess(int heapPercent) {
        // In a container, this is the limit of the container.
        long total = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        return divide(total, Runtime.getRuntime().maxMemory(), heapPercent);
    }

    /**
     * Returns a share of the heap, and the memory outside it that is left.
     *
     * @param total bytes that the process may use
     * @param maxHeap bytes of them that the heap may use
     */
    static Memory divide(long total, long maxHeap, int heapPercent) {
        return new Memory(maxHeap / 100 * heapPercent, Math.max(0, total - maxHeap - JVM_BYTES));
    }
}
