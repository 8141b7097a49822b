// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.kubernetes.Manifests;
import io.github.camelthumbnails.kubernetes.Monitoring;
import io.github.camelthumbnails.localaws.FreePort;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/**
 * Runs a real Prometheus, which scrapes processes every second as if they were pods that the PodMonitor selects, and
 * evaluates the alert rules.
 */
final class Prometheus implements AutoCloseable {

    /** The label of pods from which the PodMonitor takes the job. */
    private static final String NAME = "camel-thumbnails";

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = FreePort.next();
    private final Command process;

    private Prometheus(Path directory, JsonObject configuration) throws IOException {
        Path rules = directory.resolve("rules.yaml");
        Files.writeString(rules, Monitoring.rulesFile().encode());
        configuration.put("rule_files", new JsonArray().add(rules.toString()));
        Path file = directory.resolve("prometheus.yaml"); // JSON, which is YAML as well
        Files.writeString(file, configuration.encodePrettily());
        process = Command.start(
                directory,
                Map.of(),
                List.of(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn"));
    }

    /**
     * Returns whether Prometheus and promtool are installed. Always true in CI, so that missing ones fail the tests
     * there.
     */
    static boolean isInstalled() {
        return System.getenv("CI") != null
                || Stream.of("prometheus", "promtool")
                        .allMatch(program -> Stream.of(System.getenv("PATH").split(":"))
                                .anyMatch(dir -> Files.isExecutable(Path.of(dir, program))));
    }

    /** Starts Prometheus, with a management port for each component. */
    static Prometheus start(Path directory, Map<String, Integer> components) throws IOException {
        JsonObject monitor = Monitoring.podMonitor().getJsonObject("spec");
        JsonObject endpoint = Manifests.list(monitor, "podMetricsEndpoints").get(0);
        JsonArray relabelings = new JsonArray().add(relabeling(podLabel(monitor.getString("jobLabel")), "job"));
        for (JsonObject relabeling : Manifests.list(endpoint, "relabelings")) {
            relabelings.add(relabeling(
                    relabeling.getJsonArray("sourceLabels").getString(0), relabeling.getString("targetLabel")));
        }
        JsonArray targets = new JsonArray();
        components.forEach((component, port) -> targets.add(JsonObject.of(
                "targets",
                JsonArray.of("127.0.0.1:" + port),
                "labels",
                JsonObject.of(
                        podLabel("app.kubernetes.io/name"),
                        NAME,
                        podLabel("app.kubernetes.io/component"),
                        component,
                        "namespace",
                        NAME,
                        "pod",
                        NAME + "-" + component + "-1",
                        "container",
                        "app",
                        "endpoint",
                        endpoint.getString("port")))));
        return new Prometheus(
                directory,
                JsonObject.of(
                        "global",
                        JsonObject.of("scrape_interval", "1s", "evaluation_interval", "1s"),
                        "scrape_configs",
                        JsonArray.of(JsonObject.of(
                                "job_name",
                                "podMonitor/" + NAME,
                                "metrics_path",
                                endpoint.getString("path"),
                                "static_configs",
                                targets,
                                "relabel_configs",
                                relabelings))));
    }

    private static JsonObject relabeling(String source, String target) {
        return JsonObject.of("source_labels", JsonArray.of(source), "target_label", target);
    }

    /** Returns the name under which Prometheus knows a label of a pod before relabelings. */
    private static String podLabel(String label) {
        return "__meta_kubernetes_pod_label_" + label.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    /** Returns the result of an instant query: series with their value. */
    List<JsonObject> query(String expression) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        try {
            HttpResponse<String> response =
                    http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            Assertions.assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return Manifests.list(new JsonObject(response.body()).getJsonObject("data"), "result");
        } catch (IOException e) {
            return List.of(); // not started yet
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the values of an instant query, without those that are NaN. */
    List<Double> values(String expression) {
        return query(expression).stream()
                .map(series -> series.getJsonArray("value").getString(1))
                .map(value -> Double.valueOf(value.replace("Inf", "Infinity")))
                .filter(value -> !value.isNaN())
                .toList();
    }

    /** Waits until the sum of an expression has at least a value. */
    void await(String expression, double value) {
        Pipeline.await()
                .untilAsserted(() -> Assertions.assertThat(values(expression).stream()
                                .mapToDouble(Double::doubleValue)
                                .sum())
                        .as("%s; log: %s", expression, process.output())
                        .isGreaterThanOrEqualTo(value));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.close();
    }
}
