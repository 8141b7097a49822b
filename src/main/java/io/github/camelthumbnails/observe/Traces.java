// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;

/** Connects the traces of uploads and events. Its methods do nothing, and return null, if an exchange is not traced. */
public final class Traces {

    /** Name of the object metadata that holds the span of the upload. Clients neither write nor see it. */
    public static final String METADATA = "traceparent";

    private Traces() {}

    /** Returns the trace id of an exchange as 32 hexadecimal digits, or null if its trace is not recorded. */
    public static String traceId(Exchange exchange) {
        return exchange.getProperty("traceId", String.class);
    }

    /** Returns the span of an upload in the format of W3C's {@code traceparent}, or null if it is not traced. */
    public static String traceparent(Exchange exchange) {
        RootSpan root = root(exchange);
        return root == null ? null : SpanContexts.traceparent(root.context());
    }

    /** Links the span of an event to that of the upload that its object names, if it names one. */
    public static void linkUpload(Exchange exchange) {
        RootSpan root = root(exchange);
        if (root != null && exchange.getMessage().getHeader(AWS2S3Constants.METADATA) instanceof Map<?, ?> metadata) {
            root.link(SpanContexts.ofTraceparent((String) metadata.get(METADATA)));
        }
    }

    /** Marks the span of an event as failed. Camel does so only for events that stay on the queue. */
    public static void fail(Exchange exchange) {
        RootSpan root = root(exchange);
        if (root != null) {
            root.fail();
        }
    }

    static RootSpan root(Exchange exchange) {
        return exchange.getProperty("rootSpan", RootSpan.class);
    }
}
