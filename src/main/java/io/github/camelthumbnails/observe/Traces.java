// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import org.apache.camel.Exchange;

/** Connects the traces of uploads and events. */
public final class Traces {

    private Traces() {}

    /** Returns the trace id of an exchange as 32 hexadecimal digits, or null if it is not traced. */
    public static String traceId(Exchange exchange) {
        return exchange.getProperty("traceId", String.class);
    }
}
