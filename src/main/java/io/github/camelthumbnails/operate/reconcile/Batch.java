// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.List;

/**
 * Some findings in the order of their page, and those among them that get an event: at most as many as SQS takes in one request.
 *
 * @param findings all findings, at least one
 * @param events those to send
 */
record Batch(List<Finding> findings, List<Finding> events) {

    /** SQS's limit for one request. */
    static final int MAX_EVENTS = 10;

    /** Returns the key of the last finding. */
    String lastKey() {
        return findings.get(findings.size() - 1).key();
    }
}
