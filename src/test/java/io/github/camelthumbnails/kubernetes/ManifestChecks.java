// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import static io.github.camelthumbnails.kubernetes.Manifests.container;
import static io.github.camelthumbnails.kubernetes.Manifests.list;
import static io.github.camelthumbnails.kubernetes.Manifests.name;
import static io.github.camelthumbnails.kubernetes.Manifests.pod;
import static io.github.camelthumbnails.kubernetes.Manifests.template;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Checks rendered Kubernetes manifests. Each check returns the problems that it finds. */
final class ManifestChecks {

    private interface Validator {
        void validate(JsonElement element) throws IOException;
    }

    private static final Map<String, Validator> SCHEMAS = Map.ofEntries(
            Map.entry("ConfigMap", V1ConfigMap::validateJsonElement),
            Map.entry("CronJob", V1CronJob::validateJsonElement),
            Map.entry("Deployment", V1Deployment::validateJsonElement),
            Map.entry("HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement),
            Map.entry("Ingress", V1Ingress::validateJsonElement),
            Map.entry("Job", V1Job::validateJsonElement),
            Map.entry("Namespace", V1Namespace::validateJsonElement),
            Map.entry("NetworkPolicy", V1NetworkPolicy::validateJsonElement),
            Map.entry("PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement),
            Map.entry("Secret", V1Secret::validateJsonElement),
            Map.entry("Service", V1Service::validateJsonElement),
            Map.entry("ServiceAccount", V1ServiceAccount::validateJsonElement));

    /** Keys of KEDA's scaler aws-sqs-queue. Their values are strings. */
    private static final Set<String> SCALER_KEYS = Set.of(
            "queueURL",
            "queueURLFromEnv",
            "queueLength",
            "activationQueueLength",
            "awsRegion",
            "awsEndpoint",
            "scaleOnInFlight",
            "scaleOnDelayed",
            "identityOwner");

    private static final Set<String> CUSTOM_KINDS =
            Set.of("ScaledObject", "TriggerAuthentication", "HTTPRoute", "PodMonitor", "PrometheusRule");

    /** Environment variables of the JVM or Camel, which are not settings of the application. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "JAVA_TOOL_OPTIONS",
            "CAMEL_MAIN_ROUTESINCLUDEPATTERN",
            "LOG_FORMAT",
            "LOG_ACCESS",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_TRACES_SAMPLER",
            "OTEL_TRACES_SAMPLER_ARG");

    private ManifestChecks() {}

    /** Finds unknown and missing fields. */
    static List<String> schemas(Manifests manifests) {
        List<String> problems = new ArrayList<>();
        for (JsonObject object : manifests.objects()) {
            String kind = object.getString("kind");
            Validator schema = SCHEMAS.get(kind);
            if (schema == null && !CUSTOM_KINDS.contains(kind)) {
                problems.add("There is no schema for " + kind);
            }
            try {
                if (schema != null) {
                    schema.validate(JsonParser.parseString(object.encode()));
                }
            } catch (IOException | IllegalArgumentException | IllegalStateException e) {
                problems.add(kind + " " + name(object) + ": " + e.getMessage());
            }
        }
        for (JsonObject scaled : manifests.ofKind("ScaledObject")) {
            for (JsonObject trigger : list(scaled.getJsonObject("spec"), "triggers")) {
                trigger.getJsonObject("metadata").forEach(entry -> {
                    if (!SCALER_KEYS.contains(entry.getKey()) || !(entry.getValue() instanceof String)) {
                        problems.add("ScaledObject: " + entry);
                    }
                });
            }
        }
        return problems;
    }

    /** Finds references to objects, ports and volumes that do not exist. */
    static List<String> references(Manifests manifests) {
        List<String> problems = new ArrayList<>();
        for (JsonObject workload : manifests.workloads()) {
            JsonObject pod = pod(workload);
            String account = pod.getString("serviceAccountName");
            if (account != null) {
                require(manifests, "ServiceAccount", account, problems);
            }
            for (JsonObject from : list(container(workload), "envFrom")) {
                require(
                        manifests,
                        "ConfigMap",
                        from.getJsonObject("configMapRef").getString("name"),
                        problems);
            }
            Set<String> volumes = new TreeSet<>();
            for (JsonObject volume : list(pod, "volumes")) {
                volumes.add(volume.getString("name"));
                if (volume.containsKey("configMap")) {
                    require(
                            manifests,
                            "ConfigMap",
                            volume.getJsonObject("configMap").getString("name"),
                            problems);
                }
            }
            for (JsonObject mount : list(container(workload), "volumeMounts")) {
                if (!volumes.contains(mount.getString("name"))) {
                    problems.add(name(workload) + " mounts " + mount.getString("name") + ", which is not a volume");
                }
            }
            Set<Object> ports = new TreeSet<>();
            list(container(workload), "ports").forEach(port -> ports.add(port.getString("name")));
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                JsonObject get = container(workload)
                        .getJsonObject(probe, new JsonObject())
                        .getJsonObject("httpGet");
                if (get != null && !ports.contains(get.getString("port"))) {
                    problems.add(name(workload) + " is probed on " + get.getString("port") + ", which is not a port");
                }
            }
        }
        for (JsonObject service : manifests.ofKind("Service")) {
            JsonObject selector = service.getJsonObject("spec").getJsonObject("selector");
            List<JsonObject> selected = selected(manifests, selector);
            if (selected.size() != 1) {
                problems.add("Service " + name(service) + " selects " + selected.size() + " workloads");
                continue;
            }
            for (JsonObject port : list(service.getJsonObject("spec"), "ports")) {
                if (list(container(selected.get(0)), "ports").stream()
                        .noneMatch(one -> one.getString("name").equals(port.getValue("targetPort")))) {
                    problems.add("Service " + name(service) + " has the target port " + port.getValue("targetPort"));
                }
            }
        }
        for (JsonObject object : manifests.ofKind("PodDisruptionBudget", "Deployment")) {
            JsonObject labels =
                    object.getJsonObject("spec").getJsonObject("selector").getJsonObject("matchLabels");
            if (selected(manifests, labels).size() != 1) {
                problems.add(object.getString("kind") + " " + name(object) + " does not select one workload");
            }
        }
        for (JsonObject object : manifests.ofKind("HorizontalPodAutoscaler", "ScaledObject")) {
            JsonObject target = object.getJsonObject("spec").getJsonObject("scaleTargetRef");
            require(manifests, "Deployment", target.getString("name"), problems);
            JsonObject deployment = manifests.find("Deployment", target.getString("name"));
            if (deployment != null && deployment.getJsonObject("spec").containsKey("replicas")) {
                problems.add(name(object) + " and the Deployment both set the number of replicas");
            }
            for (JsonObject trigger : list(object.getJsonObject("spec"), "triggers")) {
                require(
                        manifests,
                        "TriggerAuthentication",
                        trigger.getJsonObject("authenticationRef").getString("name"),
                        problems);
                String variable = trigger.getJsonObject("metadata").getString("queueURLFromEnv");
                if (!manifests.environment(deployment).containsKey(variable)) {
                    problems.add("ScaledObject: there is no variable " + variable);
                }
            }
        }
        for (JsonObject route : manifests.ofKind("HTTPRoute")) {
            for (JsonObject rule : list(route.getJsonObject("spec"), "rules")) {
                for (JsonObject backend : list(rule, "backendRefs")) {
                    require(manifests, "Service", backend.getString("name"), problems);
                }
            }
        }
        for (JsonObject ingress : manifests.ofKind("Ingress")) {
            for (JsonObject rule : list(ingress.getJsonObject("spec"), "rules")) {
                for (JsonObject path : list(rule.getJsonObject("http"), "paths")) {
                    require(
                            manifests,
                            "Service",
                            path.getJsonObject("backend")
                                    .getJsonObject("service")
                                    .getString("name"),
                            problems);
                }
            }
        }
        return problems;
    }

    private static void require(Manifests manifests, String kind, String name, List<String> problems) {
        if (manifests.find(kind, name) == null) {
            problems.add("There is no " + kind + " " + name);
        }
    }

    private static List<JsonObject> selected(Manifests manifests, JsonObject labels) {
        return manifests.workloads().stream()
                .filter(workload -> labels.stream()
                        .allMatch(label -> label.getValue()
                                .equals(template(workload)
                                        .getJsonObject("metadata")
                                        .getJsonObject("labels")
                                        .getString(label.getKey()))))
                .toList();
    }

    /** Finds violations of the Pod Security Standards profile "restricted" and of additional rules of this project. */
    static List<String> security(Manifests manifests) {
        List<String> problems = new ArrayList<>();
        for (JsonObject workload : manifests.workloads()) {
            String name = name(workload);
            JsonObject pod = pod(workload);
            JsonObject podContext = pod.getJsonObject("securityContext", new JsonObject());
            JsonObject containerContext = container(workload).getJsonObject("securityContext", new JsonObject());
            JsonObject capabilities = containerContext.getJsonObject("capabilities", new JsonObject());
            JsonObject resources = container(workload).getJsonObject("resources", new JsonObject());
            JsonObject requests = resources.getJsonObject("requests", new JsonObject());
            JsonObject limits = resources.getJsonObject("limits", new JsonObject());
            require(Boolean.TRUE.equals(podContext.getBoolean("runAsNonRoot")), name + ": runAsNonRoot", problems);
            require(podContext.getInteger("runAsUser", 0) > 0, name + ": runAsUser", problems);
            require(
                    "RuntimeDefault"
                            .equals(podContext
                                    .getJsonObject("seccompProfile", new JsonObject())
                                    .getString("type")),
                    name + ": seccompProfile",
                    problems);
            require(
                    Boolean.FALSE.equals(containerContext.getBoolean("allowPrivilegeEscalation")),
                    name + ": allowPrivilegeEscalation",
                    problems);
            require(
                    new JsonArray().add("ALL").equals(capabilities.getJsonArray("drop"))
                            && !capabilities.containsKey("add"),
                    name + ": capabilities",
                    problems);
            for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
                require(!pod.containsKey(shared), name + ": " + shared, problems);
            }
            for (JsonObject volume : list(pod, "volumes")) {
                require(!volume.containsKey("hostPath"), name + ": hostPath", problems);
                JsonObject emptyDir = volume.getJsonObject("emptyDir");
                require(emptyDir == null || emptyDir.containsKey("sizeLimit"), name + ": sizeLimit", problems);
            }
            require(
                    Boolean.FALSE.equals(pod.getBoolean("automountServiceAccountToken")),
                    name + ": automountServiceAccountToken",
                    problems);
            require(
                    Boolean.FALSE.equals(pod.getBoolean("enableServiceLinks")),
                    name + ": enableServiceLinks",
                    problems);
            require(requests.containsKey("cpu") && !limits.containsKey("cpu"), name + ": CPU", problems);
            require(
                    requests.containsKey("memory")
                            && requests.getString("memory").equals(limits.getString("memory")),
                    name + ": memory",
                    problems);
            if (isOurs(workload)) {
                require(
                        Boolean.TRUE.equals(containerContext.getBoolean("readOnlyRootFilesystem")),
                        name + ": readOnlyRootFilesystem",
                        problems);
                require(
                        list(container(workload), "volumeMounts").stream()
                                .anyMatch(mount -> mount.getString("mountPath").equals("/tmp")),
                        name + ": /tmp",
                        problems);
            }
        }
        return problems;
    }

    /** Finds violations of the rules R1, R2, R3 and R5 in docs/capacity.md. */
    static List<String> times(Manifests manifests) {
        List<String> problems = new ArrayList<>();
        for (JsonObject workload :
                manifests.workloads().stream().filter(ManifestChecks::isOurs).toList()) {
            Map<String, String> variables = manifests.environment(workload);
            long preStop = container(workload)
                    .getJsonObject("lifecycle", new JsonObject())
                    .getJsonObject("preStop", new JsonObject())
                    .getJsonObject("sleep", new JsonObject())
                    .getLong("seconds", 0L);
            long shutdown = setting("camel.main.shutdownTimeout", variables);
            long grace = pod(workload).getLong("terminationGracePeriodSeconds", 30L);
            require(
                    grace >= preStop + shutdown + 5,
                    "R1: " + name(workload) + " has " + grace + " s, and needs " + (preStop + shutdown + 5),
                    problems);
            long retries = setting("events.retries", variables);
            long maxEventSeconds = setting("image.timeoutSeconds", variables)
                    + (retries + 1) * setting("aws.timeoutSeconds", variables)
                    + (long) Math.ceil(
                            setting("events.retryDelay", variables) / 1000.0 * (Math.pow(2, retries) - 1) * 1.15);
            require(
                    shutdown >= setting("events.waitTimeSeconds", variables) + maxEventSeconds,
                    "R2: " + name(workload),
                    problems);
            require(
                    setting("events.visibilityTimeout", variables) >= maxEventSeconds,
                    "R3: " + name(workload),
                    problems);
            // R4 is about the queues. The Terraform configuration in aws/ has its own test of it.
            if ("thumbnail".equals(variables.get("APP_ROLES"))) {
                long memory = bytes(container(workload)
                        .getJsonObject("resources")
                        .getJsonObject("limits")
                        .getString("memory"));
                double percent = Double.parseDouble(
                        variables.get("JAVA_TOOL_OPTIONS").replaceFirst(".*MaxRAMPercentage=(\\d+).*", "$1"));
                double heap = memory * percent / 100;
                require(
                        isEnough(memory, heap, variables),
                        "R5: " + name(workload) + " has a heap of " + (long) heap,
                        problems);
            }
        }
        return problems;
    }

    /** Returns whether a worker follows the rule R5. */
    private static boolean isEnough(long memory, double heap, Map<String, String> variables) {
        double decodes = heap * setting("image.memoryPercent", variables) / 100;
        long originals = setting("events.consumers", variables) * setting("image.maxBytes", variables) * 2;
        double outside = memory - heap - (200L << 20);
        long largest = 3 * setting("image.maxPixels", variables);
        return heap >= decodes + originals + (48L << 20) && decodes >= largest && outside >= largest;
    }

    /** Finds variables that are empty, are not settings of the application, or are ignored by Camel. */
    static List<String> settings(Manifests manifests) {
        List<String> problems = new ArrayList<>();
        Set<String> known = new TreeSet<>(OTHER_VARIABLES);
        known.addAll(
                List.of("HTTP_PORT", "MANAGEMENT_PORT", "EVENTS_QUEUE_URL", "FAILURES_QUEUE_URL", "DEAD_QUEUE_URL"));
        defaults().stringPropertyNames().forEach(setting -> known.add(variable(setting)));
        for (JsonObject workload :
                manifests.workloads().stream().filter(ManifestChecks::isOurs).toList()) {
            manifests.environment(workload).forEach((variable, value) -> {
                require(known.contains(variable), name(workload) + ": " + variable + " is not a setting", problems);
                require(value == null || !value.isBlank(), name(workload) + ": " + variable + " is empty", problems);
                require(
                        !variable.matches("CAMEL_.*_PORT(_.*)?"),
                        name(workload) + ": Camel ignores " + variable,
                        problems);
            });
            Map<String, String> ports = Map.of("http", "8080", "management", "9876");
            for (JsonObject port : list(container(workload), "ports")) {
                require(
                        String.valueOf(port.getInteger("containerPort")).equals(ports.get(port.getString("name"))),
                        name(workload) + ": port " + port,
                        problems);
            }
        }
        return problems;
    }

    static boolean isOurs(JsonObject workload) {
        return container(workload).getString("image").contains("camel-thumbnails");
    }

    static long setting(String name, Map<String, String> variables) {
        return Long.parseLong(variables.getOrDefault(variable(name), defaults().getProperty(name)));
    }

    private static String variable(String setting) {
        return setting.replace('.', '_').toUpperCase(java.util.Locale.ROOT);
    }

    private static Properties defaults() {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("application.properties"))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return properties;
    }

    private static long bytes(String quantity) {
        long number = Long.parseLong(quantity.replaceFirst("[A-Z].*", ""));
        return quantity.endsWith("Gi") ? number << 30 : number << 20;
    }

    private static void require(boolean condition, String problem, List<String> problems) {
        if (!condition) {
            problems.add(problem);
        }
    }
}
