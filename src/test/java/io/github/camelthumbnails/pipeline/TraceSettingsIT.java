// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.FreePort;
import io.github.camelthumbnails.observe.TraceReceiver;
import io.github.camelthumbnails.observe.TraceReceiver.ReceivedSpan;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.Message;

/** Runs processes with traces switched off, with trusted callers, and without a collector. */
class TraceSettingsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withoutApplication()
            // A poll of a process that has ended would receive the next event, and hide it until the visibility
            // timeout.
            .with("events.waitTimeSeconds", "1");

    private static final String STARTED = "(camel-thumbnails) started";
    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 40, 20);
    private static final String CALLER = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACEPARENT = "00-" + CALLER + "-b7ad6b7169203331-01";

    @TempDir
    Path directory;

    @Test
    void tracesAreOffByDefault() throws Exception {
        Path classes = directory.resolve("classes.log");
        try (Command application = PIPELINE.process(directory, "-Xlog:class+load:file=" + classes)) {
            application.awaitOutput(STARTED);
            PIPELINE.upload("off.txt", new byte[] {1}, "x-amz-meta-traceparent", TRACEPARENT);

            assertThat(PIPELINE.awaitFailure("off.txt").messageAttributes()).doesNotContainKey("traceId");
            assertThat(PIPELINE.s3
                            .headObject(request -> request.bucket(PIPELINE.resources.originals())
                                    .key("off.txt"))
                            .metadata())
                    .isEmpty();
            assertThat(Files.readString(classes))
                    .contains("io.github.camelthumbnails.observe.Tracing")
                    .doesNotContain("io.opentelemetry.sdk", "io.opentelemetry.exporter");
        }
    }

    @Test
    void tracesOfTrustedCallersAreContinued() throws Exception {
        try (TraceReceiver receiver = TraceReceiver.start();
                Command application = PIPELINE.process(
                        directory,
                        Map.of(
                                "TRACES_ENABLED", "true",
                                "OTEL_PROPAGATORS", "tracecontext",
                                "OTEL_SERVICE_NAME", "mine",
                                "OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint(),
                                "OTEL_BSP_SCHEDULE_DELAY", "3600000"))) {
            application.awaitOutput(STARTED);
            HttpResponse<String> response = PIPELINE.upload("한.txt", new byte[] {1}, "traceparent", TRACEPARENT);
            Message failure = PIPELINE.awaitFailure("한.txt");

            PIPELINE.awaitNoEvents();
            application.stop(); // sends the spans
            assertThat(receiver.trace(CALLER).get(0).parent()).isEqualTo("b7ad6b7169203331");
            assertThat(receiver.trace(CALLER).get(0).links()).isEmpty();
            assertThat(receiver.trace(CALLER)).extracting(ReceivedSpan::name).containsExactly("PUT", "aws2-s3");
            assertThat(receiver.trace(CALLER))
                    .allSatisfy(span -> assertThat(span.attributes()).containsEntry("service.name", "mine"));
            assertThat(response.headers().map()).doesNotContainKey("traceparent");
            assertThat(failure.messageAttributes()).containsKey("traceId").doesNotContainKey("traceparent");
            assertThat(failure.messageAttributes().get("traceId").stringValue()).isNotEqualTo(CALLER);
        }
    }

    @Test
    void applicationWorksWithoutACollector() throws Exception {
        try (Command application = PIPELINE.process(
                directory,
                Map.of(
                        "TRACES_ENABLED", "true",
                        "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + FreePort.next(),
                        "OTEL_BSP_SCHEDULE_DELAY", "100"))) {
            application.awaitOutput(STARTED);
            for (int i = 0; i < 5; i++) {
                PIPELINE.upload("lonely" + i, PHOTO);
                PIPELINE.awaitItem("lonely" + i);
            }
            application.awaitOutput("Traces may be incomplete: ");

            assertThat(application.stop()).isEqualTo(143);
            assertThat(application.output().lines().filter(line -> line.contains("incomplete")))
                    .hasSize(1);
            assertThat(application.output())
                    .contains("(java.net.ConnectException)")
                    .doesNotContain("\tat ", "SEVERE", "Exception:");
        }
    }
}
