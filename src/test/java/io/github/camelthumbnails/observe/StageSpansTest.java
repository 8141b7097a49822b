// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.Stage;
import io.github.camelthumbnails.observe.TraceReceiver.ReceivedSpan;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class StageSpansTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final long NANOS = START.getEpochSecond() * 1_000_000_000 + START.getNano();

    private static final Stage DECODE =
            new Stage(Stage.Kind.DECODE, "jpeg", "libjpeg-turbo", 800, 1234, START, Duration.ofMillis(5), false);
    private static final Stage ENCODE =
            new Stage(Stage.Kind.ENCODE, "webp", "libwebp", 200, 99, START, Duration.ofMillis(7), true);

    @Test
    void stagesAreChildrenOfTheCurrentSpan() throws Exception {
        try (TraceReceiver receiver = TraceReceiver.start();
                DefaultCamelContext context = new DefaultCamelContext()) {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> Map.of(
                            "otel.exporter.otlp.endpoint", receiver.endpoint(),
                            "otel.exporter.otlp.protocol", "http/protobuf",
                            "otel.metrics.exporter", "none",
                            "otel.logs.exporter", "none"))
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk();
            context.getRegistry().bind("tracer", sdk.getTracer("test"));
            Span event = sdk.getTracer("test").spanBuilder("event").startSpan();

            Consumer<Stage> spans = StageSpans.of(context);
            try (Scope scope = event.makeCurrent()) {
                spans.accept(DECODE);
                spans.accept(ENCODE);
            }
            event.end();
            sdk.close();

            assertThat(receiver.spans()).hasSize(3);
            ReceivedSpan decode = receiver.spans().get(0);
            assertThat(decode.name()).isEqualTo("decode");
            assertThat(decode.parent()).isEqualTo(event.getSpanContext().getSpanId());
            assertThat(decode.start()).isEqualTo(NANOS);
            assertThat(decode.end()).isEqualTo(NANOS + 5_000_000);
            assertThat(decode.failed()).isFalse();
            assertThat(decode.attributes())
                    .containsEntry("image.format", "jpeg")
                    .containsEntry("image.codec", "libjpeg-turbo")
                    .containsEntry("image.pixels", "800")
                    .containsEntry("image.bytes", "1234");
            ReceivedSpan encode = receiver.spans().get(1);
            assertThat(encode.name()).isEqualTo("encode");
            assertThat(encode.failed()).isTrue();
        }
    }

    @Test
    void stagesAreIgnoredWithoutTraces() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Consumer<Stage> spans = StageSpans.of(context);

            spans.accept(DECODE);

            assertThat(spans).isNotInstanceOf(StageSpans.class);
        }
    }
}
