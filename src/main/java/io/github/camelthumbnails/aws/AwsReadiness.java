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
 * The readiness check {@code aws}: DOWN until each bucket and table that the process reads has answered once since the
 * start. After that an outage of S3 or DynamoDB does not make the process unready: an upload is then answered with 503,
 * which tells the client more than a load balancer without pods. With the role thumbnail the check is also DOWN while
 * polling the events queue fails.
 *
 * <p>An error such as "access denied" or "no such bucket" counts as an answer, because waiting does not help. It is logged
 * once.
 */
public final class AwsReadiness extends AbstractHealthCheck implements CamelConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(AwsReadiness.class);

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** No object and no item has this name. Asking for it is cheap, and needs no more permissions than the routes do. */
    private static final String ABSENT = "camel-thumbnails-readiness";

    /** The probes without an answer so far, and the last error of each. */
    private final Map<Probe, String> missing = Collections.synchronizedMap(new LinkedHashMap<>());

    /** The causes that were logged. Only the probing thread uses them. */
    private final Map<Probe, String> causes = new HashMap<>();

    private boolean polls;

    /**
     * One question to AWS.
     *
     * @param service the scheme of Camel's component
     * @param what the bucket or table, in words
     * @param remedy what to check if AWS refuses the request
     */
    private record Probe(String service, String what, String remedy, Runnable call) {}

    /** Creates the check, which {@link #configure} adds to the application. */
    public AwsReadiness() {
        super("camel-thumbnails", "aws");
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    /** Adds the check to the application. The probes start together with the routes, on a thread of their own. */
    @Override
    public void configure(CamelContext context) throws Exception {
        String roles = context.resolvePropertyPlaceholders("{{app.roles}}");
        polls = roles.contains("thumbnail");
        for (String bucket : List.of("originals.bucket", "thumbnails.bucket")) {
            add(bucket(context, bucket));
        }
        add(table(context, "thumbnails.table"));
        if (roles.contains("upload")) {
            add(table(context, "failures.table"));
        }
        context.getRegistry().bind("awsReadiness", this);
        context.addStartupListener((started, already) -> {
            ScheduledExecutorService executor =
                    started.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "aws-readiness");
            executor.execute(() -> probe(started, executor, SHORTEST_PAUSE));
        });
    }

    private void add(Probe probe) {
        missing.put(probe, "not asked yet");
    }

    private static Probe bucket(CamelContext context, String setting) {
        String bucket = context.resolvePropertyPlaceholders("{{" + setting + "}}");
        return new Probe(
                "aws2-s3",
                "S3 bucket " + bucket,
                "Check " + setting + ", aws.region and the permission s3:ListBucket",
                // HeadBucket needs the same permission, but its errors have no code that tells why.
                () -> bean(context, "s3Client", S3Client.class)
                        .listObjectsV2(
                                request -> request.bucket(bucket).prefix(ABSENT).maxKeys(1)));
    }

    private static Probe table(CamelContext context, String setting) {
        String table = context.resolvePropertyPlaceholders("{{" + setting + "}}");
        return new Probe(
                "aws2-ddb",
                "DynamoDB table " + table,
                "Check " + setting + ", aws.region and the permission dynamodb:GetItem",
                () -> bean(context, "dynamoDbClient", DynamoDbClient.class)
                        .getItem(
                                request -> request.tableName(table).key(Map.of("name", AttributeValue.fromS(ABSENT)))));
    }

    private static <T> T bean(CamelContext context, String name, Class<T> type) {
        return context.getRegistry().lookupByNameAndType(name, type);
    }

    /** Asks all that have not answered, and again after a pause until none is left. */
    private void probe(CamelContext context, ScheduledExecutorService executor, Duration pause) {
        OutageLog outages = bean(context, "outageLog", OutageLog.class);
        for (Probe probe : List.copyOf(missing.keySet())) {
            RuntimeException error = ask(probe);
            if (!context.isRunAllowed()) {
                return; // the clients may be closed already
            }
            if (error == null || isAnswer(error)) {
                answered(probe, error, outages);
            } else {
                unanswered(probe, error, outages);
            }
        }
        if (missing.isEmpty()) {
            context.getExecutorServiceManager().shutdown(executor);
        } else {
            executor.schedule(() -> probe(context, executor, longer(pause)), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private static RuntimeException ask(Probe probe) {
        try {
            probe.call.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    private void answered(Probe probe, RuntimeException refusal, OutageLog outages) {
        if (refusal != null) {
            LOG.warn("The {} cannot be used: {}. {}", probe.what, Failure.error(refusal), probe.remedy);
        }
        missing.remove(probe);
        String cause = causes.remove(probe);
        if (cause != null) {
            outages.over(cause, "The " + probe.what + " answers");
        }
    }

    private void unanswered(Probe probe, RuntimeException error, OutageLog outages) {
        String cause = OutageLog.cause(probe.service, error);
        causes.put(probe, cause);
        missing.put(probe, Failure.error(error));
        outages.warn(
                cause, "Not ready: no answer since the start from the " + probe.what + ": " + Failure.error(error));
    }

    /** Returns whether the service has decided about the request, and would do so again. */
    static boolean isAnswer(RuntimeException error) {
        return switch (Failure.classify(error)) {
            case AccessDenied, ObjectNotFound, RequestRefused, ResourceMissing -> true;
            default -> false;
        };
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Map<String, List<String>> silent = new LinkedHashMap<>(); // by reason, which is mostly the same for all
        synchronized (missing) {
            missing.forEach((probe, why) ->
                    silent.computeIfAbsent(why, key -> new ArrayList<>()).add("the " + probe.what));
        }
        List<String> problems = new ArrayList<>();
        silent.forEach((why, whats) ->
                problems.add("No answer since the start from " + String.join(", ", whats) + ": " + why));
        if (polls) {
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
