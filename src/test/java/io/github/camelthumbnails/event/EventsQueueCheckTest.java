// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class EventsQueueCheckTest {

    private static final String FOUR_DAYS = "345600";
    private static final String FOURTEEN_DAYS = "1209600";

    @Test
    void suitableQueueCausesNoWarning() {
        assertThat(warnings(12, FOUR_DAYS, FOURTEEN_DAYS)).isEmpty();
    }

    @Test
    void unknownRetentionPeriodCausesNoWarning() {
        assertThat(warnings(12, null, null)).isEmpty();
    }

    @Test
    void missingRedrivePolicyCausesAWarning() {
        SqsClient sqs = sqs(Map.of("image-events", Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, FOUR_DAYS)));

        assertThat(warnings(sqs)).singleElement().asString().startsWith("has no redrive policy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5  | 345600 | 1209600 | has a maxReceiveCount of 5: set it to at least 11",
                "12 | 3600   | 1209600 | keeps messages for 3600 s: set it to more than 12354",
                "12 | 345600 | 345600  | keeps messages for 345600 s and its dead-letter queue for 345600 s"
            })
    void unsuitableAttributeCausesAWarning(
            int maxReceiveCount, String retention, String deadRetention, String warning) {
        assertThat(warnings(maxReceiveCount, retention, deadRetention))
                .singleElement()
                .asString()
                .startsWith(warning);
    }

    private static List<String> warnings(int maxReceiveCount, String retention, String deadRetention) {
        Map<QueueAttributeName, String> events = new HashMap<>();
        events.put(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:r:1:image-events-dead\",\"maxReceiveCount\":" + maxReceiveCount
                        + "}");
        Map<QueueAttributeName, String> dead = new HashMap<>();
        if (retention != null) {
            events.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, retention);
            dead.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, deadRetention);
        }
        return warnings(sqs(Map.of("image-events", events, "image-events-dead", dead)));
    }

    private static List<String> warnings(SqsClient sqs) {
        List<String> warnings = new ArrayList<>();
        EventsQueueCheck.warn(
                sqs,
                "http://sqs/1/image-events",
                61,
                new RetryBackoff(Duration.ofSeconds(15), Duration.ofMinutes(15)),
                warnings::add);
        return warnings;
    }

    /** Creates a client that returns the given attributes, some of which ElasticMQ does not support. */
    private static SqsClient sqs(Map<String, Map<QueueAttributeName, String>> queues) {
        return new SqsClient() {
            @Override
            public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
                return GetQueueAttributesResponse.builder()
                        .attributes(queues.get(request.queueUrl().replaceFirst(".*/", "")))
                        .build();
            }

            @Override
            public String serviceName() {
                return "sqs";
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }
}
