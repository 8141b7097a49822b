// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanContextsTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "03", "ff"})
    void traceparentIsParsedAndWritten(String flags) {
        String text = "00-" + TRACE + "-" + SPAN + "-" + flags;

        SpanContext span = SpanContexts.ofTraceparent(text);

        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getSpanId()).isEqualTo(SPAN);
        assertThat(span.isSampled()).isEqualTo(!flags.equals("00"));
        assertThat(span.isRemote()).isTrue();
        assertThat(SpanContexts.traceparent(span)).isEqualTo(text);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-zz",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n",
                " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319-b7ad6b71692033310-01"
            })
    void malformedTraceparentIsInvalid(String text) {
        assertThat(SpanContexts.ofTraceparent(text).isValid()).isFalse();
    }

    @Test
    void awsHeaderIsWritten() {
        assertThat(SpanContexts.awsHeader(SpanContexts.ofTraceparent("00-" + TRACE + "-" + SPAN + "-03")))
                .isEqualTo("Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1");
        assertThat(SpanContexts.awsHeader(SpanContexts.ofTraceparent("00-" + TRACE + "-" + SPAN + "-00")))
                .endsWith(";Sampled=0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1",
                "Sampled=1; Parent=b7ad6b7169203331; Root=1-0af76519-16cd43dd8448eb211c80319c; Lineage=a:1|b:2"
            })
    void awsHeaderIsParsed(String text) {
        SpanContext span = SpanContexts.ofAwsHeader(text);

        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getSpanId()).isEqualTo(SPAN);
        assertThat(span.isSampled()).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ";;=",
                "Root=1-0af76519-16cd43dd8448eb211c80319c",
                "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=x",
                "Root=2-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331",
                "Root=1-00000000-000000000000000000000000;Parent=b7ad6b7169203331",
                "Parent=b7ad6b7169203331;Sampled=1"
            })
    void malformedAwsHeaderIsInvalid(String text) {
        assertThat(SpanContexts.ofAwsHeader(text).isValid()).isFalse();
    }
}
