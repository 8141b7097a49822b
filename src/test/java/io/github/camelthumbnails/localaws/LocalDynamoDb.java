// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Runs Amazon's DynamoDB Local in a Jetty server of this project, because its own server listens on every interface.
 *
 * <p>Its licence allows neither to distribute it nor to compile programs with it. Maven downloads it for the tests and the local
 * run, and its classes are looked up by name, so that no class is linked to it.
 */
final class LocalDynamoDb implements AutoCloseable {

    private static final String PACKAGE = "software.amazon.dynamodb.services.local.server.";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final Object requests;

    /**
     * Starts the server on a free port.
     *
     * @param directory the directory of the database file
     * @throws Exception if the server does not start
     */
    LocalDynamoDb(Path directory) throws Exception {
        Files.createDirectories(directory);
        boolean inMemory = false;
        boolean sharedDb = true; // the same data for all credentials and regions
        boolean delayTransientStatuses = false;
        requests = Class.forName(PACKAGE + "LocalDynamoDBRequestHandler")
                .getConstructor(int.class, boolean.class, String.class, boolean.class, boolean.class)
                .newInstance(0, inMemory, directory.toString(), sharedDb, delayTransientStatuses);
        Object handler = Class.forName(PACKAGE + "LocalDynamoDBServerHandler")
                .getConstructor(Class.forName(PACKAGE + "DynamoDBRequestHandler"), String.class)
                .newInstance(requests, null);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        server.setHandler((Handler) handler);
        server.start();
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
        requests.getClass().getMethod("shutdown").invoke(requests);
    }
}
