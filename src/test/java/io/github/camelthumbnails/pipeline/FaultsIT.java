// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Rule;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.sqs.model.Message;

/** Tests uploads and thumbnails while AWS is slow, rejects requests, closes connections or is unreachable. */
@Tag("long")
class FaultsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withFaults()
            .with("aws.timeoutSeconds", "1")
            .with("image.timeoutSeconds", "3")
            .with("events.visibilityTimeout", "8")
            .with("events.retryDelay", "20")
            .with("events.backoffSeconds", "1")
            .with("events.maxBackoffSeconds", "2")
            .with("events.pauseSeconds", "1");

    /** Noise, which does not compress, so that a truncated response really truncates the picture. */
    private static final byte[] PHOTO = Pictures.noise(ImageFormat.JPEG, 200, 100);

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
        PIPELINE.faults.listenAgain();
    }

    /** Returns each fault in each call that is needed for a thumbnail. */
    static Stream<Arguments> faultsOfThumbnails() {
        return Stream.of(
                        Arguments.of(Service.S3, "GetObject"),
                        Arguments.of(Service.S3, "HeadObject"),
                        Arguments.of(Service.S3, "PutObject"),
                        Arguments.of(Service.DYNAMODB, "PutItem"),
                        Arguments.of(Service.SQS, "ReceiveMessage"),
                        Arguments.of(Service.SQS, "DeleteMessage"))
                .flatMap(call -> faults((Service) call.get()[0])
                        .map(fault -> Arguments.of(call.get()[0], call.get()[1], fault)));
    }

    private static Stream<Fault> faults(Service service) {
        String throttled =
                switch (service) {
                    case S3 -> "SlowDown";
                    case SQS -> "RequestThrottled";
                    case DYNAMODB -> "ProvisionedThroughputExceededException";
                    case MONITORING -> "Throttling";
                };
        return Stream.of(
                Fault.refuse(),
                Fault.hang(),
                Fault.delay(Duration.ofMillis(300)),
                Fault.error(500, "InternalError"),
                Fault.error(service == Service.S3 ? 503 : 400, throttled),
                Fault.cutRequest(),
                Fault.cutResponse(),
                Fault.loseResponse());
    }

    @ParameterizedTest
    @MethodSource("faultsOfThumbnails")
    void thumbnailIsCreatedAfterATemporaryFault(Service service, String operation, Fault fault) {
        String key = service + " " + operation + " " + fault;
        // After two failed polls, the consumer would pause.
        Rule rule = PIPELINE.faults.fail(service, operation, fault).times(operation.equals("ReceiveMessage") ? 1 : 2);

        PIPELINE.store(key, PHOTO);

        assertThat(PIPELINE.awaitItem(key)).containsEntry("width", AttributeValue.fromN("100"));
        assertThat(Pictures.decode(PIPELINE.awaitThumbnail(key).asByteArray()).getHeight())
                .isEqualTo(50);
        Pipeline.await().until(() -> rule.hits() > 0);
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures(key)).isEmpty();
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "S3, GetObject, 403, AccessDenied, AccessDenied",
        "S3, GetObject, 403, InvalidObjectState, ObjectArchived",
        "S3, PutObject, 403, AccessDenied, AccessDenied",
        "S3, PutObject, 400, InvalidRequest, RequestRefused",
        "DYNAMODB, PutItem, 400, ValidationException, RequestRefused",
        "DYNAMODB, PutItem, 400, AccessDeniedException, AccessDenied"
    })
    void rejectionByAwsIsReportedWithoutRetries(
            Service service, String operation, int status, String code, String reason) {
        String key = "refused " + service + operation + code;
        // Recording the failure is a PutItem, too.
        PIPELINE.faults.fail(service, operation, Fault.error(status, code)).times(1);

        PIPELINE.store(key, PHOTO);

        Message failure = PIPELINE.awaitFailure(key);
        assertThat(failure.messageAttributes().get("reason").stringValue()).isEqualTo(reason);
        assertThat(failure.messageAttributes().get("attempts").stringValue()).isEqualTo("1");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures(key)).hasSize(1);
    }

    @Test
    void eventIsRedeliveredWhileItsFailureCannotBeReported() {
        Rule rule = PIPELINE.faults.fail(Service.SQS, "SendMessage", Fault.error(500, "InternalError"));
        String bucket = PIPELINE.resources.originals();
        PIPELINE.store("good", PHOTO);

        PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "missing") + ","
                + PIPELINE.record("ObjectCreated:Put", bucket, "good") + "]}");
        Pipeline.await().until(() -> rule.hits() > 3);
        PIPELINE.awaitThumbnail("good");
        assertThat(PIPELINE.failures("missing")).isEmpty();
        assertThat(PIPELINE.count(PIPELINE.resources.events())).isPositive();

        rule.remove();
        assertThat(PIPELINE.awaitFailure("missing")
                        .messageAttributes()
                        .get("reason")
                        .stringValue())
                .isEqualTo("ObjectNotFound");
        PIPELINE.awaitNoEvents();
    }

    @Test
    void eventIsRedeliveredWhileItsFailureCannotBeRecorded() {
        Rule rule = PIPELINE.faults.fail(Service.DYNAMODB, "PutItem", Fault.error(500, "InternalServerError"));

        PIPELINE.store("not noted", new byte[] {1});
        Pipeline.await().until(() -> rule.hits() > 4);
        assertThat(PIPELINE.failures("not noted")).isEmpty();
        rule.remove();

        PIPELINE.awaitFailure("not noted");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures("not noted")).hasSize(1);
        assertThat(PIPELINE.failedItem("not noted")).containsKey("reportedAt");
    }

    @Test
    void failureIsReportedOnceIfItsReportCannotBeRecorded() {
        Rule rule = PIPELINE.faults.fail(Service.DYNAMODB, "UpdateItem", Fault.error(500, "InternalServerError"));

        PIPELINE.store("sent", new byte[] {1});

        Pipeline.await().until(() -> rule.hits() > 0);
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failedItem("sent")).containsKey("reason").doesNotContainKey("reportedAt");
        assertThat(PIPELINE.failures("sent")).hasSize(1);
    }

    @Test
    void failureIsRecordedAfterATemporaryFault() {
        PIPELINE.faults
                .fail(Service.DYNAMODB, "PutItem", Fault.error(400, "ThrottlingException"))
                .times(1);

        PIPELINE.store("noted", new byte[] {1});

        Map<String, AttributeValue> item =
                Pipeline.await().until(() -> PIPELINE.failedItem("noted"), found -> !found.isEmpty());
        assertThat(item)
                .containsEntry("reason", AttributeValue.fromS("UnsupportedFormat"))
                .containsEntry("eTag", AttributeValue.fromS("55a54008ad1ba589aa210d2629c1df41"))
                .containsKeys("bucket", "error", "failedAt");
        assertThat(Long.parseLong(item.get("expiresAt").n()))
                .isEqualTo(Instant.parse(item.get("failedAt").s())
                        .plus(Duration.ofDays(30))
                        .getEpochSecond());
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures("noted")).hasSize(1);
    }

    @Test
    void nothingIsLostWhileAwsIsUnreachable() {
        PIPELINE.faults.stopListening();
        IntStream.range(0, 10).forEach(i -> PIPELINE.store("outage " + i, PHOTO));

        PIPELINE.faults.listenAgain();

        IntStream.range(0, 10).forEach(i -> PIPELINE.awaitItem("outage " + i));
        PIPELINE.awaitNoEvents();
    }

    /** Any fault in any call. Everything that fails in four attempts must be on the failure queue. */
    @Test
    void everyOriginalHasAThumbnailOrAFailureAfterRandomFaults() {
        List<Fault> faults = Stream.concat(faults(Service.S3), Stream.of(Fault.error(403, "AccessDenied")))
                .filter(fault -> !fault.toString().equals("hang"))
                .toList();
        PIPELINE.faults.chaos(new Random(3), 0.2, faults);
        List<String> keys = IntStream.range(0, 25).mapToObj(i -> "chaos " + i).toList();
        keys.forEach(key -> PIPELINE.store(key, PHOTO));

        Pipeline.await().until(() -> keys.stream().allMatch(PIPELINE::isDone));
        PIPELINE.faults.reset();
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
    }

    @Test
    void responseForAnArchivedObjectSaysToRestoreIt() throws Exception {
        PIPELINE.store("archived", PHOTO);
        PIPELINE.awaitItem("archived");
        PIPELINE.faults.fail(Service.S3, "GetObject", Fault.error(403, "InvalidObjectState"));

        HttpResponse<byte[]> response = PIPELINE.read("GET", PIPELINE.path("archived"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(new String(response.body(), UTF_8)).contains("archive storage class. Restore it in S3");
    }

    static Stream<Fault> faultsOfUploads() {
        return faults(Service.S3).filter(fault -> !fault.toString().startsWith("delay"));
    }

    @ParameterizedTest
    @MethodSource("faultsOfUploads")
    void uploadThatIsNotStoredIsNotAcknowledged(Fault fault) throws Exception {
        String key = "upload " + fault;
        byte[] large = Arrays.copyOf(PHOTO, 2_000_000);
        PIPELINE.awaitNoEvents(); // or the fault could hit another thumbnail
        PIPELINE.faults.fail(Service.S3, "PutObject", fault).times(1);

        HttpResponse<String> response = PIPELINE.put(PIPELINE.path(key), large);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertNoHalfObject(key, large.length);

        PIPELINE.upload(key, PHOTO); // the client tries again
        assertThat(PIPELINE.awaitItem(key)).isNotEmpty();
    }

    @Test
    void uploadWaitsForASlowResponse() throws Exception {
        PIPELINE.faults.fail(Service.S3, "PutObject", Fault.delay(Duration.ofMillis(500)));

        PIPELINE.upload("slow", PHOTO);
    }

    @Test
    void uploadIsAnsweredWhileAwsIsUnreachable() throws Exception {
        PIPELINE.faults.stopListening();

        HttpResponse<String> response = PIPELINE.put(PIPELINE.path("nowhere"), PHOTO);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    private static void assertNoHalfObject(String key, int length) {
        try {
            assertThat(PIPELINE.s3
                            .headObject(request -> request.bucket(PIPELINE.resources.originals())
                                    .key(key))
                            .contentLength())
                    .as("the object was stored, and only the response was lost")
                    .isEqualTo(length);
        } catch (NoSuchKeyException e) {
            // Not stored, as the response said.
        }
    }
}
