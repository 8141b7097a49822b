// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.event.EventMessage;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operations;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.RedriveOptions;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.main.Main;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Lets an application with the role {@code operate} make every call to AWS that its routes can make. */
final class OperatorCalls {

    private final Pipeline pipeline;
    private final Main operator;

    OperatorCalls(Pipeline pipeline, Main operator) {
        this.pipeline = pipeline;
        this.operator = operator;
    }

    /**
     * Looks at queues and failures, redrives both queues, and reconciles.
     *
     * @param key the key of an original that has a thumbnail
     */
    void makeAll(String key) throws Exception {
        sendFailure(key, FailureReason.InternalError);
        get("/operate/queues"); // CloudWatch is asked only if a queue has messages
        get("/operate/failures/summary");

        sendFailure("corrupt", FailureReason.CorruptImage); // is held, and released at the end
        Map<String, Long> counts = redrive(Source.FAILURES).counts();
        assertThat(counts).containsEntry("moved", 1L);
        assertThat(counts.get("stayed")).isPositive(); // there may be others of this test
        send(pipeline.resources.dead(), EventMessage.created("Put", pipeline.resources.originals(), key, null));
        send(pipeline.resources.dead(), "no event");
        assertThat(redrive(Source.DEAD).counts()).containsEntry("moved", 1L).containsEntry("unreadable", 1L);

        assertThat(reconcile(false).counts()).containsEntry("complete", 1L);
    }

    /** Reconciles the whole bucket, and asks the table about each original. */
    Operation reconcile(boolean dryRun) {
        Operation operation = new Operation("reconcile", dryRun, Operations.Kind.RECONCILE.counters());
        Instant before = Instant.now().plusSeconds(60);
        run(
                "direct:reconcile-originals",
                new ReconcileOptions("", null, before, true, false, null, dryRun, 100, 50, 1000, false),
                operation);
        return operation;
    }

    private Operation redrive(Source source) {
        Operation operation = new Operation("redrive", false, List.of());
        run(
                "direct:redrive-failures",
                new RedriveOptions(
                        source,
                        source == Source.DEAD ? Set.of() : Set.of(FailureReason.InternalError),
                        "",
                        null,
                        false),
                operation);
        return operation;
    }

    private void run(String route, Object options, Operation operation) {
        try (ProducerTemplate template = operator.getCamelContext().createProducerTemplate()) {
            Exchange end = template.request(route, exchange -> {
                exchange.setProperty("operation", operation);
                exchange.getMessage().setBody(options);
            });
            assertThat(end.getException()).isNull();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + Pipeline.port(operator) + path))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private void sendFailure(String key, FailureReason reason) {
        pipeline.sqs.sendMessage(request -> request.queueUrl(pipeline.url(pipeline.resources.failures()))
                .messageBody(key)
                .messageAttributes(Map.of(
                        "bucket", text(pipeline.resources.originals()),
                        "reason", text(reason.name()),
                        "failedAt", text(Instant.now().toString()))));
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    private void send(String queue, String body) {
        pipeline.sqs.sendMessage(
                request -> request.queueUrl(pipeline.url(queue)).messageBody(body));
    }
}
