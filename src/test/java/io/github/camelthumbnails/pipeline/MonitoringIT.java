// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.kubernetes.Manifests;
import io.github.camelthumbnails.kubernetes.Monitoring;
import io.github.camelthumbnails.localaws.Fault;
import io.github.camelthumbnails.localaws.FaultProxy.Rule;
import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests the dashboard and the alert rules with a real Prometheus, which scrapes the application with each of its
 * roles during uploads, failures and an outage: no panel is empty, and no rule asks for a series or a label that does
 * not exist.
 */
class MonitoringIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withFaults()
            .withShortTimes()
            .with("events.retries", "1")
            .with("events.visibilityTimeout", "5")
            .with("app.roles", "upload");

    /**
     * The variables of the dashboard as Grafana replaces them. The interval is that of a time range of many days, so
     * that all samples of the test are in it, also on a slow machine.
     */
    private static final Map<String, String> VARIABLES = Map.of(
            "$job", "camel-thumbnails",
            "$namespace", "camel-thumbnails",
            "$__rate_interval", "30m",
            "$__range", "30m");

    @TempDir
    static Path directory;

    private static int workerPort;
    private static int operatorPort;
    private static Prometheus prometheus;

    @BeforeAll
    static void scrapeUploadsFailuresAndAnOutage() throws Exception {
        Assumptions.assumeTrue(Prometheus.isInstalled(), "prometheus or promtool is not installed");
        Main worker = PIPELINE.anotherApplication(Map.of("app.roles", "thumbnail"));
        Main operator = PIPELINE.anotherApplication(Map.of("app.roles", "operate"));
        new OperatorCalls(PIPELINE, operator).reconcile(true);
        operator.stop();
        operator = PIPELINE.anotherApplication(Map.of("app.roles", "operate")); // reads the findings when it starts
        workerPort = managementPort(worker);
        operatorPort = managementPort(operator);
        prometheus = Prometheus.start(
                directory, Map.of("upload", PIPELINE.managementPort, "thumbnail", workerPort, "operate", operatorPort));
        prometheus.await("up", 3);
        prometheus.await("count(reconcile_originals >= 0)", 5); // NaN until the findings are read

        uploads();
        failures();
        outage();
        System.gc(); // a process that has just started may not have collected garbage yet
        prometheus.await("min(count_over_time(jvm_gc_pause_seconds_count[1m]))", 2); // a rate needs two samples
    }

    private static int managementPort(Main application) {
        return Integer.parseInt(application.getCamelContext().resolvePropertyPlaceholders("{{camel.management.port}}"));
    }

    private static void uploads() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.JPEG, 40, 20);
        // A codec has no series before its first picture, so the second one is the first that Prometheus sees as an
        // increase.
        for (int number = 1; number <= 2; number++) {
            PIPELINE.upload("photo" + number, photo);
            PIPELINE.awaitItem("photo" + number);
            prometheus.await("uploads_total{outcome=\"stored\"}", number);
            prometheus.await("thumbnails_total{format=\"jpeg\"}", number);
            prometheus.await("image_decode_seconds_count", number);
        }
        assertThat(PIPELINE.put("/dev/" + PIPELINE.resources.originals() + "/", photo)
                        .statusCode())
                .isBetween(400, 499);
        prometheus.await("uploads_total{outcome=\"refused\"}", 1);
    }

    private static void failures() throws Exception {
        PIPELINE.upload("text", "no picture".getBytes(StandardCharsets.UTF_8));
        PIPELINE.awaitFailure("text");
        prometheus.await("thumbnail_failures_total", 1);
        assertThat(prometheus.query("ALERTS{alertname=\"CamelThumbnailsFailures\"}"))
                .as("a picture's own fault does not alert")
                .isEmpty();

        Rule denied = PIPELINE.faults.fail(Service.S3, "GetObject", Fault.error(403, "AccessDenied"));
        PIPELINE.upload("denied", Pictures.quarters(ImageFormat.PNG, 4, 4));
        PIPELINE.awaitFailure("denied");
        denied.remove();
    }

    private static void outage() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.PNG, 40, 20);
        Rule noReads = PIPELINE.faults.fail(Service.S3, "GetObject", Fault.error(503, "SlowDown"));
        PIPELINE.upload("delayed", photo);
        prometheus.await("image_events_total{outcome=\"postponed\"}", 1);
        noReads.remove();
        PIPELINE.awaitItem("delayed");

        Rule noWrites = PIPELINE.faults.fail(Service.S3, "PutObject", Fault.error(503, "SlowDown"));
        for (int number = 0; number < 5; number++) {
            assertThat(PIPELINE.put(PIPELINE.path("lost"), photo).statusCode()).isEqualTo(503);
        }
        noWrites.remove();
        prometheus.await("uploads_total{outcome=\"unavailable\"}", 5);
        prometheus.await("image_event_retries_total", 1);
    }

    @AfterAll
    static void stopPrometheus() throws Exception {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    static Stream<Arguments> panels() throws IOException {
        return Monitoring.panels().stream()
                .flatMap(panel -> Manifests.list(panel, "targets").stream()
                        .map(target -> Arguments.of(panel.getString("title"), target.getString("expr"))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("panels")
    void panelHasData(String title, String expression) {
        String replaced = expression;
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            replaced = replaced.replace(variable.getKey(), variable.getValue());
        }

        assertThat(prometheus.values(replaced)).as(replaced).isNotEmpty();
    }

    static Stream<Arguments> rules() throws IOException {
        return Monitoring.rules().stream()
                .map(rule -> Arguments.of(rule.getString("alert", rule.getString("record")), rule.getString("expr")));
    }

    /**
     * Checks that what a rule compares has values, even if the comparison is false, so that the whole has none.
     * Offsets are left out, because Prometheus has not run for so long.
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void ruleComparesSeriesThatExist(String name, String expression) {
        assertThatCode(() -> prometheus.query(expression)).doesNotThrowAnyException();
        assertThat(Monitoring.operands(expression.replaceAll(" offset \\w+", "")))
                .isNotEmpty()
                .allSatisfy(operand ->
                        assertThat(prometheus.query(operand)).as(operand).isNotEmpty());
    }

    @Test
    void failureThatIsNotThePicturesFaultAlerts() {
        prometheus.await(
                "ALERTS{alertname=\"CamelThumbnailsFailures\", alertstate=\"firing\", reason=\"AccessDenied\"}", 1);

        assertThat(prometheus.query("ALERTS{alertname=\"CamelThumbnailsFailures\"}"))
                .hasSize(1);
    }

    @Test
    void outageOfUploadsIsAboutToAlert() {
        prometheus.await("ALERTS{alertname=\"CamelThumbnailsUploadsUnavailable\"}", 1); // pending for five minutes
    }

    @Test
    void boundOfSlowThumbnailsIsABucketBelowTheLargest() throws Exception {
        String expression = Monitoring.alerts().stream()
                .filter(alert -> alert.getString("alert").equals("CamelThumbnailsSlow"))
                .findFirst()
                .orElseThrow()
                .getString("expr");
        double bound = Double.parseDouble(expression.replaceFirst("(?s).*> ", ""));

        assertThat(prometheus.query("image_queue_delay_seconds_bucket"))
                .extracting(bucket -> bucket.getJsonObject("metric").getString("le"))
                .filteredOn(limit -> !limit.equals("+Inf"))
                .extracting(Double::valueOf)
                .contains(bound)
                .anyMatch(limit -> limit > bound);
    }

    @Test
    void promtoolFindsNoMistakeInMetrics() throws Exception {
        for (int port : List.of(PIPELINE.managementPort, workerPort, operatorPort)) {
            Path scrape = directory.resolve("scrape-" + port);
            Files.writeString(scrape, PIPELINE.observe(port, "metrics").body());
            try (Command promtool = Command.start(
                    directory, Map.of(), List.of("sh", "-c", "promtool check metrics <" + scrape.getFileName()))) {
                promtool.exitCode(); // not zero, because it has something to say about Camel's and Micrometer's metrics

                assertThat(promtool.output().lines().filter(line -> !line.matches("(app|camel|process|system)_.*")))
                        .isEmpty();
            }
        }
    }

    @Test
    void processHasOnlyTheSeriesOfItsRole() {
        assertThat(components("uploads_total")).containsExactly("upload");
        assertThat(components("image_consumers")).containsExactly("thumbnail");
        assertThat(components("reconcile_originals")).containsExactly("operate");
    }

    private static List<String> components(String metric) {
        return prometheus.query("count by (component) (" + metric + ")").stream()
                .map(series -> series.getJsonObject("metric"))
                .map((JsonObject labels) -> labels.getString("component"))
                .toList();
    }
}
