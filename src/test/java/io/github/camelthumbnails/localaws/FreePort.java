// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for servers that have to be told one. The port that a system gives for 0 is from the range of its outgoing connections:
 * one of these may take it before the server does. These are below that range (Linux: 32768, others: 49152).
 */
public final class FreePort {

    // Test processes beside each other each have their own, so that none takes what another one has just been told.
    private static final int COUNT = 3_000;
    private static final int FIRST = 20_000 + Integer.getInteger("test.fork", 3) * COUNT;

    // Another start for each process, for some tests start several.
    private static final AtomicInteger LAST =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private FreePort() {}

    /** A port that nobody listens on, and another one each time. */
    public static int next() {
        for (int tries = 0; tries < COUNT; tries++) {
            int port = FIRST + Math.floorMod(LAST.incrementAndGet(), COUNT);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        throw new IllegalStateException("No port from " + FIRST + " on is free");
    }
}
