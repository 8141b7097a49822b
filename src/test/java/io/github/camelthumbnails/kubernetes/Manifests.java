// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** Holds the objects that {@code kubectl kustomize} renders from a directory. */
public record Manifests(String directory, List<JsonObject> objects) {

    /** Returns whether kubectl is installed. Always true in CI, so that a missing kubectl fails the tests there. */
    public static boolean canBeRendered() {
        return System.getenv("CI") != null
                || Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "kubectl")));
    }

    /** Renders a directory below {@code k8s}. */
    public static Manifests render(String directory) throws IOException, InterruptedException {
        Path file = Files.createTempFile("manifests", ".yaml");
        try {
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", "k8s/" + directory)
                    .redirectOutput(file.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!kubectl.waitFor(60, TimeUnit.SECONDS) || kubectl.exitValue() != 0) {
                throw new IOException("kubectl kustomize k8s/" + directory + " failed");
            }
            return parse(directory, Files.readString(file));
        } finally {
            Files.delete(file);
        }
    }

    @SuppressWarnings("unchecked")
    private static Manifests parse(String directory, String yaml) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object one : new Yaml().loadAll(yaml)) {
            objects.add(new JsonObject(new JsonObject((Map<String, Object>) one).encode()));
        }
        return new Manifests(directory, objects);
    }

    public List<JsonObject> ofKind(String... kinds) {
        return objects.stream()
                .filter(object -> List.of(kinds).contains(object.getString("kind")))
                .toList();
    }

    /** Returns the object with this kind and name, or null. */
    public JsonObject find(String kind, String name) {
        return ofKind(kind).stream()
                .filter(object -> name(object).equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Returns the objects that create pods. */
    public List<JsonObject> workloads() {
        return ofKind("Deployment", "Job", "CronJob");
    }

    public static String name(JsonObject object) {
        return object.getJsonObject("metadata").getString("name");
    }

    public static JsonObject template(JsonObject workload) {
        JsonObject spec = workload.getJsonObject("spec");
        JsonObject job = spec.getJsonObject("jobTemplate");
        return (job == null ? spec : job.getJsonObject("spec")).getJsonObject("template");
    }

    public static JsonObject pod(JsonObject workload) {
        return template(workload).getJsonObject("spec");
    }

    public static JsonObject container(JsonObject workload) {
        return pod(workload).getJsonArray("containers").getJsonObject(0);
    }

    /** Returns the environment variables of a container, with the values of references resolved. */
    public Map<String, String> environment(JsonObject workload) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (JsonObject from : list(container(workload), "envFrom")) {
            JsonObject map =
                    find("ConfigMap", from.getJsonObject("configMapRef").getString("name"));
            if (map == null) {
                continue; // reported by ManifestChecks.references
            }
            map.getJsonObject("data").forEach(entry -> variables.put(entry.getKey(), (String) entry.getValue()));
        }
        for (JsonObject variable : list(container(workload), "env")) {
            JsonObject from = variable.getJsonObject("valueFrom");
            variables.put(
                    variable.getString("name"),
                    from == null ? variable.getString("value") : secret(from.getJsonObject("secretKeyRef")));
        }
        return variables;
    }

    /** Returns the value of a secret, or null if it is not among the objects: some secrets are created by hand. */
    private String secret(JsonObject reference) {
        JsonObject secret = find("Secret", reference.getString("name"));
        return secret == null
                ? null
                : new String(
                        Base64.getDecoder().decode(secret.getJsonObject("data").getString(reference.getString("key"))),
                        StandardCharsets.UTF_8);
    }

    public static List<JsonObject> list(JsonObject parent, String name) {
        return parent.getJsonArray(name, new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    /** Returns a copy that a test can modify. */
    public Manifests copy() {
        return new Manifests(
                directory,
                new ArrayList<>(objects.stream().map(JsonObject::copy).toList()));
    }

    @Override
    public String toString() {
        return directory;
    }
}
