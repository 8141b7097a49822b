// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class OutageLogTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE); // System.nanoTime() may overflow
    private final List<String> lines = new ArrayList<>();
    private final OutageLog log = new OutageLog(clock::get, lines::add, lines::add);

    @Test
    void causeIsLoggedOnceAMinuteWithTheNumberOfSuppressedLines() {
        log.warn("s3", "S3 is away");
        later(Duration.ofSeconds(30));
        log.warn("s3", "S3 is away");
        later(Duration.ofSeconds(29));
        log.warn("s3", "S3 is away");
        assertThat(lines).containsExactly("S3 is away");

        later(Duration.ofSeconds(1));
        log.warn("s3", "S3 is away");
        later(Duration.ofSeconds(61));
        log.warn("s3", "S3 is away");

        assertThat(lines)
                .containsExactly("S3 is away", "S3 is away (repeated 2 times since the last line)", "S3 is away");
    }

    @Test
    void causesDoNotSuppressEachOther() {
        log.warn("s3", "S3 is away");
        log.warn("sqs", "SQS is away");

        assertThat(lines).containsExactly("S3 is away", "SQS is away");
    }

    @Test
    void recoveryIsLoggedOncePerLoggedOutage() {
        log.logRecovery("s3", "S3 is back");
        log.warn("s3", "S3 is away");
        log.logRecovery("s3", "S3 is back");
        log.logRecovery("s3", "S3 is back");
        later(Duration.ofSeconds(1));
        log.warn("s3", "S3 is away");
        log.logRecovery("s3", "S3 is back");

        assertThat(lines).containsExactly("S3 is away", "S3 is back");
    }

    @Test
    void causeDependsOnServiceAndErrorTypeButNotOnRequestIds() {
        assertThat(OutageLog.cause("aws2-s3", error(503, "SlowDown", "1")))
                .isEqualTo(OutageLog.cause("aws2-s3", error(503, "SlowDown", "2")))
                .isNotEqualTo(OutageLog.cause("aws2-s3", error(500, "InternalError", "1")))
                .isNotEqualTo(OutageLog.cause("aws2-ddb", error(503, "SlowDown", "1")));
        assertThat(OutageLog.cause("aws2-s3", refused("to 10.0.0.1")))
                .isEqualTo(OutageLog.cause("aws2-s3", refused("to 10.0.0.2")))
                .isNotEqualTo(OutageLog.cause("aws2-s3", new IOException("closed")));
    }

    @Test
    void failedExchangeIsLoggedWithRouteServiceAndError() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            for (int i = 0; i < 3; i++) {
                Exchange exchange = new DefaultExchange(context);
                exchange.setProperty(Exchange.EXCEPTION_CAUGHT, refused("to 10.0.0." + i));
                exchange.setProperty(Exchange.FAILURE_ROUTE_ID, "upload-image");
                exchange.setProperty(Exchange.FAILURE_ENDPOINT, "aws2-s3://originals?keyName=a");
                log.warnOf(exchange);
            }
        }

        assertThat(lines)
                .containsExactly("Route upload-image failed at aws2-s3://originals: not connected to 10.0.0.0");
    }

    @Test
    void failedBeanIsLoggedWithRouteAndError() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(context);
            exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new IllegalStateException("bug"));
            exchange.setProperty(Exchange.FAILURE_ROUTE_ID, "upload-image");
            log.warnOf(exchange);
        }

        assertThat(lines).containsExactly("Route upload-image failed: bug");
    }

    private void later(Duration duration) {
        clock.addAndGet(duration.toNanos());
    }

    private static S3Exception error(int status, String code, String requestId) {
        return (S3Exception) S3Exception.builder()
                .statusCode(status)
                .requestId(requestId)
                .message("No")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    private static SdkClientException refused(String text) {
        return SdkClientException.create("not connected " + text, new ConnectException("refused " + text));
    }
}
