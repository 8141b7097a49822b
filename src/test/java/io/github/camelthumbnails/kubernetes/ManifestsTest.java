// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import static io.github.camelthumbnails.kubernetes.Manifests.container;
import static io.github.camelthumbnails.kubernetes.Manifests.list;
import static io.github.camelthumbnails.kubernetes.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks all overlays and combinations of components, and tests that each check finds mistakes. */
class ManifestsTest {

    @BeforeAll
    static void needsKubectl() {
        Assumptions.assumeTrue(Manifests.canBeRendered(), "kubectl is not installed");
    }

    static Stream<String> directories() throws IOException {
        return Stream.of("overlays", "tests").flatMap(parent -> {
            try (Stream<Path> children = Files.list(Path.of("k8s", parent))) {
                return children.map(child -> parent + "/" + child.getFileName()).toList().stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("directories")
    void renderedManifestsPassAllChecks(String directory) throws Exception {
        Manifests manifests = Manifests.render(directory);

        assertThat(manifests.workloads()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(ManifestChecks.schemas(manifests)).isEmpty();
        assertThat(ManifestChecks.references(manifests)).isEmpty();
        assertThat(ManifestChecks.security(manifests)).isEmpty();
        assertThat(ManifestChecks.times(manifests)).isEmpty();
        assertThat(ManifestChecks.settings(manifests)).isEmpty();
    }

    /** Lists mistakes, each with the check that must find it and the expected problem. */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "schemas",
                        "replcas",
                        manifests -> upload(manifests).getJsonObject("spec").put("replcas", 2)),
                mistake(
                        "schemas",
                        "initialDelay",
                        manifests -> container(upload(manifests))
                                .getJsonObject("livenessProbe")
                                .put("initialDelay", 2)),
                mistake("schemas", "queueLength", manifests -> scaler(manifests).put("queueLength", 5)),
                mistake("schemas", "queueUrl", manifests -> scaler(manifests).put("queueUrl", "x")),
                mistake(
                        "references",
                        "ConfigMap",
                        manifests -> manifests.objects().removeAll(manifests.ofKind("ConfigMap"))),
                mistake(
                        "references",
                        "ServiceAccount other",
                        manifests -> pod(upload(manifests)).put("serviceAccountName", "other")),
                mistake(
                        "references",
                        "Service camel-thumbnails-upload",
                        manifests -> manifests
                                .find("Service", "camel-thumbnails-upload")
                                .getJsonObject("spec")
                                .put("selector", new JsonObject().put("a", "b"))),
                mistake(
                        "references",
                        "target port",
                        manifests -> list(
                                        manifests
                                                .find("Service", "camel-thumbnails-upload")
                                                .getJsonObject("spec"),
                                        "ports")
                                .get(0)
                                .put("targetPort", "htp")),
                mistake(
                        "references",
                        "is not a port",
                        manifests -> container(upload(manifests))
                                .getJsonObject("startupProbe")
                                .getJsonObject("httpGet")
                                .put("port", "metrics")),
                mistake(
                        "references",
                        "number of replicas",
                        manifests -> upload(manifests).getJsonObject("spec").put("replicas", 2)),
                mistake(
                        "references",
                        "no variable",
                        manifests -> scaler(manifests).put("queueURLFromEnv", "QUEUE")),
                mistake(
                        "security",
                        "runAsNonRoot",
                        manifests -> pod(upload(manifests))
                                .getJsonObject("securityContext")
                                .remove("runAsNonRoot")),
                mistake(
                        "security",
                        "capabilities",
                        manifests -> container(upload(manifests))
                                .getJsonObject("securityContext")
                                .getJsonObject("capabilities")
                                .put("add", new JsonArray().add("NET_RAW"))),
                mistake(
                        "security",
                        "readOnlyRootFilesystem",
                        manifests -> container(upload(manifests))
                                .getJsonObject("securityContext")
                                .put("readOnlyRootFilesystem", false)),
                mistake(
                        "security",
                        "CPU",
                        manifests -> container(upload(manifests))
                                .getJsonObject("resources")
                                .getJsonObject("limits")
                                .put("cpu", "1")),
                mistake(
                        "security",
                        "/tmp",
                        manifests -> container(upload(manifests)).put("volumeMounts", new JsonArray())),
                mistake(
                        "security",
                        "camel-thumbnails-reconcile: seccompProfile",
                        manifests -> pod(reconcile(manifests))
                                .getJsonObject("securityContext")
                                .remove("seccompProfile")),
                mistake(
                        "times",
                        "R1: camel-thumbnails-reconcile",
                        manifests -> pod(reconcile(manifests)).put("terminationGracePeriodSeconds", 30)),
                mistake("times", "R1", manifests -> pod(upload(manifests)).put("terminationGracePeriodSeconds", 79)),
                mistake("times", "R2", manifests -> config(manifests).put("CAMEL_MAIN_SHUTDOWNTIMEOUT", "49")),
                mistake("times", "R3", manifests -> config(manifests).put("EVENTS_VISIBILITYTIMEOUT", "44")),
                mistake("times", "R5", manifests -> config(manifests).put("EVENTS_CONSUMERS", "12")),
                mistake(
                        "settings",
                        "ORIGINAL_BUCKET is not a setting",
                        manifests -> config(manifests).put("ORIGINAL_BUCKET", "x")),
                mistake("settings", "is empty", manifests -> config(manifests).put("AWS_ENDPOINT", "")),
                mistake(
                        "settings",
                        "Camel ignores",
                        manifests -> config(manifests).put("CAMEL_SERVER_PORT", "80")),
                mistake(
                        "settings",
                        "port",
                        manifests -> list(container(upload(manifests)), "ports")
                                .get(0)
                                .put("containerPort", 80)));
    }

    private static Arguments mistake(String check, String problem, Consumer<Manifests> mistake) {
        return Arguments.of(check, problem, mistake);
    }

    @Test
    void smallWorkerHasEnoughMemoryIfItsHeapIsSmall() throws Exception {
        assertThat(ManifestChecks.times(withMemory("1Gi", 30))).isEmpty();
        assertThat(ManifestChecks.times(withMemory("1Gi", 25))).anyMatch(problem -> problem.contains("R5"));
        assertThat(ManifestChecks.times(withMemory("1Gi", 70))).anyMatch(problem -> problem.contains("R5"));
    }

    private static Manifests withMemory(String limit, int heapPercent) throws Exception {
        Manifests manifests = Manifests.render("tests/operate").copy();
        JsonObject worker = container(thumbnail(manifests));
        worker.getJsonObject("resources").getJsonObject("limits").put("memory", limit);
        list(worker, "env").stream()
                .filter(variable -> variable.getString("name").equals("JAVA_TOOL_OPTIONS"))
                .forEach(variable -> variable.put("value", "-XX:MaxRAMPercentage=" + heapPercent));
        return manifests;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("mistakes")
    void mistakeIsFound(String check, String problem, Consumer<Manifests> mistake) throws Exception {
        Map<String, Function<Manifests, List<String>>> checks = Map.of(
                "schemas", ManifestChecks::schemas,
                "references", ManifestChecks::references,
                "security", ManifestChecks::security,
                "times", ManifestChecks::times,
                "settings", ManifestChecks::settings);
        Manifests broken = Manifests.render("tests/operate").copy();

        mistake.accept(broken);

        assertThat(checks.get(check).apply(broken)).anyMatch(found -> found.contains(problem));
    }

    @Test
    void configMapHasTheOutputsOfTerraform() throws Exception {
        String outputs = Files.readString(Path.of("aws/outputs.tf"));
        for (String file : List.of("base", "overlays/eks")) {
            for (String line : Files.readAllLines(Path.of("k8s", file, "config.env"))) {
                assertThat(outputs).containsPattern("(?m)^    " + line.replaceFirst("=.*", "") + " += ");
            }
        }
        assertThat(Files.readAllLines(Path.of("k8s/base/config.env"))).hasSize((int) outputs.lines()
                .filter(line -> line.matches("    [A-Z_]+ += .*"))
                .count());
    }

    private static JsonObject upload(Manifests manifests) {
        return manifests.find("Deployment", "camel-thumbnails-upload");
    }

    private static JsonObject thumbnail(Manifests manifests) {
        return manifests.find("Deployment", "camel-thumbnails-thumbnail");
    }

    private static JsonObject reconcile(Manifests manifests) {
        return manifests.find("CronJob", "camel-thumbnails-reconcile");
    }

    private static JsonObject config(Manifests manifests) {
        return manifests.ofKind("ConfigMap").get(0).getJsonObject("data");
    }

    private static JsonObject scaler(Manifests manifests) {
        return list(manifests.ofKind("ScaledObject").get(0).getJsonObject("spec"), "triggers")
                .get(0)
                .getJsonObject("metadata");
    }
}
