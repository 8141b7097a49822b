// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import scala.Function0;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Runs ElasticMQ as SQS, which stores queues and messages in a database file. */
final class LocalSqs implements AutoCloseable {

    /**
     * The database of the first instance in this process. ElasticMQ's connection pool is a singleton that is never replaced, so all later
     * instances write to that database as well.
     */
    private static final AtomicReference<String> DATABASE = new AtomicReference<>();

    private final int port;
    private final Function0<?> stop;

    /**
     * Starts the server on a free port, and waits until it has restored stored messages.
     *
     * @param directory the absolute path of the directory of the database
     * @param region the region in queue ARNs
     * @param publicPort the port in queue URLs, which differs from the one that this server listens on
     * @throws IOException if the directory cannot be created, or its messages cannot be restored
     */
    LocalSqs(Path directory, String region, int publicPort) throws IOException {
        Files.createDirectories(directory);
        // DB_CLOSE_ON_EXIT: otherwise the database would close itself while the application is still stopping.
        // WRITE_DELAY: by default H2 delays writes by up to half a second. Acknowledged messages would be lost
        // if the process were killed in that time.
        String uri = "jdbc:h2:" + directory.resolve("messages") + ";DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=0";
        Map<String, Integer> stored =
                Files.exists(directory.resolve("messages.mv.db")) ? storedMessages(uri) : Map.of();
        DATABASE.compareAndSet(null, uri);
        port = FreePort.next(); // ElasticMQ does not report its port, so 0 is not an option
        Config config = ConfigFactory.parseMap(Map.ofEntries(
                        Map.entry("node-address.host", "127.0.0.1"),
                        Map.entry("node-address.port", publicPort),
                        Map.entry("rest-sqs.bind-hostname", "127.0.0.1"),
                        Map.entry("rest-sqs.bind-port", port),
                        Map.entry("rest-sqs.sqs-limits", "strict"),
                        Map.entry("aws.region", region),
                        Map.entry("aws.accountId", LocalAws.ACCOUNT),
                        Map.entry("messages-storage.enabled", true),
                        Map.entry("messages-storage.uri", uri),
                        Map.entry("pekko.loglevel", "WARNING"),
                        Map.entry("pekko.jvm-shutdown-hooks", "off"),
                        // ElasticMQ's default of 21 seconds equals its own timeout, one second more than the longest
                        // poll. If Pekko's timeout fired first, the response would be a 503.
                        Map.entry("pekko.http.server.request-timeout", "50s")))
                .withFallback(ConfigFactory.load());
        stop = new ElasticMQServer(new ElasticMQServerConfig(config)).start();
        try {
            awaitRestored(stored, region);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Counts the messages of each queue in the database of an earlier run. */
    private static Map<String, Integer> storedMessages(String uri) throws IOException {
        Map<String, Integer> messages = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(uri, "", "");
                Statement statement = connection.createStatement()) {
            List<String> queues = new ArrayList<>();
            try (ResultSet names = statement.executeQuery("select name from queue")) {
                while (names.next()) {
                    queues.add(names.getString(1));
                }
            }
            for (String queue : queues) {
                try (ResultSet count = statement.executeQuery("select count(*) from " + table(queue))) {
                    count.next();
                    messages.put(queue, count.getInt(1));
                }
            }
            return messages;
        } catch (SQLException e) {
            throw new IOException("The queues in " + uri + " cannot be read", e);
        }
    }

    private static String table(String queue) {
        return "message_" + queue.replace('.', '_').replace('-', '_') + "_" + Integer.toHexString(queue.hashCode());
    }

    /**
     * Returns when the oldest message of a queue was sent, or nothing if the queue is empty. Reads the database, so that no message is
     * received.
     *
     * @throws SQLException if there is no such queue
     */
    Optional<Instant> oldest(String queue) throws SQLException {
        if (!queue.matches("[\\w.-]+")) {
            throw new SQLException("not the name of a queue: " + queue);
        }
        try (Connection connection = DriverManager.getConnection(DATABASE.get(), "", "");
                Statement statement = connection.createStatement();
                ResultSet created = statement.executeQuery("select min(created) from " + table(queue))) {
            created.next();
            long millis = created.getLong(1);
            return created.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
        }
    }

    /**
     * Waits until ElasticMQ has restored all queues and messages of an earlier run, which it does in the background. If a queue were
     * created in the meantime with other attributes, ElasticMQ would reject the restored one and stop.
     */
    private void awaitRestored(Map<String, Integer> stored, String region) throws IOException {
        try (SqsClient sqs = new AwsEndpoint("http://127.0.0.1:" + port, region).sqs()) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreException(QueueDoesNotExistException.class)
                    .until(() -> stored.entrySet().stream()
                            .allMatch(queue -> messages(sqs, queue.getKey()) >= queue.getValue()));
        } catch (ConditionTimeoutException e) {
            throw new IOException("The messages of the last run could not be restored in time. Start again", e);
        }
    }

    private static int messages(SqsClient sqs, String queue) {
        String url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
        // The host of the queue URL is AwsFront, which is not open yet. ElasticMQ evaluates only the path.
        return sqs
                .getQueueAttributes(request -> request.queueUrl(url)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        stop.apply();
    }
}
