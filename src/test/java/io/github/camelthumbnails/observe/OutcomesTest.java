// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.event.ImageEvent.Kind;
import io.github.camelthumbnails.event.ImageEvents;
import io.github.camelthumbnails.event.NotAnS3EventException;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Thumbnail;
import io.github.camelthumbnails.rendition.Rendition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Tests the line and the count of each outcome of an event. LogsIT tests them with the routes. */
class OutcomesTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Outcomes outcomes = new Outcomes(new Meters(registry));
    private final CapturedLog log = new CapturedLog("outcomes");
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @AfterEach
    void closeLog() {
        log.close();
    }

    private void event(Kind kind, String key, Instant time) {
        ImageEvent event = new ImageEvent(kind, "Name", "originals", key, "event-tag", null, time, null);
        ImageEvent.setProperties(exchange, event, "message-1", 0);
    }

    private double events(String kind, String outcome) {
        assertThat(registry.find("image.events").counters().stream()
                        .mapToDouble(each -> each.count())
                        .sum())
                .as("one count")
                .isEqualTo(1);
        return registry.get("image.events")
                .tags("kind", kind, "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void createdRenditionsAreListedWithTheirOriginal() {
        event(Kind.CREATED, "a.jpg", Instant.now().minusSeconds(5));
        exchange.setVariable("sourceETag", "\"e1\"");
        exchange.setVariable(
                "renditions",
                List.of(
                        new Rendition("k1", new Thumbnail("card", new byte[100], ImageFormat.WEBP, 40, 30)),
                        new Rendition("k2", new Thumbnail("icon", new byte[11], ImageFormat.PNG, 4, 3))));

        outcomes.logAndCount(exchange);

        assertThat(log.line())
                .containsEntry("level", "INFO")
                .containsEntry("message", "Thumbnail of a.jpg: [card 40x30, icon 4x3]")
                .containsEntry("outcome", "created")
                .containsEntry("result", "success")
                .containsEntry("key", "a.jpg")
                .containsEntry("bucket", "originals")
                .containsEntry("eTag", "e1")
                .containsEntry("bytes", "111")
                .containsEntry("messageId", "message-1")
                .containsEntry("exchangeId", exchange.getExchangeId())
                .containsKey("ms")
                .doesNotContainKeys("reason", "traceId", "status");
        assertThat(Long.parseLong(log.line().get("delayMs"))).isBetween(5_000L, 65_000L);
        assertThat(events("created", "created")).isOne();
        assertThat(registry.get("thumbnails").tag("format", "webp").counter().count())
                .isOne();
        assertThat(registry.get("thumbnails").tag("format", "png").counter().count())
                .isOne();
        assertThat(registry.get("image.queue.delay").timer().totalTime(TimeUnit.SECONDS))
                .isBetween(5.0, 65.0);
    }

    @Test
    void eventFromTheFutureHasNoNegativeDelay() {
        event(Kind.CREATED, "a.jpg", Instant.now().plusSeconds(60));
        exchange.setVariable("renditions", List.of());

        outcomes.logAndCount(exchange);

        assertThat(log.line()).containsEntry("delayMs", "0");
    }

    @Test
    void eventWithoutATimeHasNoDelay() {
        event(Kind.CREATED, "a.jpg", null);
        exchange.setVariable("renditions", List.of());

        outcomes.logAndCount(exchange);

        assertThat(log.line()).doesNotContainKey("delayMs");
        assertThat(registry.find("image.queue.delay").timers()).allMatch(timer -> timer.count() == 0);
    }

    @Test
    void removalIsToldApartFromARenditionOfAnOriginalThatIsThereAgain() {
        event(Kind.REMOVED, "a.jpg", null);

        outcomes.logAndCount(exchange);

        assertThat(log.line())
                .containsEntry("outcome", "removed")
                .containsEntry("message", "Removed the thumbnail of a.jpg");
        assertThat(events("removed", "removed")).isOne();
    }

    @Test
    void reportedFailureIsAWarningWithItsReason() {
        event(Kind.CREATED, "a.jpg", null);
        exchange.setProperty(
                "failure", NoSuchKeyException.builder().message("gone").build());
        exchange.setProperty("reports", true);
        exchange.setVariable("renditions", List.of()); // of an attempt before

        outcomes.logAndCount(exchange);

        assertThat(log.line())
                .containsEntry("level", "WARN")
                .containsEntry("message", "No thumbnail of a.jpg: ObjectNotFound: gone")
                .containsEntry("outcome", "failed")
                .containsEntry("result", "failure")
                .containsEntry("reason", "ObjectNotFound")
                .containsEntry("eTag", "event-tag");
        assertThat(events("created", "failed")).isOne();
        assertThat(registry.get("thumbnail.failures")
                        .tag("reason", "ObjectNotFound")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void failureThatAnotherEventHasReportedIsIgnored() {
        event(Kind.CREATED, "a.jpg", null);
        exchange.setProperty(
                "failure", NoSuchKeyException.builder().message("gone").build());
        exchange.setProperty("reports", false);

        outcomes.logAndCount(exchange);

        assertThat(log.line())
                .containsEntry("level", "INFO")
                .containsEntry("outcome", "ignored")
                .containsEntry("reason", "ObjectNotFound")
                .containsEntry(
                        "message",
                        "Ignored Name of a.jpg in bucket originals: another event has reported that there is no thumbnail");
        assertThat(events("created", "ignored")).isOne();
        assertThat(registry.find("thumbnail.failures").counters()).allMatch(counter -> counter.count() == 0);
    }

    @Test
    void subscriptionIsAWarning() throws Exception {
        ImageEvent event = ImageEvents.read("{\"Type\":\"UnsubscribeConfirmation\",\"TopicArn\":\"arn\"}")
                .get(0);
        ImageEvent.setProperties(exchange, event, "message-1", 0);
        exchange.setProperty("ignored", event.summary());

        outcomes.logAndCount(exchange);

        assertThat(log.line())
                .containsEntry("level", "WARN")
                .containsEntry("outcome", "ignored")
                .doesNotContainKeys("key", "bucket", "eTag");
        assertThat(log.line().get("message")).startsWith("Ignored SNS sent UnsubscribeConfirmation for topic arn: ");
        assertThat(events("subscription", "ignored")).isOne();
    }

    @Test
    void messageThatIsNoEventHasALineAndPostponedEventHasNone() {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new NotAnS3EventException("it is not a JSON object"));
        exchange.getMessage().setHeader("CamelAwsSqsMessageId", "message-1");

        outcomes.logAndCountMalformed(exchange);

        assertThat(log.line())
                .containsEntry("level", "WARN")
                .containsEntry("outcome", "postponed")
                .containsEntry("messageId", "message-1")
                .containsEntry(
                        "message",
                        "Message message-1 is left on the events queue. Not an S3 event notification: it is not a JSON object");
        assertThat(events("malformed", "postponed")).isOne();

        event(Kind.RESTORED, "a.jpg", null);
        outcomes.countPostponed(exchange);

        assertThat(log.lines()).hasSize(1);
        assertThat(registry.get("image.events")
                        .tag("kind", "restored")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void pictureThatHasReplacedAFolderIsCreated() {
        event(Kind.FOLDER, "a/", null);
        exchange.setProperty("ignored", "the folder a/");
        exchange.setVariable("renditions", List.of());

        outcomes.logAndCount(exchange);

        assertThat(log.line()).containsEntry("outcome", "created");
        assertThat(events("folder", "created")).isOne();
    }

    @Test
    void brokenMetricsDoNotFailTheEvent() {
        Outcomes broken = new Outcomes(new Meters(new BrokenRegistry()));
        event(Kind.CREATED, "a.jpg", null);
        exchange.setVariable("renditions", List.of());

        assertThatNoException().isThrownBy(() -> broken.logAndCount(exchange));
        assertThatNoException().isThrownBy(() -> broken.logAndCountMalformed(exchange));
        assertThatNoException().isThrownBy(() -> broken.countPostponed(exchange));
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        event(Kind.REMOVED, "😀".repeat(1000), null);

        outcomes.logAndCount(exchange);

        Map<String, String> line = log.line();
        assertThat(line.get("key")).isEqualTo("😀".repeat(510) + "...").hasSizeLessThanOrEqualTo(1024);
        assertThat(line.get("message")).isEqualTo("Removed the thumbnail of " + line.get("key"));
    }
}
