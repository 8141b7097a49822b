// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes and parses the identity of a span, as W3C's {@code traceparent} and as AWS's {@code X-Amzn-Trace-Id}.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/#traceparent-header">Trace Context</a>
 * @see <a href="https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader">Tracing
 *     header</a>
 */
final class SpanContexts {

    /** Only version 00 is defined. Its flags are one byte, of which the lowest bit says whether the span is sampled. */
    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private static final Pattern AWS_ROOT = Pattern.compile("1-([0-9a-f]{8})-([0-9a-f]{24})");

    private SpanContexts() {}

    /** Returns a {@code traceparent} of 55 characters. */
    static String traceparent(SpanContext span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                + span.getTraceFlags().asHex();
    }

    /** Parses a {@code traceparent}. Returns an invalid context if it is null or malformed. */
    static SpanContext ofTraceparent(String text) {
        Matcher parts = TRACEPARENT.matcher(String.valueOf(text));
        return parts.matches()
                ? remote(parts.group(1), parts.group(2), TraceFlags.fromHex(parts.group(3), 0))
                : SpanContext.getInvalid();
    }

    /** Returns an {@code X-Amzn-Trace-Id}. */
    static String awsHeader(SpanContext span) {
        String id = span.getTraceId();
        return "Root=1-" + id.substring(0, 8) + "-" + id.substring(8) + ";Parent=" + span.getSpanId() + ";Sampled="
                + (span.isSampled() ? 1 : 0);
    }

    /**
     * Parses an {@code X-Amzn-Trace-Id}, whose fields may have any order. Returns an invalid context if it is null or
     * malformed, or has no parent.
     */
    static SpanContext ofAwsHeader(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : String.valueOf(text).split(";")) {
            String[] parts = field.strip().split("=", 2);
            fields.put(parts[0], parts.length == 2 ? parts[1] : "");
        }
        Matcher root = AWS_ROOT.matcher(fields.getOrDefault("Root", ""));
        String parent = fields.getOrDefault("Parent", "");
        if (!root.matches() || !parent.matches("[0-9a-f]{16}")) {
            return SpanContext.getInvalid();
        }
        boolean sampled = "1".equals(fields.get("Sampled"));
        return remote(
                root.group(1) + root.group(2), parent, sampled ? TraceFlags.getSampled() : TraceFlags.getDefault());
    }

    private static SpanContext remote(String trace, String span, TraceFlags flags) {
        return SpanContext.createFromRemoteParent(trace, span, flags, TraceState.getDefault());
    }
}
