// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Lists the originals whose thumbnails could not be created. Reads the failures table, so that no message is received. */
public final class Failures {

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** @param table name of the failures table */
    public Failures(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * Counts all failures that a filter selects. Reads the whole table.
     *
     * @param newest maximum number of failures to show
     */
    public FailureSummary summarize(FailureFilter filter, int newest) {
        throw new UnsupportedOperationException(dynamoDb + table);
    }

    /**
     * Lists one page of the failures that a filter selects. A page may be empty although another one follows.
     *
     * @param limit maximum number of failures on the page
     * @param cursor the cursor of an earlier page, or null for the first one
     * @throws IllegalArgumentException if the cursor is invalid
     */
    public FailurePage page(FailureFilter filter, int limit, String cursor) {
        throw new UnsupportedOperationException(dynamoDb + table);
    }
}
