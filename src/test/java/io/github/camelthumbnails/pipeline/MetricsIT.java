// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Compares the metrics of the running application with the tables in docs/operations.md. */
class MetricsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withFaults().with("events.retryDelay", "1");

    private static final byte[] PHOTO = Pictures.quarters(ImageFormat.JPEG, 100, 50);

    private String docs;

    /** A documented metric. */
    private record Metric(String type, TreeSet<String> labels) {}

    @BeforeEach
    void readDocs() throws IOException {
        docs = Files.readString(Path.of("docs/operations.md"));
    }

    @AfterEach
    void removeFaults() {
        PIPELINE.faults.reset();
    }

    @Test
    void documentedMetricsExistWithTheirTypeAndLabels() throws Exception {
        PIPELINE.upload("photo.jpg", PHOTO);
        PIPELINE.awaitItem("photo.jpg");
        PIPELINE.upload("text.jpg", Pictures.ascii("text"));
        PIPELINE.awaitFailure("text.jpg");

        Scrape scrape = scrape();

        Map<String, Metric> documented = documented();
        assertThat(documented).hasSizeGreaterThan(20);
        documented.forEach((name, metric) -> {
            assertThat(scrape.types()).as(name).containsEntry(name, metric.type);
            assertThat(scrape.labels(name, metric.type)).as("labels of " + name).isEqualTo(metric.labels);
            assertThat(scrape.help().get(name)).as("help of " + name).isNotBlank();
        });
    }

    @Test
    void histogramsHaveTheDocumentedBuckets() throws Exception {
        PIPELINE.upload("buckets.jpg", PHOTO);
        PIPELINE.awaitItem("buckets.jpg");
        Map<String, TreeSet<Double>> buckets = Scrape.matches("^\\| `([a-z_]+)` \\| ([0-9., ]+) \\|$", docs).stream()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> Arrays.stream(row.group(2).split(", "))
                                .map(Double::valueOf)
                                .collect(Collectors.toCollection(TreeSet::new))));

        Scrape scrape = scrape();

        List<String> histograms = documented().entrySet().stream()
                .filter(metric -> metric.getValue().type.equals("histogram"))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(buckets).containsOnlyKeys(histograms);
        buckets.forEach(
                (name, limits) -> assertThat(scrape.buckets(name)).as(name).isEqualTo(limits));
    }

    @Test
    void codecsOfTheDocsAreThoseOfTheScrape() throws Exception {
        PIPELINE.upload("codec.jpg", PHOTO);
        PIPELINE.upload("codec.gif", Pictures.frames(ImageFormat.GIF, 20, 10, 2));
        PIPELINE.awaitItem("codec.jpg");
        PIPELINE.awaitItem("codec.gif");

        Scrape scrape = scrape();

        assertThat(scrape.values("image_decode_seconds_count", "format")).contains("jpeg", "gif");
        String line = Scrape.matches("`codec` is the library: ([^.]+)\\.", docs.replace("\n", " "))
                .get(0)
                .group(1);
        assertThat(words(line)).containsAll(scrape.values("image_decode_seconds_count", "codec"));
        assertThat(words(line)).containsAll(scrape.values("image_encode_seconds_count", "codec"));
        assertThat(scrape.values("image_native_codec", "library"))
                .containsExactly("libdeflate", "libheif", "libjpeg-turbo", "libwebpmux");
    }

    /** The others would be seen by an alert only at the second failure of their kind. */
    @Test
    void workerHasAllItsSeriesFromTheStart() throws Exception {
        Scrape scrape = scrapeAnother("thumbnail");

        for (FailureReason reason : FailureReason.values()) {
            assertThat(scrape.value("thumbnail_failures_total", "reason=\"" + reason + "\""))
                    .as(reason.name())
                    .isZero();
        }
        assertThat(scrape.values("thumbnails_total", "format"))
                .containsExactly("avif", "bmp", "gif", "jpeg", "png", "tiff", "webp");
        assertThat(scrape.samples("image_events_total")).hasSize(24);
        assertThat(scrape.value("image_events_total", "kind=\"created\"", "outcome=\"failed\""))
                .isZero();
        assertThat(scrape.value("image_event_retries_total")).isZero();
        assertThat(scrape.value("image_queue_delay_seconds_count")).isZero();
        for (String area : new String[] {"heap", "nonheap"}) {
            assertThat(scrape.value("image_decode_memory_limit_bytes", "area", area))
                    .isPositive();
            assertThat(scrape.value("image_decode_memory_used_bytes", "area", area))
                    .isNotNegative();
        }
        assertThat(scrape.value("image_hanging_decodes")).isZero();
        assertThat(scrape.value("image_consumers")).isEqualTo(2);
        assertThat(scrape.ownNames()).noneMatch(name -> name.startsWith("upload") || name.startsWith("http"));
    }

    @Test
    void uploadHasAllItsSeriesFromTheStart() throws Exception {
        Scrape scrape = scrapeAnother("upload");

        for (String outcome : List.of("stored", "refused", "unavailable", "aborted")) {
            assertThat(scrape.value("uploads_total", "outcome=\"" + outcome + "\""))
                    .as(outcome)
                    .isZero();
        }
        assertThat(scrape.value("upload_bytes_count")).isZero();
        assertThat(scrape.value("upload_duration_seconds_count")).isZero();
        assertThat(scrape.value("uploads_in_flight")).isZero();
        assertThat(scrape.value("uploads_in_flight_limit")).isPositive();
        assertThat(scrape.value("http_connections_refused_total")).isZero();
        assertThat(scrape.ownNames()).allMatch(name -> name.startsWith("upload") || name.startsWith("http"));
    }

    /** Another process has run the reconcile, and has ended since. */
    @Test
    void operatorShowsWhatTheLastReconcileHasFound() throws Exception {
        assertThat(scrapeAnother("operate").value("reconcile_last_run_timestamp_seconds"))
                .isZero();
        PIPELINE.upload("reconciled.jpg", PHOTO);
        PIPELINE.awaitItem("reconciled.jpg");
        PIPELINE.awaitNoEvents();
        Main command = PIPELINE.anotherApplication(Map.of("app.roles", "operate"));
        Map<String, Long> found =
                new ReconcileCommand(command.getCamelContext()).dryRun().run().counts();
        command.stop();

        Main operator = PIPELINE.anotherApplication(Map.of("app.roles", "operate"));
        try {
            Pipeline.await().until(() -> scrape(operator).value("reconcile_last_run_timestamp_seconds") > 0);
            Scrape scrape = scrape(operator);
            Map<String, String> counters =
                    Map.of("complete", "complete", "missing", "missing", "stale", "stale", "orphan", "orphans");
            counters.forEach(
                    (state, counter) -> assertThat(scrape.value("reconcile_originals", "state=\"" + state + "\""))
                            .as(state)
                            .isEqualTo(found.get(counter).doubleValue()));
            assertThat(scrape.value("reconcile_originals", "state=\"complete\""))
                    .isPositive();
            assertThat(scrape.ownNames()).allMatch(name -> name.startsWith("reconcile"));
        } finally {
            operator.stop();
        }
    }

    @Test
    void jvmAndProcessAreMeasured() {
        System.gc(); // a process that has just started may not have collected garbage yet
        Pipeline.await()
                .untilAsserted(() -> assertThat(scrape().types())
                        .containsKeys(
                                "jvm_memory_used_bytes",
                                "jvm_gc_pause_seconds",
                                "jvm_threads_live_threads",
                                "process_cpu_usage",
                                "process_uptime_seconds",
                                "process_files_open_files",
                                "system_cpu_count"));
    }

    @Test
    void noSeriesIsAboutDirectEndpointsOrHasAKey() throws Exception {
        PIPELINE.upload("secret-name.jpg", PHOTO);
        PIPELINE.awaitItem("secret-name.jpg");
        PIPELINE.upload("secret-text.jpg", Pictures.ascii("text"));
        PIPELINE.awaitFailure("secret-text.jpg");
        PIPELINE.awaitNoEvents();

        Scrape scrape = scrape();

        assertThat(scrape.values("camel_exchanges_total", "routeId")).contains("upload-image", "receive-image-events");
        assertThat(scrape.samples().stream().flatMap(sample -> sample.labels().values().stream()))
                .noneMatch(value -> value.contains("direct:") || value.contains("secret"))
                .doesNotContain(
                        "create-thumbnail", "update-thumbnail", "remove-thumbnail", "report-failure", "show-status");
    }

    @Test
    void retriesAreCounted() throws Exception {
        double before = scrape().value("image_event_retries_total");
        PIPELINE.faults
                .fail(Service.DYNAMODB, "PutItem", Fault.error(500, "InternalServerError"))
                .times(2);

        PIPELINE.upload("retried.jpg", PHOTO);
        PIPELINE.awaitItem("retried.jpg");

        assertThat(scrape().value("image_event_retries_total")).isEqualTo(before + 2);
    }

    @Test
    void busyConsumersAreCounted() throws Exception {
        Pipeline.await().until(() -> scrape().value("image_consumers_busy") == 0);
        PIPELINE.faults.fail(Service.DYNAMODB, "PutItem", Fault.hang()).times(1);

        PIPELINE.upload("busy.jpg", PHOTO);

        Pipeline.await().until(() -> scrape().value("image_consumers_busy") == 1);
        PIPELINE.faults.reset();
        PIPELINE.awaitItem("busy.jpg");
        Pipeline.await().until(() -> scrape().value("image_consumers_busy") == 0);
    }

    @Test
    void bytesOfOriginalsAndRenditionsAreCounted() throws Exception {
        Scrape before = scrape();
        byte[] original = Pictures.noise(ImageFormat.PNG, 100, 50);

        PIPELINE.upload("bytes.png", original);
        int rendition = PIPELINE.awaitThumbnail("bytes.png").asByteArray().length;
        PIPELINE.awaitItem("bytes.png");

        Scrape after = scrape();
        assertThat(after.value("image_original_bytes_total") - before.value("image_original_bytes_total"))
                .isEqualTo(original.length);
        assertThat(after.value("image_rendition_bytes_total") - before.value("image_rendition_bytes_total"))
                .isEqualTo(rendition);
    }

    private static Scrape scrape() throws IOException, InterruptedException {
        return Scrape.parse(PIPELINE.observe("metrics"));
    }

    /** Scrapes an application that has just started, and stops it. */
    private static Scrape scrapeAnother(String role) throws IOException, InterruptedException {
        Main application = PIPELINE.anotherApplication(Map.of("app.roles", role));
        try {
            return scrape(application);
        } finally {
            application.stop();
        }
    }

    private static Scrape scrape(Main application) throws IOException, InterruptedException {
        int port = Integer.parseInt(
                application.getCamelContext().resolvePropertyPlaceholders("{{camel.management.port}}"));
        return Scrape.parse(PIPELINE.observe(port, "metrics").body());
    }

    private Map<String, Metric> documented() {
        Map<String, Metric> metrics = new TreeMap<>();
        for (MatchResult row : Scrape.matches("^\\| `([a-z_]+)` \\| (counter|gauge|histogram) \\| ([^|]*)\\|", docs)) {
            metrics.put(row.group(1), new Metric(row.group(2), words(row.group(3))));
        }
        return metrics;
    }

    /** Returns the words in backticks. */
    private static TreeSet<String> words(String text) {
        return Stream.of(text)
                .flatMap(cell -> Scrape.matches("`([^`]+)`", cell).stream())
                .map(word -> word.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
