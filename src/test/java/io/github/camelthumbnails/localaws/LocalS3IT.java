// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Tests that local S3 keeps connections open, and that it acknowledges a change only after its event was sent. */
@Tag("long")
class LocalS3IT {

    private static final String REGION = "ap-northeast-2";

    @TempDir
    Path directory;

    /** Unique name, because all instances of ElasticMQ in a JVM share the database of the first one. */
    private final String queue = "events-" + UUID.randomUUID();

    private LocalAws queues;
    private FaultProxy faults;
    private SqsClient sqs;
    private String queueUrl;
    private LocalS3 server;
    private S3Client s3;

    @BeforeEach
    void start() throws Exception {
        queues = LocalAws.start(directory.resolve("queues"), 0, REGION);
        faults = FaultProxy.start(queues.endpoint());
        sqs = new AwsEndpoint(faults.endpoint().toString(), REGION).sqs();
        queueUrl = sqs.createQueue(request -> request.queueName(queue)).queueUrl();
        startServer();
        s3.createBucket(request -> request.bucket("originals"));
    }

    private void startServer() throws Exception {
        BucketNotifications notifications = new BucketNotifications(directory.resolve("notifications"), sqs, REGION);
        if (!notifications.isConfigured("originals")) {
            notifications.put("originals", """
                    <NotificationConfiguration><QueueConfiguration>
                      <Queue>arn:aws:sqs:ap-northeast-2:000000000000:%s</Queue>
                      <Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event>
                    </QueueConfiguration></NotificationConfiguration>""".formatted(queue).getBytes(StandardCharsets.UTF_8));
        }
        server = new LocalS3(
                directory.resolve("s3"), notifications, new PendingEvents(directory.resolve("pending-events")));
        s3 = new AwsEndpoint("http://127.0.0.1:" + server.port(), REGION).s3();
    }

    private void stopServer() throws Exception {
        s3.close();
        server.close();
    }

    @AfterEach
    void stop() throws Exception {
        stopServer();
        sqs.close();
        faults.close();
        queues.close();
    }

    @Test
    void connectionIsKeptIfAnUploadEndsAfterTheResponse() throws Exception {
        // The AWS SDK sends the checksum as the last chunk.
        assertConnectionIsKept(
                200,
                "/originals/k",
                "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: 5\r\n"
                        + "x-amz-trailer: x-amz-checksum-crc32\r\n",
                "5\r\nhello\r\n",
                "0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    }

    @Test
    void connectionIsKeptIfARejectedUploadContinuesAfterTheResponse() throws Exception {
        assertConnectionIsKept(404, "/missing/k", "", "hel", "lo");
    }

    /** Sends the second half of a body after the response, and then another request on the same connection. */
    private void assertConnectionIsKept(int status, String path, String headers, String first, String second)
            throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            send(
                    socket,
                    "PUT " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "Content-Length: "
                            + (first + second).length() + "\r\n\r\n" + first);
            assertThat(receive(socket)).startsWith("HTTP/1.1 " + status).doesNotContain("Connection: close");

            send(socket, second);
            send(socket, "HEAD /originals HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            assertThat(receive(socket)).startsWith("HTTP/1.1 200");
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Reads a response, and asserts that the server does not close the connection for a while afterwards. */
    private static String receive(Socket socket) throws IOException {
        StringBuilder received = new StringBuilder();
        socket.setSoTimeout(0);
        while (true) {
            int next;
            try {
                next = socket.getInputStream().read();
            } catch (SocketTimeoutException e) {
                return received.toString();
            }
            assertThat(next).as("connection closed after %s", received).isNotNegative();
            received.append((char) next);
            socket.setSoTimeout(500);
        }
    }

    @Test
    void uploadFailsIfItsEventCannotBeSent() throws Exception {
        FaultProxy.Rule fault = faults.fail(Service.SQS, "SendMessage", Fault.error(503, "ServiceUnavailable"));

        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() -> put("k"))
                .satisfies(e -> assertThat(e.statusCode()).isEqualTo(500));

        fault.remove();
        put("k");
        assertThat(events()).containsExactly("ObjectCreated:Put k");
    }

    @Test
    void unsentEventIsSentAtTheNextStart() throws Exception {
        put("removed");
        faults.fail(Service.SQS, "SendMessage", Fault.error(503, "ServiceUnavailable"));
        assertThatExceptionOfType(S3Exception.class).isThrownBy(() -> put("stored"));
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(() ->
                        s3.deleteObject(request -> request.bucket("originals").key("removed")));
        faults.reset();
        assertThat(events()).containsExactly("ObjectCreated:Put removed");

        stopServer();
        startServer();
        assertThat(events()).containsExactlyInAnyOrder("ObjectCreated:Put stored", "ObjectRemoved:Delete removed");

        stopServer();
        startServer();
        assertThat(events()).as("sent once").isEmpty();
    }

    /** AWS also ignores a missing queue. */
    @Test
    void uploadSucceedsIfTheQueueWasDeleted() {
        sqs.deleteQueue(request -> request.queueUrl(queueUrl));

        put("k");

        assertThat(s3.getObjectAsBytes(request -> request.bucket("originals").key("k"))
                        .asUtf8String())
                .isEqualTo("12345");
    }

    private void put(String key) {
        s3.putObject(request -> request.bucket("originals").key(key), RequestBody.fromString("12345"));
    }

    /** Receives and deletes all events, and leaves out the S3 test event. Events are sent before the response to their change. */
    private List<String> events() {
        return sqs.receiveMessage(request -> request.queueUrl(queueUrl).maxNumberOfMessages(10)).messages().stream()
                .map(message -> new JsonObject(message.body()))
                .filter(event -> event.containsKey("Records"))
                .map(event -> event.getJsonArray("Records").getJsonObject(0))
                .map(record -> record.getString("eventName") + " "
                        + record.getJsonObject("s3").getJsonObject("object").getString("key"))
                .toList();
    }
}
