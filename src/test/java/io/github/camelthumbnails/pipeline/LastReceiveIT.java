// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.Message;

/** Tests that an event that fails on every receive is reported once or moves to the dead-letter queue. */
@Tag("long")
class LastReceiveIT {

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 40, 20);

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withFaults()
            .withShortTimes()
            .with("events.visibilityTimeout", "4")
            .withMaxReceiveCount(2)
            .with("events.retries", "1")
            .with("events.retryDelay", "10")
            .with("events.pauseAfterFailures", "1000");

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    @ParameterizedTest
    @CsvSource({
        "S3, GetObject, 500, InternalError, ServiceUnavailable",
        "S3, GetObject, 503, SlowDown, ServiceUnavailable",
        "S3, GetObject, 403, ExpiredToken, CredentialsRejected",
        "S3, GetObject, 404, NoSuchBucket, ResourceMissing",
        "S3, HeadObject, 500, InternalError, ServiceUnavailable",
        "S3, PutObject, 503, ServiceUnavailable, ServiceUnavailable",
        "S3, PutObject, 400, BadDigest, ServiceUnavailable"
    })
    void permanentFaultIsReportedOnceOnTheLastReceive(
            Service service, String operation, int status, String code, String reason) {
        String key = "lasting " + service + operation + code;
        PIPELINE.faults.fail(service, operation, Fault.error(status, code));

        PIPELINE.store(key, PHOTO);

        Message failure = PIPELINE.awaitFailure(key);
        assertThat(failure.messageAttributes().get("reason").stringValue()).isEqualTo(reason);
        assertThat(failure.messageAttributes().get("attempts").stringValue()).isEqualTo("2");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures(key)).hasSize(1);
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
    }

    @Test
    void failureIsReportedEvenIfItCannotBeRecorded() {
        PIPELINE.faults.fail(Service.DYNAMODB, null, Fault.error(500, "InternalServerError"));

        PIPELINE.store("not noted", PHOTO);

        assertThat(PIPELINE.awaitFailure("not noted")
                        .messageAttributes()
                        .get("reason")
                        .stringValue())
                .isEqualTo("ServiceUnavailable");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures("not noted")).hasSize(1);
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
    }

    @Test
    void eventWhoseFailureCannotBeSentMovesToTheDeadLetterQueue() {
        PIPELINE.faults.fail(Service.SQS, "SendMessage", Fault.error(400, "AccessDeniedException"));

        PIPELINE.store("not sent", new byte[] {1});

        Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.dead()) == 1);
        assertThat(PIPELINE.failures("not sent")).isEmpty();
        String dead = PIPELINE.url(PIPELINE.resources.dead());
        assertThat(PIPELINE.sqs
                        .receiveMessage(request -> request.queueUrl(dead))
                        .messages())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.body()).contains("not+sent");
                    PIPELINE.sqs.deleteMessage(
                            request -> request.queueUrl(dead).receiptHandle(message.receiptHandle()));
                });
    }
}
