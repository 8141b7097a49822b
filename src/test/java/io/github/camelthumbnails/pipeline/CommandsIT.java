// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.command.Commands;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the commands of operators as processes of their own, on local AWS. */
class CommandsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication();

    @TempDir
    Path directory;

    private Command start(Map<String, String> changes, String... arguments) throws Exception {
        return PIPELINE.command(directory, changes, Arrays.asList(arguments));
    }

    @Test
    void failuresAreShownWithoutConsumingAnything() throws Exception {
        PIPELINE.send("a message");
        int events = PIPELINE.count(PIPELINE.resources.events()); // with the test event of the bucket
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of(
                        "name", AttributeValue.fromS("broken ü.jpg"),
                        "bucket", AttributeValue.fromS(PIPELINE.resources.originals()),
                        "reason", AttributeValue.fromS("CorruptImage"),
                        "error", AttributeValue.fromS("It has no end"),
                        "failedAt", AttributeValue.fromS(Instant.now().toString()))));

        try (Command command = start(Map.of(), "failures")) {
            assertThat(command.exitCode()).as(command.output()).isEqualTo(Commands.DONE);

            assertThat(command.output())
                    .as("nothing but the report")
                    .startsWith("queue ")
                    .containsPattern("events +" + events + " +0 +0 +\\d+ (s|min)\\R")
                    .containsPattern("CorruptImage +1\\R")
                    .contains("  CorruptImage  broken ü.jpg  It has no end")
                    .doesNotContain("INFO", "WARN");
        }
        assertThat(PIPELINE.count(PIPELINE.resources.events())).isEqualTo(events);
    }

    /** The environment is that of a pod which runs the application: people run commands there with kubectl exec. */
    @Test
    void environmentOfAWorkerStartsNoWorkerAndNoServer() throws Exception {
        PIPELINE.send("another message");
        long events = PIPELINE.count(PIPELINE.resources.events());
        try (ServerSocket application = new ServerSocket(0);
                ServerSocket management = new ServerSocket(0)) {
            Map<String, String> environment = Map.of(
                    "APP_ROLES", "thumbnail",
                    "CAMEL_SERVER_ENABLED", "true",
                    "CAMEL_SERVER_PORT", Integer.toString(application.getLocalPort()),
                    "CAMEL_MANAGEMENT_ENABLED", "true",
                    "CAMEL_MANAGEMENT_PORT", Integer.toString(management.getLocalPort()),
                    "CAMEL_METRICS_ENABLED", "true",
                    "TRACES_ENABLED", "true");
            try (Command command = start(environment, "redrive")) {
                assertThat(command.exitCode()).as(command.output()).isEqualTo(Commands.DONE);
            }
        }
        assertThat(PIPELINE.count(PIPELINE.resources.events())).isEqualTo(events);
    }

    @Test
    void wrongUsageStartsNothing() throws Exception {
        try (Command command = start(Map.of(), "reconcile", "--max", "many")) {
            assertThat(command.exitCode()).isEqualTo(Commands.WRONG_USAGE);

            assertThat(command.output())
                    .contains("Invalid value for option '--max'")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void unreachableAwsIsReportedInOneLine() throws Exception {
        try (Command command = start(Map.of("AWS_ENDPOINT", "http://127.0.0.1:1"), "failures")) {
            assertThat(command.exitCode()).isEqualTo(Commands.FAILED);

            assertThat(command.output()
                            .lines()
                            .reduce((first, second) -> second)
                            .orElseThrow())
                    .startsWith("AWS cannot be reached: ")
                    .endsWith("Check aws.endpoint, aws.region, the network and the credentials.");
            assertThat(command.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void invalidSettingIsReportedInOneLine() throws Exception {
        try (Command command = start(Map.of("THUMBNAILS_BUCKET", PIPELINE.resources.originals()), "failures")) {
            assertThat(command.exitCode()).isEqualTo(Commands.FAILED);

            assertThat(command.output()).contains("originals.bucket and thumbnails.bucket are both");
            assertThat(command.output().lines()).hasSize(1);
        }
    }

    /** The route of a redrive is replaced by one that runs until it is cancelled. */
    @Test
    void signalEndsTheRunAfterItsBatchAndTheReportIsPrinted() throws Exception {
        try (Command command = start(Map.of("CAMEL_MAIN_ROUTESINCLUDEPATTERN", slowRedrive()), "redrive")) {
            command.awaitOutput("moved 5");

            assertThat(command.stop()).isEqualTo(Commands.STOPPED);

            assertThat(command.output())
                    .containsPattern("moved +5\\R")
                    .contains("Cancelled after", "Nothing is lost. Run it again for the rest.");
        }
    }

    private String slowRedrive() throws Exception {
        Path route = directory.resolve("slow.camel.yaml");
        Files.writeString(route, """
                - route:
                    from:
                      uri: direct:redrive-failures
                      steps:
                        - script:
                            expression:
                              simple:
                                expression: "${exchangeProperty.operation.count('moved', 5)}"
                        - loop:
                            doWhile: true
                            expression:
                              simple:
                                expression: "${exchangeProperty.operation.isCancelled} == false"
                            steps:
                              - delay:
                                  expression:
                                    constant:
                                      expression: "100"
                """);
        return "file:" + route;
    }
}
