// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

class QueueDepthsTest {

    private final List<String> asked = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private volatile Waiting beforeAnswer = () -> {};

    @Test
    void depthsAreAskedForOnceInTenSeconds() {
        QueueDepths depths = depths();

        assertThat(depths.list()).extracting(QueueDepths.State::name).containsExactly("events", "dead");
        assertThat(depths.list().get(0).depth()).isEqualTo(new QueueDepth("events", 3, 2, 1));
        nanos.addAndGet(Duration.ofMillis(9_999).toNanos());
        depths.list();
        assertThat(asked).containsExactly("image-events", "image-events-dead");

        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        depths.list();
        assertThat(asked).hasSize(4);
    }

    @Test
    void missingQueueIsUnknownAndTheOthersAreNot() {
        QueueDepths.State dead = depths().list().get(1);

        assertThat(dead.depth()).isNull();
        assertThat(dead.problem()).startsWith("image-events-dead: ").contains("no such queue");
    }

    @Test
    @Timeout(60)
    void othersAreToldWhatWasKnownWhileOneWaitsForSqs() throws Exception {
        QueueDepths depths = depths();
        List<QueueDepths.State> known = depths.list();
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        beforeAnswer = () -> {
            waiting.countDown();
            answer.await();
        };
        Thread first = new Thread(depths::list);
        first.start();
        waiting.await();

        assertThat(depths.list()).isSameAs(known);

        answer.countDown();
        first.join();
        assertThat(depths.list()).isNotSameAs(known);
    }

    /** Runs before each response of SQS. */
    private interface Waiting {
        void run() throws InterruptedException;
    }

    private QueueDepths depths() {
        Map<String, String> queues = new LinkedHashMap<>();
        queues.put("events", "image-events");
        queues.put("dead", "image-events-dead");
        return new QueueDepths(sqs(), queues, nanos::get);
    }

    @SuppressWarnings("unchecked")
    private SqsClient sqs() {
        return (SqsClient) Proxy.newProxyInstance(
                SqsClient.class.getClassLoader(), new Class<?>[] {SqsClient.class}, (proxy, method, arguments) -> {
                    GetQueueAttributesRequest.Builder request = GetQueueAttributesRequest.builder();
                    ((Consumer<GetQueueAttributesRequest.Builder>) arguments[0]).accept(request);
                    String queue = request.build().queueUrl();
                    asked.add(queue);
                    beforeAnswer.run();
                    if (queue.equals("image-events-dead")) {
                        throw QueueDoesNotExistException.builder()
                                .message("no such queue")
                                .build();
                    }
                    return GetQueueAttributesResponse.builder()
                            .attributes(Map.of(
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                    "3",
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                                    "2",
                                    QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
                                    "1"))
                            .build();
                });
    }
}
