// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Tests how responses of DynamoDB are handled. Integration tests evaluate the conditions of the requests. */
class FailureNotesTest {

    private final Table table = new Table();
    private final FailureNotes notes = new FailureNotes(table, "my-failures");

    @Test
    void newFailureIsRecordedAndReported() throws Exception {
        assertThat(claim("e1", false)).isTrue();

        assertThat(table.put.tableName()).isEqualTo("my-failures");
        assertThat(table.put.item())
                .isEqualTo(Map.of(
                        "name", AttributeValue.fromS("a.jpg"),
                        "bucket", AttributeValue.fromS("originals"),
                        "reason", AttributeValue.fromS("CorruptImage"),
                        "error", AttributeValue.fromS("cut off"),
                        "eTag", AttributeValue.fromS("e1"),
                        "failedAt", AttributeValue.fromS("2026-11-24T01:02:03Z"),
                        "expiresAt", AttributeValue.fromN("1798074123"), // thirty days later
                        "eventId", AttributeValue.fromS("event")));
        assertThat(table.put.expressionAttributeValues())
                .containsEntry(":anHourAgo", AttributeValue.fromS("2026-11-24T00:02:03Z"))
                .containsEntry(":eTag", AttributeValue.fromS("e1"));
    }

    @Test
    void unknownEntityTagIsLeftOut() throws Exception {
        assertThat(claim(null, false)).isTrue();

        assertThat(table.put.item()).doesNotContainKey("eTag");
        assertThat(table.put.conditionExpression()).endsWith(" OR attribute_exists(#eTag)");
        assertThat(table.put.expressionAttributeValues()).doesNotContainKey(":eTag");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void reportedFailureIsNotReportedAgain(boolean lastReceive) throws Exception {
        table.answer = noted(Map.of("reportedAt", AttributeValue.fromS("2026-11-24T01:02:04Z")));

        assertThat(claim("e1", lastReceive)).isFalse();
    }

    /** The worker of the other event may crash before it sends the message, so this event waits, except at its last receive. */
    @Test
    void claimOfAnotherEventIsRespectedUntilTheLastReceive() throws Exception {
        table.answer = noted(Map.of());

        assertThatExceptionOfType(BeingReportedException.class).isThrownBy(() -> claim("e1", false));
        assertThat(claim("e1", true)).isTrue();
    }

    @Test
    void failureIsReportedAtTheLastReceiveEvenIfDynamoDbFails() throws Exception {
        table.answer = SdkClientException.create("connection refused");

        assertThatThrownBy(() -> claim("e1", false)).isSameAs(table.answer);
        assertThat(claim("e1", true)).isTrue();
    }

    @Test
    void markIsConditionalOnTheEventOfTheClaim() {
        notes.markReported("event", "a.jpg");

        assertThat(table.update.key()).isEqualTo(Map.of("name", AttributeValue.fromS("a.jpg")));
        assertThat(table.update.expressionAttributeValues()).containsEntry(":eventId", AttributeValue.fromS("event"));
    }

    @Test
    void replacedClaimIsNotMarked() {
        table.answer = noted(Map.of());

        assertThatCode(() -> notes.markReported("event", "a.jpg")).doesNotThrowAnyException();
    }

    /** Retrying the event would send the message again. */
    @Test
    void errorWhileMarkingIsIgnored() {
        table.answer = SdkClientException.create("connection refused");

        assertThatCode(() -> notes.markReported("event", "a.jpg")).doesNotThrowAnyException();
    }

    @Test
    void recordOfALaterFailureIsNotForgotten() {
        notes.forget("a.jpg", Instant.parse("2026-11-24T01:02:03Z"));

        assertThat(table.delete.key()).isEqualTo(Map.of("name", AttributeValue.fromS("a.jpg")));
        assertThat(table.delete.conditionExpression())
                .isEqualTo("attribute_exists(#reason) AND #failedAt <= :failedAt");
        assertThat(table.delete.expressionAttributeValues())
                .as("as the worker writes it")
                .isEqualTo(Map.of(":failedAt", AttributeValue.fromS("2026-11-24T01:02:03.000Z")));
        table.answer = noted(Map.of());
        assertThatCode(() -> notes.forget("a.jpg", Instant.EPOCH)).doesNotThrowAnyException();
    }

    /** The failure would not be reported again. */
    @Test
    void failureThatCannotBeForgottenIsAnError() {
        table.answer = SdkClientException.create("connection refused");

        assertThatThrownBy(() -> notes.forget("a.jpg", Instant.EPOCH)).isSameAs(table.answer);
    }

    private boolean claim(String eTag, boolean lastReceive) throws BeingReportedException {
        return notes.claim(
                "event", "a.jpg", "originals", "CorruptImage", "cut off", eTag, "2026-11-24T01:02:03Z", lastReceive);
    }

    private static RuntimeException noted(Map<String, AttributeValue> item) {
        return ConditionalCheckFailedException.builder().item(item).build();
    }

    /** Records the last request, and throws the configured exception. */
    private static final class Table implements DynamoDbClient {

        private RuntimeException answer;
        private PutItemRequest put;
        private UpdateItemRequest update;
        private DeleteItemRequest delete;

        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            put = request;
            throwAnswer();
            return PutItemResponse.builder().build();
        }

        @Override
        public UpdateItemResponse updateItem(UpdateItemRequest request) {
            update = request;
            throwAnswer();
            return UpdateItemResponse.builder().build();
        }

        @Override
        public DeleteItemResponse deleteItem(DeleteItemRequest request) {
            delete = request;
            throwAnswer();
            return DeleteItemResponse.builder().build();
        }

        private void throwAnswer() {
            if (answer != null) {
                throw answer;
            }
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
