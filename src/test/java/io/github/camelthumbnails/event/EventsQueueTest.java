// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

class EventsQueueTest {

    private static final int VISIBILITY_TIMEOUT = 60;

    private final List<ChangeMessageVisibilityRequest> requests = new ArrayList<>();
    private boolean throttled;

    private final SqsClient sqs = new SqsClient() {
        @Override
        public ChangeMessageVisibilityResponse changeMessageVisibility(ChangeMessageVisibilityRequest request) {
            requests.add(request);
            if (throttled) {
                throw SqsException.builder().message("Rate exceeded").build();
            }
            return ChangeMessageVisibilityResponse.builder().build();
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

    private final EventsQueue queue = new EventsQueue(
            sqs,
            "http://sqs/1/image-events",
            new RetryBackoff(Duration.ofSeconds(15), Duration.ofMinutes(15)),
            VISIBILITY_TIMEOUT);

    @Test
    void firstReceiveDoesNotChangeTheVisibilityTimeout() {
        queue.hideLonger("receipt", 1);
        queue.hideLonger("receipt", null);

        assertThat(requests).isEmpty();
    }

    @Test
    void redeliveredEventsGetDifferentVisibilityTimeouts() {
        for (int i = 0; i < 100; i++) {
            queue.hideLonger("receipt", 5);
        }

        assertThat(requests)
                .extracting(ChangeMessageVisibilityRequest::receiptHandle)
                .containsOnly("receipt");
        Set<Integer> times = new HashSet<>();
        requests.forEach(request -> times.add(request.visibilityTimeout()));
        assertThat(times).hasSizeGreaterThan(50).allMatch(seconds -> seconds >= 60 && seconds <= 300);
    }

    @Test
    void errorWhileExtendingTheVisibilityTimeoutIsIgnored() {
        throttled = true;

        queue.hideLonger("receipt", 2);

        assertThat(requests).hasSize(1);
    }
}
