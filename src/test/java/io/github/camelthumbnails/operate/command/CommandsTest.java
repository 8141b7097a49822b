// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.FailedOriginal;
import io.github.camelthumbnails.operate.FailureFilter;
import io.github.camelthumbnails.operate.FailureSummary;
import io.github.camelthumbnails.operate.Operation;
import io.github.camelthumbnails.operate.Operation.State;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.QueueAges;
import io.github.camelthumbnails.operate.QueueDepth;
import io.github.camelthumbnails.operate.QueueDepths;
import io.github.camelthumbnails.operate.ReconcileOptions;
import io.github.camelthumbnails.operate.RedriveOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Tests options, reports and exit codes of the commands without the application. */
class CommandsTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Object> calls = new ArrayList<>();
    private Consumer<Operation> work = operation -> operation.end(State.DONE, "");
    private RuntimeException problem;
    private List<String> newest = List.of("a\nb\u202e.jpg");

    private int run(String... arguments) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, 80);
        StopSignal signal = StopSignal.create();
        int code = Commands.line(new Session(Fake::new, terminal, signal)).execute(arguments);
        signal.close(code);
        return code;
    }

    /** Records what the command asks for. */
    private final class Fake implements Application {

        @Override
        public List<QueueDepths.State> queues() {
            return List.of(
                    new QueueDepths.State("events", new QueueDepth("events", 3, 2, 1), null),
                    new QueueDepths.State("failures", new QueueDepth("failures", 1, 0, 0), null),
                    new QueueDepths.State("dead", null, "There is no queue\u001b[2J"));
        }

        @Override
        public Map<String, QueueAges.Age> ages(List<QueueDepths.State> queues) {
            return Map.of(
                    "events", new QueueAges.Age(7L, null),
                    "failures", new QueueAges.Age(null, "CloudWatch: not authorized\u001b[2J"),
                    "dead", new QueueAges.Age(null, "CloudWatch: not authorized\u001b[2J"));
        }

        @Override
        public FailureSummary summarize(FailureFilter filter, int newest) {
            if (problem != null) {
                throw problem;
            }
            calls.add(filter);
            calls.add(newest);
            return new FailureSummary(
                    Map.of("CorruptImage", 2L),
                    CommandsTest.this.newest.stream()
                            .map(key -> new FailedOriginal(
                                    key,
                                    "originals",
                                    "CorruptImage",
                                    "It is \u001b[31mbroken",
                                    null,
                                    Instant.parse("2026-01-31T08:00:00.123Z")))
                            .toList());
        }

        @Override
        public String price(ReconcileOptions options) {
            return "The price";
        }

        @Override
        public Operation create(Kind kind, boolean dryRun) {
            return new Operation(kind.word(), dryRun, List.of("moved"));
        }

        @Override
        public void run(Kind kind, Object options, Operation operation) {
            calls.add(options);
            work.accept(operation);
        }

        @Override
        public void close() {
            calls.add("closed");
        }
    }

    @Test
    void failuresShowsQueuesCountsAndTheNewestFailures() {
        assertThat(run("failures", "--reason", "corruptimage", "--prefix", "p/", "--limit", "5", "--older-than", "1h"))
                .isEqualTo(Commands.DONE);

        FailureFilter filter = (FailureFilter) calls.get(0);
        assertThat(filter.reasons()).containsExactly("CorruptImage");
        assertThat(filter.prefix()).isEqualTo("p/");
        assertThat(filter.failedAfter()).isNull();
        assertThat(filter.failedBefore())
                .isBetween(
                        Instant.now().minus(Duration.ofMinutes(62)),
                        Instant.now().minus(Duration.ofMinutes(60)));
        assertThat(calls).element(1).isEqualTo(5);
        assertThat(calls).last().isEqualTo("closed");
        assertThat(out.toString())
                .containsPattern("queue +waiting +in flight +delayed +oldest\\R")
                .containsPattern("events +3 +2 +1 +7 s\\R")
                .containsPattern("failures +1 +0 +0 +unknown\\R")
                .containsPattern("dead +unknown: There is no queue")
                .containsOnlyOnce("Unknown age: CloudWatch: not authorized")
                .containsPattern("CorruptImage +2\\R")
                .containsPattern("total +2\\R")
                .contains("2026-01-31T08:00:00Z  CorruptImage  a\\nb\\u202E.jpg  It is \\u001B[31mbroken");
        assertThat(out.toString()).doesNotContain("\u001b", "\u202e");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "failures --limit 1001     | --limit has to be between 0 and 1000.",
                "failures --limit x        | Invalid value for option '--limit'",
                "failures --older-than 5   | --older-than: 5 is not a duration",
                "failures --reasn A        | Unknown option",
                "failures --reason Corrupt | --reason: There is no reason Corrupt.",
                "failures --newer-than 999999999999d | --newer-than: 999999999999d is too long",
                "failures --older-than 999999999999d | --older-than: 999999999999d is too long",
                "reconcile --dry-run --min-age 999999999999d | --min-age: 999999999999d is too long",
                "redrvie                   | Did you mean redrive?",
                "purge                     | The commands are failures, redrive, reconcile.",
                "redrive extra             | Unmatched argument",
                "redrive --all --reason Timeout | are mutually exclusive",
                "redrive --dead --reason Timeout | Messages of the dead-letter queue have no reason.",
                "redrive --keys-from absent.txt | --keys-from: There is no file absent.txt.",
                "reconcile                 | (--dry-run | --max=N)",
                "reconcile --dry-run --max 3 | are mutually exclusive",
                "reconcile --max 0         | --max has to be at least 1.",
                "reconcile --max 3 --rate 0 | --rate has to be at least 1.",
                "reconcile --dry-run --changed-after soon | --changed-after: soon is neither a time nor a duration",
                "reconcile --dry-run --changed-after 1h --changed-before 2h | --changed-after is not before",
            })
    void wrongUsageIsExplainedAndStartsNothing(String command, String message) {
        assertThat(run(command.split(" "))).isEqualTo(Commands.WRONG_USAGE);

        assertThat(err.toString()).contains(message).contains("--help");
        assertThat(out.toString()).isEmpty();
        assertThat(calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"failures", "redrive", "reconcile"})
    void helpHasExamplesAndStartsNothing(String command) {
        assertThat(run(command, "--help")).isEqualTo(Commands.DONE);

        assertThat(out.toString()).contains("Examples:", "  " + command + " --");
        assertThat(calls).isEmpty();
    }

    @Test
    void redriveRetriesByDefaultWhatARetryCanHelp() {
        assertThat(run("redrive")).isEqualTo(Commands.DONE);

        RedriveOptions options = (RedriveOptions) calls.get(0);
        assertThat(options.source()).isEqualTo(RedriveOptions.Source.FAILURES);
        assertThat(options.reasons())
                .contains(FailureReason.AccessDenied, FailureReason.InternalError)
                .doesNotContain(FailureReason.CorruptImage);
        assertThat(options.keys()).isNull();
        assertThat(options.dryRun()).isFalse();
    }

    @Test
    void redriveTakesReasonsOrAllOfThem() {
        run("redrive", "--reason", "Timeout,CorruptImage", "--dry-run");
        run("redrive", "--all");
        run("redrive", "--dead");

        RedriveOptions some = (RedriveOptions) calls.get(0);
        assertThat(some.reasons()).containsExactlyInAnyOrder(FailureReason.Timeout, FailureReason.CorruptImage);
        assertThat(some.source()).isEqualTo(RedriveOptions.Source.FAILURES);
        assertThat(some.dryRun()).isTrue();
        assertThat(((RedriveOptions) calls.get(2)).reasons()).isEqualTo(EnumSet.allOf(FailureReason.class));
        assertThat(((RedriveOptions) calls.get(4)).source()).isEqualTo(RedriveOptions.Source.DEAD);
    }

    @Test
    void redriveReadsKeysExactlyAsTheyAre() throws Exception {
        Path keys = directory.resolve("keys");
        Files.writeString(keys, "\uFEFF a b .jpg \nü.jpg\r\n\nlast");

        run("redrive", "--keys-from", keys.toString());

        RedriveOptions options = (RedriveOptions) calls.get(0);
        assertThat(options.keys()).isEqualTo(Set.of(" a b .jpg ", "ü.jpg", "last"));
        assertThat(options.reasons()).as("whatever the reason is").contains(FailureReason.CorruptImage);
    }

    @Test
    void keysOfFailuresArePrintedAsRedriveReadsThem() {
        newest = List.of("back\\slash \u202e.jpg", "two\nlines.jpg", " b ");

        assertThat(run("failures", "--keys", "--limit", "3")).isEqualTo(Commands.DONE);

        assertThat(out).hasToString("back\\slash \u202e.jpg\n b \n");
        assertThat(err.toString()).contains("Left out a key with a line break: two\\nlines.jpg");
    }

    @Test
    void invisibleCharactersAreEscapedInAllPlanes() {
        newest = List.of("a\uDB40\uDC01\uD83D\uDE00.jpg");

        run("failures");

        assertThat(out.toString()).contains("  a\\uDB40\\uDC01\uD83D\uDE00.jpg  ");
    }

    @Test
    void keysThatAreNotInUtf8AreRejected() throws Exception {
        Path keys = directory.resolve("keys");
        Files.write(keys, new byte[] {'a', (byte) 0xFC, '\n'});

        assertThat(run("redrive", "--keys-from", keys.toString())).isEqualTo(Commands.WRONG_USAGE);
        assertThat(err.toString()).contains("is not in UTF-8");
    }

    @Test
    void reconcileShowsThePriceFirst() {
        assertThat(run("reconcile", "--max", "7", "--prefix", "p/", "--rate", "9", "--deep"))
                .isEqualTo(Commands.DONE);

        ReconcileOptions options = (ReconcileOptions) calls.get(0);
        assertThat(options.max()).isEqualTo(7);
        assertThat(options.eventsPerSecond()).isEqualTo(9);
        assertThat(options.maxWaiting()).isEqualTo(1000);
        assertThat(options.deep()).isTrue();
        assertThat(options.deleteOrphans()).isFalse();
        assertThat(options.minAge()).isEqualTo(Duration.ofMinutes(1));
        assertThat(out.toString()).startsWith("The price");
    }

    /** Otherwise the second run would not continue the first one. */
    @ParameterizedTest
    @ValueSource(strings = {"reconcile --max 7 --prefix p/", "reconcile --max 7 --changed-before 2d"})
    void sameReconcileHasTheSameOptionsEachTime(String command) {
        run(command.split(" "));
        run(command.split(" "));

        assertThat(calls).filteredOn(ReconcileOptions.class::isInstance).hasSize(2);
        assertThat(calls).filteredOn(ReconcileOptions.class::isInstance).containsOnly(calls.get(0));
    }

    @Test
    void exitCodeTellsHowTheRunHasEnded() {
        work = operation -> {
            operation.count("moved", 12);
            operation.example("stale", "a\tb.jpg");
            operation.end(State.LIMITED, "The limit is 12. Run it again.");
        };
        assertThat(run("redrive")).isEqualTo(Commands.STOPPED);
        assertThat(out.toString())
                .containsPattern("moved +12\\R")
                .contains("  a\\tb.jpg", "The limit is 12. Run it again.")
                .doesNotContain("for the rest");

        work = operation -> operation.end(State.CANCELLED, "Run it again with the same options.");
        assertThat(run("redrive")).isEqualTo(Commands.STOPPED);
        assertThat(out.toString()).contains("Nothing is lost. Run it again with the same options.");

        work = operation -> operation.end(State.FAILED, "AWS is not available.");
        assertThat(run("redrive")).isEqualTo(Commands.FAILED);
        assertThat(err.toString()).contains("AWS is not available.");
    }

    @Test
    void errorIsOneLineThatSaysWhatToDo() {
        problem = SqsException.builder()
                .statusCode(403)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("AccessDenied")
                        .errorMessage("User: u is not authorized to perform: dynamodb:Scan on resource: r")
                        .serviceName("DynamoDb")
                        .build())
                .message("User: u is not authorized to perform: dynamodb:Scan on resource: r")
                .build();

        assertThat(run("failures")).isEqualTo(Commands.FAILED);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("AWS denies access: User: u")
                .endsWith("Give the credentials the permission dynamodb:Scan.");
        assertThat(calls).contains("closed");
    }
}
