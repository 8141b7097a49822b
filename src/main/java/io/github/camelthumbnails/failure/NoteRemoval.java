// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

import java.util.Map;
import java.util.UUID;
import org.apache.camel.ExchangeProperty;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Deletes the item that {@link FailureNotes} has recorded for an original that is gone.
 *
 * <p>A removal has two steps, and the caller checks the original between them. {@link #mark} writes a unique mark into the item, and
 * {@link #finish} deletes the item if it still has that mark. A failure that is recorded in the meantime, perhaps of a new upload, replaces
 * the item and with it the mark, so its item stays.
 */
public final class NoteRemoval {

    /** Name of the attribute with the mark. */
    static final String MARK = "removal";

    private final DynamoDbClient dynamoDb;
    private final String table;

    /**
     * Creates the bean for one table.
     *
     * @param table the table name; its partition key is {@code name} (S)
     */
    public NoteRemoval(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /** Marks the item of a key. Returns the mark, or null if the table has no failure of the key. */
    public String mark(@ExchangeProperty("objectKey") String objectKey) {
        String mark = UUID.randomUUID().toString();
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key(objectKey))
                    .updateExpression("SET #mark = :mark")
                    .conditionExpression("attribute_exists(#reason)")
                    .expressionAttributeNames(Map.of("#mark", MARK, "#reason", "reason"))
                    .expressionAttributeValues(Map.of(":mark", AttributeValue.fromS(mark))));
            return mark;
        } catch (ConditionalCheckFailedException e) {
            return null;
        }
    }

    /**
     * Deletes the item of a key, unless it was replaced after it was marked.
     *
     * @param mark the result of {@link #mark}
     */
    public void finish(@ExchangeProperty("objectKey") String objectKey, @ExchangeProperty("removal") String mark) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(key(objectKey))
                    .conditionExpression("#mark = :mark")
                    .expressionAttributeNames(Map.of("#mark", MARK))
                    .expressionAttributeValues(Map.of(":mark", AttributeValue.fromS(mark))));
        } catch (ConditionalCheckFailedException e) {
            // A newer failure has replaced the item, or another event removes it.
        }
    }

    private static Map<String, AttributeValue> key(String objectKey) {
        return Map.of("name", AttributeValue.fromS(objectKey));
    }
}
