// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import scala.Function0;

/** SQS: ElasticMQ with its queues and messages in a database file. */
final class LocalSqs implements AutoCloseable {

    private final int port;
    private final Function0<?> stop;

    /**
     * @param directory for the database, absolute
     * @param region of the queues' ARNs
     * @param publicPort the port in queue URLs, which is not the one that this server listens on
     * @throws IOException if the directory cannot be made
     */
    LocalSqs(Path directory, String region, int publicPort) throws IOException {
        Files.createDirectories(directory);
        port = FreePort.next(); // ElasticMQ does not tell which port it got, so it cannot be given 0
        Config config = ConfigFactory.parseMap(Map.ofEntries(
                        Map.entry("node-address.host", "127.0.0.1"),
                        Map.entry("node-address.port", publicPort),
                        Map.entry("rest-sqs.bind-hostname", "127.0.0.1"),
                        Map.entry("rest-sqs.bind-port", port),
                        Map.entry("rest-sqs.sqs-limits", "strict"),
                        Map.entry("aws.region", region),
                        Map.entry("aws.accountId", LocalAws.ACCOUNT),
                        Map.entry("messages-storage.enabled", true),
                        // Or the database would close itself while the application is still stopping.
                        Map.entry(
                                "messages-storage.uri",
                                "jdbc:h2:" + directory.resolve("messages") + ";DB_CLOSE_ON_EXIT=FALSE"),
                        Map.entry("pekko.loglevel", "WARNING"),
                        Map.entry("pekko.jvm-shutdown-hooks", "off")))
                .withFallback(ConfigFactory.load());
        stop = new ElasticMQServer(new ElasticMQServerConfig(config)).start();
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        stop.apply();
    }
}
