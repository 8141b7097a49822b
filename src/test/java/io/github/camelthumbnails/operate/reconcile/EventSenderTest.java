// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.event.ImageEvents;
import io.github.camelthumbnails.operate.reconcile.Finding.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventSenderTest {

    private final MemoryQueue queue = new MemoryQueue();
    private final List<Duration> pauses = new ArrayList<>();
    private final EventSender sender = new EventSender(queue, "image-events", "originals", pauses::add);

    @Test
    void workerReadsWhatIsSent() throws Exception {
        sender.send(List.of(
                new Finding("a b+\uD83D\uDE00.jpg", "e1", Kind.MISSING),
                new Finding("b.jpg", "e2", Kind.STALE),
                new Finding("c.jpg", null, Kind.ORPHAN)));

        assertThat(queue.messages)
                .extracting(message -> message.messageGroupId())
                .containsOnly("reconcile");
        List<ImageEvent> events = new ArrayList<>();
        for (var message : queue.messages) {
            events.addAll(ImageEvents.read(message.messageBody()));
        }
        assertThat(events).extracting(ImageEvent::key).containsExactly("a b+\uD83D\uDE00.jpg", "b.jpg", "c.jpg");
        assertThat(events).extracting(ImageEvent::bucket).containsOnly("originals");
        assertThat(events).extracting(ImageEvent::eTag).containsExactly("e1", "e2", null);
        assertThat(events).extracting(ImageEvent::created).containsExactly(true, true, false);
        assertThat(events).extracting(ImageEvent::removed).containsExactly(false, false, true);
    }

    @Test
    void refusedMessagesAreSentAgain() {
        queue.refusedOnce.addAll(List.of("1", "3"));

        sender.send(findings(5));

        assertThat(queue.sizes).containsExactly(5, 2);
        assertThat(queue.messages).hasSize(5);
        assertThat(pauses).containsExactly(Duration.ofMillis(100));
    }

    @Test
    void messageThatIsAlwaysRefusedEndsTheRun() {
        queue.refused.add("0");

        assertThatThrownBy(() -> sender.send(findings(2)))
                .hasMessage("SQS does not accept an event: InternalError, Try again");
        assertThat(queue.sizes).hasSize(8);
    }

    @Test
    void messageThatIsInvalidIsNotSentAgain() {
        queue.refused.add("0");
        queue.senderFault = true;

        assertThatThrownBy(() -> sender.send(findings(1))).isInstanceOf(IllegalStateException.class);
        assertThat(queue.sizes).hasSize(1);
    }

    private static List<Finding> findings(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> new Finding("k" + i, "e", Kind.MISSING))
                .toList();
    }
}
