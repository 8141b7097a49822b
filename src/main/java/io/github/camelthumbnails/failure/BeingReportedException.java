// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.failure;

/**
 * Thrown when another event is already reporting the same failure. This event stays on the queue until the other one has sent the
 * failure message, in case it never does.
 */
public final class BeingReportedException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception for one object.
     *
     * @param objectKey the key whose failure is being reported
     */
    public BeingReportedException(String objectKey) {
        super("The failure of " + objectKey + " is being reported by another event", null, false, false);
    }
}
