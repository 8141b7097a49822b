// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import io.github.camelthumbnails.image.Stage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/** Makes a span of each decode and each encode. It is a child of the current span. */
public final class StageSpans implements Consumer<Stage> {

    private final Tracer tracer;

    private StageSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Returns a consumer of stages, which does nothing if traces are switched off. */
    public static Consumer<Stage> of(CamelContext context) {
        return context.getRegistry().lookupByName("tracer") instanceof Tracer tracer ? new StageSpans(tracer) : s -> {};
    }

    @Override
    public void accept(Stage stage) {
        Span span = tracer.spanBuilder(stage.kind().name().toLowerCase(Locale.ROOT))
                .setStartTimestamp(stage.start())
                .setAttribute("image.format", stage.format())
                .setAttribute("image.codec", stage.codec())
                .setAttribute("image.pixels", stage.pixels())
                .setAttribute("image.bytes", stage.bytes())
                .startSpan();
        if (stage.failed()) {
            span.setStatus(StatusCode.ERROR);
        }
        span.end(stage.start().plus(stage.duration()));
    }
}
