// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Rule;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests that all events are processed, without an operator, after an outage of a service that lasts longer than all
 * quick retries.
 *
 * <p>For a longer outage of each service, in seconds, run {@code mvn verify -Dit.test=OutageIT -Doutage.seconds=300}.
 */
@Tag("long")
class OutageIT {

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("outage.seconds", 5));
    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 40, 20);

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withFaults()
            .with("aws.timeoutSeconds", "1")
            .with("events.retries", "1")
            .with("events.retryDelay", "100")
            .with("events.backoffSeconds", "1")
            .with("events.maxBackoffSeconds", String.valueOf(Math.max(2, LENGTH.toSeconds() / 8)))
            .with("events.pauseSeconds", "1");

    static Stream<Arguments> outages() {
        return Stream.of(Service.S3, Service.SQS, Service.DYNAMODB)
                .flatMap(service -> Stream.of(Fault.error(500, "InternalError"), Fault.refuse(), Fault.hang())
                        .map(fault -> Arguments.of(service, fault)));
    }

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    @ParameterizedTest
    @MethodSource("outages")
    void everyEventIsProcessedAfterAnOutage(Service service, Fault fault) {
        String name = service + " " + fault + " ";
        List<String> keys =
                new ArrayList<>(IntStream.range(0, 25).mapToObj(i -> name + i).toList());
        keys.forEach(key -> PIPELINE.store(key, PHOTO));
        PIPELINE.awaitItem(keys.get(0)); // the others are in flight or waiting
        Instant end = Instant.now().plus(LENGTH);
        Rule rule = PIPELINE.faults.fail(service, null, fault);
        IntStream.range(25, 50).mapToObj(i -> name + i).forEach(key -> {
            PIPELINE.store(key, PHOTO);
            keys.add(key);
        });
        PIPELINE.store(name + "corrupt", new byte[] {1, 2, 3});
        Pipeline.await()
                .atMost(LENGTH.plusSeconds(30))
                .until(() -> Instant.now().isAfter(end) && rule.hits() > 10);
        assertThat(PIPELINE.count(PIPELINE.resources.events()))
                .as("waiting events")
                .isGreaterThan(25);
        assertThat(PIPELINE.failures())
                .as("failures during the outage")
                .doesNotContainKeys(keys.toArray(String[]::new));

        rule.remove();

        for (String key : keys) {
            assertThat(PIPELINE.awaitItem(key)).containsEntry("width", AttributeValue.fromN("20"));
            assertThat(Pictures.decode(PIPELINE.awaitThumbnail(key).asByteArray())
                            .getWidth())
                    .isEqualTo(20);
        }
        assertThat(PIPELINE.awaitFailure(name + "corrupt")).isNotNull();
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures()).doesNotContainKeys(keys.toArray(String[]::new));
        assertThat(PIPELINE.failures(name + "corrupt")).hasSize(1);
        assertThat(PIPELINE.failedItem(name + "corrupt")).containsKey("reportedAt");
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).as("dead letters").isZero();
    }
}
