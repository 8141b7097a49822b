// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** Tests the application's SQS client against a minimal SQS server. */
class QueueUrlsTest {

    private static final String URL = "http://sqs.example/000000000000/image-events";

    private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private SqsClient sqs;
    private volatile boolean queueExists = true;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
        sqs = new AwsClients().sqs("ap-northeast-2", endpoint, 5, 1);
    }

    @AfterEach
    void stop() {
        sqs.close();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String operation = exchange.getRequestHeaders().getFirst("X-Amz-Target").replaceFirst(".*\\.", "");
        JsonObject request =
                new JsonObject(new String(exchange.getRequestBody().readAllBytes())).put("operation", operation);
        requests.add(request);
        JsonObject response =
                switch (operation) {
                    case "GetQueueUrl" ->
                        queueExists
                                ? JsonObject.of("QueueUrl", URL)
                                : JsonObject.of("__type", "com.amazonaws.sqs#QueueDoesNotExist");
                    default -> new JsonObject();
                };
        byte[] body = response.toBuffer().getBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(response.containsKey("__type") ? 400 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private List<String> sent(String field) {
        return requests.stream()
                .map(request -> request.getString("operation") + " " + request.getString(field))
                .toList();
    }

    @Test
    void nameIsLookedUpOnceForAllOperations() {
        sqs.receiveMessage(request -> request.queueUrl("image-events"));
        sqs.receiveMessage(request -> request.queueUrl("image-events"));
        sqs.deleteMessage(request -> request.queueUrl("image-events").receiptHandle("r"));
        sqs.changeMessageVisibilityBatch(
                request -> request.queueUrl("image-events").entries(List.of()));

        assertThat(requests.get(0).getString("QueueName")).isEqualTo("image-events");
        assertThat(sent("QueueUrl"))
                .containsExactly(
                        "GetQueueUrl null",
                        "ReceiveMessage " + URL,
                        "ReceiveMessage " + URL,
                        "DeleteMessage " + URL,
                        "ChangeMessageVisibilityBatch " + URL);
    }

    @Test
    void urlIsNotLookedUp() {
        sqs.receiveMessage(request -> request.queueUrl(URL));

        assertThat(sent("QueueUrl")).containsExactly("ReceiveMessage " + URL);
    }

    @Test
    void arnIsLookedUpInTheAccountThatItNames() {
        sqs.receiveMessage(request -> request.queueUrl("arn:aws:sqs:ap-northeast-2:123456789012:image-events"));

        assertThat(requests.get(0).getString("QueueName")).isEqualTo("image-events");
        assertThat(requests.get(0).getString("QueueOwnerAWSAccountId")).isEqualTo("123456789012");
    }

    @Test
    void failedLookUpIsRepeated() {
        queueExists = false;
        assertThatThrownBy(() -> sqs.receiveMessage(request -> request.queueUrl("image-events")))
                .isInstanceOf(QueueDoesNotExistException.class);
        queueExists = true;
        sqs.receiveMessage(request -> request.queueUrl("image-events"));

        assertThat(sent("QueueUrl")).containsExactly("GetQueueUrl null", "GetQueueUrl null", "ReceiveMessage " + URL);
    }
}
