// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Computes how many connections the process can serve with its file descriptors. Each public connection may need a
 * second descriptor for a connection to S3. Some descriptors are reserved for everything else, so that health checks
 * work even if the public port is full.
 *
 * @param connections maximum number of public connections
 * @param descriptors maximum number of open files and sockets of the process
 */
public record ConnectionBudget(int connections, long descriptors) {

    /** Maximum number of connections to the management port. */
    public static final int MAX_MANAGEMENT_CONNECTIONS = 100;

    /** Descriptors reserved for the management port, class path, log, queue, tables and temporary files. */
    static final int RESERVED_DESCRIPTORS = 400;

    /** Lower bound of the limit, however few descriptors the process has. */
    private static final int MIN_CONNECTIONS = 10;

    /**
     * Returns the connection budget of this process.
     *
     * @param configured the setting {@code http.maxConnections}
     */
    public static ConnectionBudget ofProcess(int configured) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? of(configured, system.getMaxFileDescriptorCount())
                : new ConnectionBudget(configured, Long.MAX_VALUE);
    }

    static ConnectionBudget of(int configured, long descriptors) {
        long affordable = Math.max(MIN_CONNECTIONS, (descriptors - RESERVED_DESCRIPTORS) / 2);
        return new ConnectionBudget((int) Math.min(configured, affordable), descriptors);
    }

    /** Returns the number of file descriptors that the given number of public connections needs. */
    public static long descriptorsFor(long connections) {
        return 2 * connections + RESERVED_DESCRIPTORS;
    }

    /**
     * Returns how many connections may be used for uploads: at most nine tenths, so that some are left for other
     * requests.
     *
     * @param configured the setting {@code upload.maxConcurrent}
     */
    public int uploads(int configured) {
        return Math.min(configured, Math.max(1, connections / 10 * 9));
    }
}
