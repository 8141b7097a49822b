// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.List;

/**
 * A batch of findings in the order of their page. At most as many of them get an event as SQS accepts in one request.
 *
 * @param findings all findings, at least one
 * @param events the findings that get an event
 */
record Batch(List<Finding> findings, List<Finding> events) {

    /** Maximum number of messages that SQS accepts in one request. */
    static final int MAX_EVENTS = 10;

    /** Returns the key of the last finding. */
    String lastKey() {
        return findings.get(findings.size() - 1).key();
    }
}
