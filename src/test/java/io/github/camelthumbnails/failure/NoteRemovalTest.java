// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** Tests the requests and how responses are handled. {@code SlowWorkerIT} evaluates the conditions. */
class NoteRemovalTest {

    private static final Map<String, AttributeValue> KEY = Map.of("name", AttributeValue.fromS("a.jpg"));

    private final Table table = new Table();
    private final NoteRemoval removal = new NoteRemoval(table, "my-failures");

    @Test
    void eachRemovalHasAMarkOfItsOwn() {
        String first = removal.mark("a.jpg");

        assertThat(table.update.tableName()).isEqualTo("my-failures");
        assertThat(table.update.key()).isEqualTo(KEY);
        assertThat(table.update.expressionAttributeValues()).containsValue(AttributeValue.fromS(first));
        assertThat(removal.mark("a.jpg")).isNotEqualTo(first);
    }

    @Test
    void keyWithoutFailureIsNotMarked() {
        table.answer = ConditionalCheckFailedException.builder().build();

        assertThat(removal.mark("a.jpg")).isNull();
    }

    @Test
    void deletionIsConditionalOnTheMark() {
        removal.finish("a.jpg", "mark");

        assertThat(table.delete.tableName()).isEqualTo("my-failures");
        assertThat(table.delete.key()).isEqualTo(KEY);
        assertThat(table.delete.conditionExpression()).isEqualTo("#mark = :mark");
        assertThat(table.delete.expressionAttributeValues()).isEqualTo(Map.of(":mark", AttributeValue.fromS("mark")));
    }

    @Test
    void newerFailureStays() {
        table.answer = ConditionalCheckFailedException.builder().build();

        assertThatCode(() -> removal.finish("a.jpg", "mark")).doesNotThrowAnyException();
    }

    @Test
    void otherErrorsAreLeftToTheRoute() {
        table.answer = SdkClientException.create("connection refused");

        assertThatThrownBy(() -> removal.mark("a.jpg")).isSameAs(table.answer);
        assertThatThrownBy(() -> removal.finish("a.jpg", "mark")).isSameAs(table.answer);
    }

    /** Records the last requests, and throws the configured exception. */
    private static final class Table implements DynamoDbClient {

        private RuntimeException answer;
        private UpdateItemRequest update;
        private DeleteItemRequest delete;

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
