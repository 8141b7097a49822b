// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds free ports for servers that cannot choose one themselves. All ports are below the range of outgoing connections (Linux:
 * 32768, others: 49152). A port that the system assigns for 0 is in that range, so a connection might occupy it before the server.
 */
public final class FreePort {

    // Parallel test processes have separate ranges, so that none uses a port that another one has just found. An empty
    // or unknown number of the process is an error: two processes would share a range, and a test would fail once in
    // many runs.
    private static final int COUNT = 3_000;
    private static final int FIRST = 20_000 + Integer.parseInt(System.getProperty("test.fork", "3")) * COUNT;

    // Each process starts at a random offset, because some tests start several processes.
    private static final AtomicInteger LAST_OFFSET =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** Returns a port that nothing listens on, a different one with each call. */
    public static int next() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(LAST_OFFSET.incrementAndGet(), COUNT);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // In use: try the next one.
            }
        }
        throw new IllegalStateException("No port from " + FIRST + " on is free");
    }
}
