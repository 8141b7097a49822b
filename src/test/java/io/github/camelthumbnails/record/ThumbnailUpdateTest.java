// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class ThumbnailUpdateTest {

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    private final OneObject s3 = new OneObject();
    private final ThumbnailUpdate update = new ThumbnailUpdate(s3, "originals");

    /** A client that knows the answer to a HEAD of one object. */
    private static final class OneObject implements S3Client {

        private String eTag;
        private RuntimeException error;
        private HeadObjectRequest request;

        @Override
        public HeadObjectResponse headObject(HeadObjectRequest request) {
            this.request = request;
            if (error != null) {
                throw error;
            }
            if (eTag == null) {
                throw NoSuchKeyException.builder().statusCode(404).build();
            }
            return HeadObjectResponse.builder().eTag(eTag).build();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void startAttempt() {
        exchange.setProperty("objectKey", "a ${env:HOME}.jpg");
        update.start(exchange);
    }

    @ParameterizedTest
    @CsvSource({"e1, e1, false", "e1, e2, true", "e1, , true", ", e1, true", ", , false"})
    void updateIsOutdatedIfTheOriginalIsNoLongerTheOneWorkedOn(String worked, String present, boolean outdated) {
        exchange.setVariable("sourceETag", worked);
        s3.eTag = present;

        update.compareOriginal(exchange);

        assertThat(exchange.getProperty("outdated")).isEqualTo(outdated);
        assertThat(s3.request.bucket()).isEqualTo("originals");
        assertThat(s3.request.key()).isEqualTo("a ${env:HOME}.jpg");
    }

    @Test
    void resultOfAnOutdatedPassIsForgotten() {
        recordProblem("e1");
        s3.eTag = "e2";

        update.compareOriginal(exchange);

        assertNothingIsKnown();
    }

    @Test
    void problemOfThePresentOriginalIsKept() {
        recordProblem("e1");
        s3.eTag = "e1";

        update.compareOriginal(exchange);

        assertThat(exchange.getProperties()).containsKey("problem");
        assertThat(exchange.getVariables()).containsKeys("sourceETag", "sourceVersionId", "sourceSize");
    }

    @Test
    void nextAttemptIsCountedAndStartsAfresh() {
        assertThat(exchange.getProperty("attempts")).isEqualTo("1");
        recordProblem("e1");
        s3.eTag = "e1";
        update.compareOriginal(exchange);

        update.start(exchange);

        assertThat(exchange.getProperty("attempts")).isEqualTo("2");
        assertNothingIsKnown();
    }

    @Test
    void updateStaysOutdatedIfTheOriginalIsUnknown() {
        s3.error = S3Exception.builder().statusCode(403).build();

        assertThatThrownBy(() -> update.compareOriginal(exchange)).isSameAs(s3.error);

        assertThat(exchange.getProperty("outdated")).isEqualTo(true);
    }

    private void recordProblem(String eTag) {
        exchange.setProperty("problem", new IllegalStateException());
        exchange.setVariable("sourceETag", eTag);
        exchange.setVariable("sourceVersionId", "v1");
        exchange.setVariable("sourceSize", 1L);
    }

    private void assertNothingIsKnown() {
        assertThat(exchange.getProperties()).containsEntry("outdated", true).doesNotContainKey("problem");
        assertThat(exchange.getVariables()).isEmpty();
    }
}
