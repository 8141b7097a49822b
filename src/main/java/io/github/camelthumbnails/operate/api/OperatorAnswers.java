// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.api;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.github.camelthumbnails.operate.FailedOriginal;
import io.github.camelthumbnails.operate.FailurePage;
import io.github.camelthumbnails.operate.FailureSummary;
import io.github.camelthumbnails.operate.Failures;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operations;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.Operations.Start;
import io.github.camelthumbnails.operate.QueueAges;
import io.github.camelthumbnails.operate.QueueDepth;
import io.github.camelthumbnails.operate.QueueDepths;
import io.github.camelthumbnails.operate.reconcile.Price;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Message;

/** Answers requests of operators in JSON. */
public final class OperatorAnswers {

    private static final int MAX_FAILURES = 1000;

    private final Failures failures;
    private final QueueDepths queues;
    private final QueueAges ages;
    private final Operations operations;
    private final Price price;

    /** Creates the bean from the sources of its answers. */
    public OperatorAnswers(Failures failures, QueueDepths queues, QueueAges ages, Operations operations, Price price) {
        this.failures = failures;
        this.queues = queues;
        this.ages = ages;
        this.operations = operations;
        this.price = price;
    }

    /** Returns how many messages the queues have, and how old the oldest ones are. */
    public JsonObject showQueues() {
        JsonArray list = new JsonArray();
        List<QueueDepths.State> states = queues.list();
        Map<String, QueueAges.Age> oldest = ages.of(states);
        for (QueueDepths.State queue : states) {
            QueueDepth depth = queue.depth();
            QueueAges.Age age = oldest.get(queue.name());
            JsonObject json = new JsonObject()
                    .put("name", queue.name())
                    .put("waiting", depth == null ? null : depth.waiting())
                    .put("inFlight", depth == null ? null : depth.inFlight())
                    .put("delayed", depth == null ? null : depth.delayed())
                    .put("oldestSeconds", age.seconds());
            putIfKnown(json, "problem", queue.problem());
            putIfKnown(json, "ageProblem", age.problem());
            list.add(json);
        }
        return new JsonObject().put("queues", list);
    }

    private static void putIfKnown(JsonObject json, String name, String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /** Returns a page of failures. */
    public JsonObject listFailures(@ExchangeProperty("operatorInput") Object input) throws RequestRefusedException {
        Fields fields = (Fields) input;
        int limit = (int) fields.number("limit", 50, 1, MAX_FAILURES);
        try {
            FailurePage page = failures.page(Options.filter(fields), limit, fields.text("cursor", null));
            return new JsonObject().put("failures", json(page.failures())).put("next", page.next());
        } catch (IllegalArgumentException e) {
            throw RequestRefusedException.badRequest(
                    "The cursor is not valid. Use next of an earlier response, with the same reason and prefix.");
        }
    }

    /** Returns the number of failures by reason, and the newest ones. */
    public JsonObject summarizeFailures(@ExchangeProperty("operatorInput") Object input)
            throws RequestRefusedException {
        Fields fields = (Fields) input;
        int newest = (int) fields.number("newest", 20, 0, MAX_FAILURES);
        FailureSummary summary = failures.summarize(Options.filter(fields), newest);
        JsonObject byReason = new JsonObject();
        summary.byReason().forEach(byReason::put);
        return new JsonObject()
                .put("total", summary.total())
                .put("byReason", byReason)
                .put("newest", json(summary.newest()));
    }

    /** Starts a redrive. */
    public JsonObject startRedrive(
            Exchange exchange,
            @ExchangeProperty("request") HttpServerRequest request,
            @ExchangeProperty("operatorInput") Object input)
            throws RequestRefusedException {
        return started(exchange, request, operations.start(Options.redrive((Fields) input)));
    }

    /** Returns what a reconcile costs. */
    public JsonObject showPrice(@ExchangeProperty("operatorInput") Object input) throws RequestRefusedException {
        return new JsonObject().put("price", price.describe(Options.priced((Fields) input)));
    }

    /** Starts a reconcile. */
    public JsonObject startReconcile(
            Exchange exchange,
            @ExchangeProperty("request") HttpServerRequest request,
            @ExchangeProperty("operatorInput") Object input)
            throws RequestRefusedException {
        return started(exchange, request, operations.start(Options.reconcile((Fields) input, Instant.now())));
    }

    /**
     * Returns the started run, or throws a 409 if another one is running. Sets the header {@code Location} on the response itself, because
     * the error handling removes all headers of the message.
     */
    private static JsonObject started(Exchange exchange, HttpServerRequest request, Start start)
            throws RequestRefusedException {
        request.response().putHeader("Location", request.path());
        if (!start.isNew()) {
            throw RequestRefusedException.conflict("A " + start.operation().kind() + " is running since "
                    + start.operation().startedAt() + ". Wait until it has ended, or cancel it with DELETE.");
        }
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
        return json(start.operation());
    }

    /** Returns the progress of the running redrive, or the result of the last one. */
    public JsonObject showRedrive() throws RequestRefusedException {
        return json(last(Kind.REDRIVE));
    }

    /** Returns the progress of the running reconcile, or the result of the last one. */
    public JsonObject showReconcile() throws RequestRefusedException {
        return json(last(Kind.RECONCILE));
    }

    /** Cancels the redrive, which ends after its current batch. */
    public JsonObject cancelRedrive(Exchange exchange) throws RequestRefusedException {
        return cancel(exchange, last(Kind.REDRIVE));
    }

    /** Cancels the reconcile, which ends after its current batch. */
    public JsonObject cancelReconcile(Exchange exchange) throws RequestRefusedException {
        return cancel(exchange, last(Kind.RECONCILE));
    }

    private static JsonObject cancel(Exchange exchange, Operation operation) {
        boolean isRunning = operation.state() == Operation.State.RUNNING;
        if (isRunning) {
            operation.cancel();
        }
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, isRunning ? 202 : 200);
        return json(operation);
    }

    private Operation last(Kind kind) throws RequestRefusedException {
        return operations
                .last(kind)
                .orElseThrow(() -> RequestRefusedException.notFound(
                        "No " + kind.word() + " was started in this process since it runs. Start one with POST."));
    }

    /** Sets the body and the headers of the response. */
    public static void answer(Exchange exchange, @ExchangeProperty("request") HttpServerRequest request) {
        Message message = exchange.getMessage();
        request.response().putHeader("Cache-Control", "no-store"); // Camel does not copy this header
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(
                request.method() == HttpMethod.HEAD
                        ? null
                        : message.getBody(JsonObject.class).encode());
    }

    private static JsonArray json(List<FailedOriginal> list) {
        JsonArray array = new JsonArray();
        list.forEach(failure -> array.add(new JsonObject()
                .put("key", failure.key())
                .put("bucket", failure.bucket())
                .put("reason", failure.reason())
                .put("error", failure.error())
                .put("eTag", failure.eTag())
                .put("failedAt", failure.failedAt().toString())));
        return array;
    }

    private static JsonObject json(Operation operation) {
        JsonObject counts = new JsonObject();
        operation.counts().forEach(counts::put);
        JsonObject examples = new JsonObject();
        operation.examples().forEach((kind, keys) -> examples.put(kind, new JsonArray(keys)));
        Instant end = operation.endedAt();
        return new JsonObject()
                .put("id", operation.id())
                .put("kind", operation.kind())
                .put("dryRun", operation.dryRun())
                .put("state", operation.state().name().toLowerCase(Locale.ROOT))
                .put("cancelled", operation.isCancelled())
                .put("counts", counts)
                .put("examples", examples)
                .put("position", operation.position())
                .put("message", operation.message())
                .put("startedAt", operation.startedAt().toString())
                .put("endedAt", end == null ? null : end.toString());
    }
}
