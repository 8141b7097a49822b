// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

@Timeout(60)
class EventsWaitingTest {

    private final Queue queue = new Queue();
    private final EventsWaiting waiting = new EventsWaiting(queue, "image-events");

    private static final class Queue implements SqsClient {

        private final CountDownLatch asked = new CountDownLatch(1);
        private final CountDownLatch answers = new CountDownLatch(1);
        private String messages = "12";
        private int requests;

        @Override
        public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
            requests++;
            asked.countDown();
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (messages == null) {
                throw SdkClientException.create("Connection refused");
            }
            assertThat(request.queueUrl()).isEqualTo("image-events");
            return GetQueueAttributesResponse.builder()
                    .attributes(Map.of(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, messages))
                    .build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    @Test
    void numberIsTheOneOfTheLastResponse() {
        queue.answers.countDown();

        waiting.ask();
        assertThat(waiting.count()).isEqualTo(12);

        queue.messages = "3";
        waiting.ask();
        assertThat(waiting.count()).isEqualTo(3);
    }

    @Test
    void numberIsUnknownIfSqsFails() {
        queue.answers.countDown();
        waiting.ask();
        queue.messages = null;

        waiting.ask();

        assertThat(waiting.count()).isNaN();
    }

    @Test
    void readingNeitherWaitsNorAsks() throws Exception {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        try {
            waiting.start(executor);
            queue.asked.await();

            for (int i = 0; i < 100; i++) {
                assertThat(waiting.count()).isNaN(); // SQS has not responded yet
            }
            assertThat(queue.requests).isEqualTo(1);
        } finally {
            queue.answers.countDown();
            executor.shutdownNow();
            assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
