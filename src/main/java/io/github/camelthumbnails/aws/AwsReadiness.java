// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import io.github.camelthumbnails.event.EventsPolling;
import io.github.camelthumbnails.failure.Failure;
import io.github.camelthumbnails.failure.OutageLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Readiness check {@code aws}: DOWN until every bucket and table that the process uses has responded once since the
 * start. A later outage of S3 or DynamoDB does not make the process unready: uploads then get a 503, which tells
 * clients more than a load balancer without pods. With the role thumbnail the check is also DOWN while polling the
 * events queue fails.
 *
 * <p>An error such as "access denied" or "no such bucket" counts as a response, because waiting does not help. It is logged once.
 */
public final class AwsReadiness extends AbstractHealthCheck implements CamelConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(AwsReadiness.class);

    private static final Duration MIN_PAUSE = Duration.ofMillis(500);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

    /** Name that no object or item has. Requests for it are cheap and need only permissions that the routes need, too. */
    private static final String ABSENT_NAME = "camel-thumbnails-readiness";

    /** Probes without a response so far, with the last error of each. */
    private final Map<Probe, String> pending = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Logged cause of each failing probe. Used only by the probing thread. */
    private final Map<Probe, String> causes = new HashMap<>();

    private boolean pollsEvents;

    /**
     * Describes a request that shows whether a bucket or table can be reached.
     *
     * @param service the scheme of Camel's component
     * @param resource the bucket or table, for log lines
     * @param remedy what to check if AWS rejects the request
     * @param call sends the request
     */
    private record Probe(String service, String resource, String remedy, Runnable call) {}

    /** Creates the check, which {@link #configure} adds to the application. */
    public AwsReadiness() {
        super("camel-thumbnails", "aws");
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    /** Adds the check to the application. The probes start together with the routes, in a thread of their own. */
    @Override
    public void configure(CamelContext context) throws Exception {
        String roles = context.resolvePropertyPlaceholders("{{app.roles}}");
        pollsEvents = roles.contains("thumbnail");
        if (isCommand(context, roles)) {
            return; // a command has no health endpoint, and reports its own problems
        }
        for (String bucket : List.of("originals.bucket", "thumbnails.bucket")) {
            add(bucket(context, bucket));
        }
        add(table(context, "thumbnails.table"));
        if (roles.contains("upload") || roles.contains("operate")) {
            add(table(context, "failures.table"));
        }
        context.getRegistry().bind("awsReadiness", this);
        context.addStartupListener((started, already) -> {
            ScheduledExecutorService executor =
                    started.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "aws-readiness");
            executor.execute(() -> probe(started, executor, MIN_PAUSE));
        });
    }

    /** Returns whether the process runs an operator's command: it has only the role of operators, and no HTTP server. */
    private static boolean isCommand(CamelContext context, String roles) {
        return roles.equals("operate")
                && context.resolvePropertyPlaceholders("{{camel.server.enabled}}")
                        .equals("false");
    }

    private void add(Probe probe) {
        pending.put(probe, "not requested yet");
    }

    private static Probe bucket(CamelContext context, String setting) {
        String bucket = context.resolvePropertyPlaceholders("{{" + setting + "}}");
        return new Probe(
                "aws2-s3",
                "S3 bucket " + bucket,
                "Check " + setting + ", aws.region and the permission s3:ListBucket",
                // HeadBucket needs the same permission, but its error responses have no error code.
                () -> bean(context, "s3Client", S3Client.class)
                        .listObjectsV2(request ->
                                request.bucket(bucket).prefix(ABSENT_NAME).maxKeys(1)));
    }

    private static Probe table(CamelContext context, String setting) {
        String table = context.resolvePropertyPlaceholders("{{" + setting + "}}");
        return new Probe(
                "aws2-ddb",
                "DynamoDB table " + table,
                "Check " + setting + ", aws.region and the permission dynamodb:GetItem",
                () -> bean(context, "dynamoDbClient", DynamoDbClient.class)
                        .getItem(request ->
                                request.tableName(table).key(Map.of("name", AttributeValue.fromS(ABSENT_NAME)))));
    }

    private static <T> T bean(CamelContext context, String name, Class<T> type) {
        return context.getRegistry().lookupByNameAndType(name, type);
    }

    /** Sends all pending probes, and schedules itself again until none is pending. */
    private void probe(CamelContext context, ScheduledExecutorService executor, Duration pause) {
        OutageLog outages = bean(context, "outageLog", OutageLog.class);
        for (Probe probe : List.copyOf(pending.keySet())) {
            RuntimeException error = send(probe);
            if (!context.isRunAllowed()) {
                return; // the clients may already be closed
            }
            if (error == null || isResponse(error)) {
                handleResponse(probe, error, outages);
            } else {
                handleSilence(probe, error, outages);
            }
        }
        if (pending.isEmpty()) {
            context.getExecutorServiceManager().shutdown(executor);
        } else {
            executor.schedule(
                    () -> probe(context, executor, nextPause(pause)), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Duration nextPause(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(MAX_PAUSE) < 0 ? twice : MAX_PAUSE;
    }

    private static RuntimeException send(Probe probe) {
        try {
            probe.call.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void handleResponse(Probe probe, RuntimeException refusal, OutageLog outages) {
        if (refusal != null) {
            LOG.warn("The {} cannot be used: {}. {}", probe.resource, Failure.error(refusal), probe.remedy);
        }
        pending.remove(probe);
        String cause = causes.remove(probe);
        if (cause != null) {
            outages.logRecovery(cause, "The " + probe.resource + " responds");
        }
    }

    private void handleSilence(Probe probe, RuntimeException error, OutageLog outages) {
        String cause = OutageLog.cause(probe.service, error);
        causes.put(probe, cause);
        pending.put(probe, Failure.error(error));
        outages.warn(
                cause,
                "Not ready: no response since the start from the " + probe.resource + ": " + Failure.error(error));
    }

    /** Returns whether an error is a final response of the service, which a retry would not change. */
    static boolean isResponse(RuntimeException error) {
        return switch (Failure.classify(error)) {
            case AccessDenied, ObjectNotFound, RequestRefused, ResourceMissing -> true;
            default -> false;
        };
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Map<String, List<String>> silent = new LinkedHashMap<>(); // grouped by error, which is often the same for all
        synchronized (pending) {
            pending.forEach((probe, why) ->
                    silent.computeIfAbsent(why, key -> new ArrayList<>()).add("the " + probe.resource));
        }
        List<String> problems = new ArrayList<>();
        silent.forEach((why, resources) ->
                problems.add("No response since the start from " + String.join(", ", resources) + ": " + why));
        if (pollsEvents) {
            bean(getCamelContext(), "eventsPolling", EventsPolling.class)
                    .problem()
                    .ifPresent(problems::add);
        }
        if (problems.isEmpty()) {
            builder.up();
        } else {
            builder.down().message(String.join("; ", problems));
        }
    }
}
