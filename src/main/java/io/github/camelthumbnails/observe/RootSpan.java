// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.Exchange;

/** The first span of a request or of a message. The exchanges of the records of a message share it. */
final class RootSpan {

    private final Span span;
    private final SpanContext message;
    private final Set<SpanContext> linked = new HashSet<>();

    /**
     * @param span the span
     * @param message the span in which S3 sent the message, or an invalid context if unknown
     */
    RootSpan(Span span, SpanContext message) {
        this.span = span;
        this.message = message;
    }

    SpanContext context() {
        return span.getSpanContext();
    }

    /** Links a span of another trace, unless it is linked already, which is so in a retry. */
    void link(SpanContext other) {
        if (other.isValid() && !other.getTraceId().equals(context().getTraceId()) && linked.add(other)) {
            span.addLink(other);
        }
    }

    /** Links the span in which S3 sent the message, if no object named the span of its upload. */
    void linkMessage() {
        if (linked.isEmpty()) {
            link(message);
        }
    }

    /** Adds the bucket and the key that the exchange is about, once they are known. */
    void describe(Exchange exchange) {
        String key = exchange.getProperty("objectKey", String.class);
        if (key != null) {
            span.setAttribute("aws.s3.bucket", exchange.getProperty("bucket", String.class));
            span.setAttribute("aws.s3.key", key);
        }
    }

    void fail() {
        span.setStatus(StatusCode.ERROR);
    }
}
