// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.event.EventsPolling;
import io.github.camelthumbnails.failure.OutageLog;
import java.lang.reflect.Proxy;
import java.util.Properties;
import java.util.function.Supplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;

class AwsReadinessTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final EventsPolling polling = new EventsPolling(new OutageLog());
    private final AwsReadiness readiness = new AwsReadiness();
    private volatile RuntimeException s3Error;
    private volatile RuntimeException dynamoDbError;

    private void start(String roles) throws Exception {
        Properties settings = new Properties();
        settings.put("app.roles", roles);
        settings.put("originals.bucket", "originals");
        settings.put("thumbnails.bucket", "thumbnails");
        settings.put("thumbnails.table", "thumbnails");
        settings.put("failures.table", "failures");
        context.getPropertiesComponent().setInitialProperties(settings);
        context.getRegistry().bind("outageLog", new OutageLog());
        context.getRegistry().bind("eventsPolling", polling);
        context.getRegistry()
                .bind(
                        "s3Client",
                        client(
                                S3Client.class,
                                () -> s3Error,
                                ListObjectsV2Response.builder().build()));
        context.getRegistry()
                .bind(
                        "dynamoDbClient",
                        client(
                                DynamoDbClient.class,
                                () -> dynamoDbError,
                                GetItemResponse.builder().build()));
        readiness.setCamelContext(context);
        readiness.configure(context);
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void uploadIsReadyAfterS3AndDynamoDbHaveRespondedAndStaysReady() throws Exception {
        s3Error = SdkClientException.create("connection refused");
        dynamoDbError = error(500, "InternalServerError");
        start("upload");
        awaitDown(
                "No response since the start from the S3 bucket originals, the S3 bucket thumbnails: connection refused; "
                        + "No response since the start from the DynamoDB table thumbnails, the DynamoDB table failures: No");

        s3Error = null;
        awaitDown("No response since the start from the DynamoDB table thumbnails, the DynamoDB table failures: No");

        dynamoDbError = null;
        awaitUp();

        s3Error = SdkClientException.create("connection refused");
        dynamoDbError = error(500, "InternalServerError");
        assertThat(readiness.call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void workerIsReadyWhilePollingSucceeds() throws Exception {
        start("thumbnail");
        awaitDown("The events queue has not been polled since the start");

        polling.commit(null, null, 0);
        awaitUp();

        polling.rollback(null, context.getEndpoint("direct:events"), 0, SdkClientException.create("refused"));
        awaitDown("The events queue cannot be polled: refused");

        polling.commit(null, null, 0);
        awaitUp();
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, true",
        "404, NoSuchBucket, true",
        "301, PermanentRedirect, true",
        "400, ResourceNotFoundException, true",
        "400, AccessDeniedException, true",
        "500, InternalError, false",
        "503, SlowDown, false",
        "400, ThrottlingException, false",
        "408, RequestTimeout, false",
        "403, RequestTimeTooSkewed, false",
        "400, ExpiredToken, false",
        "403, InvalidAccessKeyId, false",
        "400, UnrecognizedClientException, false"
    })
    void permanentErrorCountsAsAResponse(int status, String code, boolean answer) {
        assertThat(AwsReadiness.isResponse(error(status, code))).isEqualTo(answer);
    }

    @Test
    void rejectedRequestsDoNotPreventReadiness() throws Exception {
        s3Error = error(403, "AccessDenied");
        start("upload");

        awaitUp();
    }

    private void awaitDown(String message) {
        Awaitility.await().untilAsserted(() -> {
            assertThat(readiness.call().getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(readiness.call().getMessage().orElse("")).startsWith(message);
        });
    }

    private void awaitUp() {
        Awaitility.await()
                .untilAsserted(() -> assertThat(readiness.call().getState()).isEqualTo(HealthCheck.State.UP));
    }

    private static RuntimeException error(int status, String code) {
        return S3Exception.builder()
                .statusCode(status)
                .message("No")
                .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                .build();
    }

    private static <T> T client(Class<T> type, Supplier<RuntimeException> error, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getReturnType().isInstance(answer)) {
                if (error.get() != null) {
                    throw error.get();
                }
                return answer;
            }
            return switch (method.getName()) {
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == args[0];
                case "toString" -> type.getSimpleName();
                default -> null;
            };
        }));
    }
}
