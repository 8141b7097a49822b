// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;

/**
 * Returns the age of the oldest message of each queue. SQS reports it only as a metric of CloudWatch, once a minute, so CloudWatch is
 * asked at most every minute, however many callers there are.
 */
public final class QueueAges {

    private static final Duration CACHE = Duration.ofMinutes(1);

    /** Maximum time to ask CloudWatch, including retries. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** How far back a value is used. CloudWatch shows it a few minutes late. */
    private static final Duration PERIOD_OF_VALUES = Duration.ofMinutes(10);

    private final Supplier<CloudWatchClient> cloudWatch;
    private final Map<String, String> queues;
    private final Recent<Map<String, Age>> ages;

    /**
     * The age of the oldest message of a queue, or the reason why it is unknown.
     *
     * @param seconds the age, or null if the queue is empty or the age is unknown
     * @param problem why the age is unknown, or null
     */
    public record Age(Long seconds, String problem) {

        private static final Age EMPTY_QUEUE = new Age(null, null);

        private static Age unknown(String problem) {
            return new Age(null, problem);
        }
    }

    /**
     * @param cloudWatch returns the client, and is first called when a queue has messages
     * @param queues names, ARNs or URLs of the queues by their purpose
     * @param nanoTime the clock
     */
    public QueueAges(Supplier<CloudWatchClient> cloudWatch, Map<String, String> queues, LongSupplier nanoTime) {
        this.cloudWatch = cloudWatch;
        this.queues = new LinkedHashMap<>(queues);
        this.ages = new Recent<>(this::ask, CACHE, nanoTime);
    }

    /**
     * Returns the age of the oldest message of each of these queues by its purpose. Does not ask CloudWatch if all of them are empty.
     * If CloudWatch cannot be asked, the ages are unknown.
     */
    public Map<String, Age> of(List<QueueDepths.State> states) {
        boolean empty = states.stream().allMatch(QueueAges::isEmpty);
        Map<String, Age> known = empty ? Map.of() : ages.get();
        return states.stream()
                .collect(Collectors.toMap(
                        QueueDepths.State::name, state -> isEmpty(state) ? Age.EMPTY_QUEUE : known.get(state.name())));
    }

    private static boolean isEmpty(QueueDepths.State state) {
        return state.depth() != null && state.depth().isEmpty();
    }

    private Map<String, Age> ask() {
        Map<String, Age> result = new HashMap<>();
        try {
            Instant now = Instant.now();
            List<MetricDataResult> answer = cloudWatch
                    .get()
                    .getMetricData(request -> request.metricDataQueries(queries())
                            .startTime(now.minus(PERIOD_OF_VALUES))
                            .endTime(now)
                            .scanBy(ScanBy.TIMESTAMP_DESCENDING)
                            .overrideConfiguration(configuration -> configuration.apiCallTimeout(TIMEOUT)))
                    .metricDataResults();
            answer.forEach(metric -> result.put(metric.id(), age(metric)));
        } catch (RuntimeException e) { // not only SdkException: an emulator without CloudWatch may return anything
            queues.keySet().forEach(name -> result.put(name, Age.unknown("CloudWatch: " + Failure.error(e))));
        }
        queues.keySet().forEach(name -> result.putIfAbsent(name, noValue()));
        return result;
    }

    private List<MetricDataQuery> queries() {
        return queues.entrySet().stream()
                .map(queue -> MetricDataQuery.builder()
                        .id(queue.getKey())
                        .metricStat(statistic -> statistic
                                .metric(metric -> metric.namespace("AWS/SQS")
                                        .metricName("ApproximateAgeOfOldestMessage")
                                        .dimensions(dimension(queue.getValue())))
                                .period(60)
                                .stat("Maximum"))
                        .build())
                .toList();
    }

    private static Dimension dimension(String queue) {
        return Dimension.builder()
                .name("QueueName")
                .value(queue.replaceFirst(".*[/:]", ""))
                .build();
    }

    private static Age age(MetricDataResult metric) {
        if (!metric.values().isEmpty()) {
            return new Age(Math.round(metric.values().get(0)), null);
        }
        return metric.messages().isEmpty()
                ? noValue()
                : Age.unknown("CloudWatch: " + metric.messages().get(0).value());
    }

    private static Age noValue() {
        return Age.unknown("CloudWatch has no value of the last " + PERIOD_OF_VALUES.toMinutes()
                + " minutes. SQS sends the first one minutes after a message.");
    }
}
