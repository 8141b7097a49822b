// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code k8s/run} with a kubectl that stands in for the cluster. */
class CommandJobTest {

    /** Answers as a cluster would: with the job of the CronJob, a running pod, and the output of the command. */
    private static final String KUBECTL = """
            #!/bin/sh
            cd "$(dirname "$0")" || exit 1
            case "$*" in
                "--namespace camel-thumbnails create job camel-thumbnails-"*"=cronjob/camel-thumbnails-reconcile --dry-run=client -o json")
                    cat job.json ;;
                *"create -f -") cat >created.json ;;
                *exitCode*) test -e asked && cat code; touch asked ;;
                *"get pods"*) echo Running ;;
                *logs*) echo "moved 3" ;;
                *) exit 1 ;;
            esac
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void standInForTheCluster() throws Exception {
        Assumptions.assumeTrue(
                System.getenv("CI") != null || Manifests.canBeRendered() && Files.isExecutable(Path.of("/usr/bin/jq")),
                "kubectl or jq is not installed");
        JsonObject template = Manifests.render("overlays/local")
                .find("CronJob", "camel-thumbnails-reconcile")
                .getJsonObject("spec")
                .getJsonObject("jobTemplate");
        Files.writeString(
                directory.resolve("job.json"),
                template.put("apiVersion", "batch/v1")
                        .put("kind", "Job")
                        .put("metadata", new JsonObject().put("name", "redrive"))
                        .encode());
        Files.createFile(
                directory.resolve("kubectl"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(directory.resolve("kubectl"), KUBECTL);
        Files.writeString(directory.resolve("code"), "0\n");
    }

    @Test
    void commandBecomesAJobWithItsArgumentsAndWithoutRetries() throws Exception {
        List<String> arguments = List.of("redrive", "--prefix", "it's \"a\" $HOME/", "--dry-run");

        Process run = run(arguments);

        assertThat(new String(run.getInputStream().readAllBytes())).isEqualTo("moved 3\n");
        assertThat(run.waitFor()).isZero();
        JsonObject job = new JsonObject(Files.readString(directory.resolve("created.json")));
        Manifests created = new Manifests("created", List.of(job));
        assertThat(Manifests.container(job).getJsonArray("args")).isEqualTo(new JsonArray(arguments));
        JsonObject spec = job.getJsonObject("spec");
        assertThat(spec.getInteger("backoffLimit")).isZero();
        assertThat(Manifests.list(spec.getJsonObject("podFailurePolicy"), "rules"))
                .as("rules that start no other pod, not even after a drain: it could send as many events again")
                .allMatch(rule -> rule.getString("action").equals("FailJob"));
        assertThat(ManifestChecks.schemas(created)).isEmpty();
        assertThat(ManifestChecks.security(created)).isEmpty();
    }

    @Test
    void exitCodeOfTheCommandIsPassedOn() throws Exception {
        Files.writeString(directory.resolve("code"), "3\n");

        Process run = run(List.of("redrive"));

        assertThat(new String(run.getInputStream().readAllBytes())).isEqualTo("moved 3\n");
        assertThat(run.waitFor()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--keys-from=keys.txt", "--keys-from -"})
    void keysFromAFileAreRefusedBecauseThePodHasNone(String option) throws Exception {
        Process run = run(List.of(("redrive " + option).split(" ")));

        assertThat(run.waitFor()).isEqualTo(2);
        assertThat(directory.resolve("errors")).content().contains("The pod cannot read --keys-from");
        assertThat(directory.resolve("created.json")).doesNotExist();
    }

    @Test
    void otherCommandsAreRefused() throws Exception {
        Process run = run(List.of("purge"));

        assertThat(run.waitFor()).isEqualTo(2);
        assertThat(directory.resolve("created.json")).doesNotExist();
    }

    private Process run(List<String> arguments) throws IOException, InterruptedException {
        ProcessBuilder run = new ProcessBuilder(
                Stream.concat(Stream.of("k8s/run"), arguments.stream()).toList());
        run.environment().merge("PATH", directory.toString(), (path, first) -> first + ":" + path);
        run.environment().remove("NAMESPACE");
        run.redirectError(directory.resolve("errors").toFile());
        Process process = run.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process;
    }
}
