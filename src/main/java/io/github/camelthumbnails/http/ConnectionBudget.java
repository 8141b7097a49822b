// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Divides the file descriptors of the process among its connections. Each public connection may need a second descriptor, for its own
 * connection to S3. A part is kept for everything else, so that health checks are answered whatever happens on the public port.
 *
 * @param connections maximum number of public connections
 * @param descriptors how many files and sockets the process may have open
 */
public record ConnectionBudget(int connections, long descriptors) {

    /** Maximum number of connections to the management port. */
    public static final int MANAGEMENT_CONNECTIONS = 100;

    /** Descriptors for the management port, class path, log, queue, tables, and temporary files. */
    static final int RESERVED_DESCRIPTORS = 400;

    /** There is always room for a few connections, however little the process may open. */
    private static final int MIN_CONNECTIONS = 10;

    /**
     * Returns the budget of this process.
     *
     * @param wanted the setting {@code http.maxConnections}
     */
    public static ConnectionBudget ofProcess(int wanted) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? of(wanted, system.getMaxFileDescriptorCount())
                : new ConnectionBudget(wanted, Long.MAX_VALUE);
    }

    static ConnectionBudget of(int wanted, long descriptors) {
        long affordable = Math.max(MIN_CONNECTIONS, (descriptors - RESERVED_DESCRIPTORS) / 2);
        return new ConnectionBudget((int) Math.min(wanted, affordable), descriptors);
    }

    /** Returns how many files and sockets a process has to be allowed to open for so many connections. */
    public static long descriptorsFor(long connections) {
        return 2 * connections + RESERVED_DESCRIPTORS;
    }

    /**
     * Returns how many of the connections may be uploads, so that some are left for other requests.
     *
     * @param wanted the setting {@code upload.maxConcurrent}
     */
    public int uploads(int wanted) {
        return Math.min(wanted, Math.max(1, connections / 10 * 9));
    }
}
