// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.Operations.Kind;
import io.github.camelthumbnails.operate.QueueDepth;
import io.github.camelthumbnails.operate.QueueDepths;
import io.github.camelthumbnails.operate.Reasons;
import io.github.camelthumbnails.operate.RedriveOptions;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code redrive}: sends events for failed originals, so that workers retry them. */
@Command(
        name = "redrive",
        description = {
            "Sends the events of failed originals to the events queue again, and removes their failure messages. Takes the"
                    + " failures that a retry can help: all but those for which the picture itself is to blame. Leaves alone"
                    + " what fails after the start. Can be interrupted and repeated at any time.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  redrive --dry-run",
            "  redrive --reason AccessDenied",
            "  redrive --keys-from keys.txt",
            "  redrive --dead",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 stopped at a limit or cancelled."
        })
final class RedriveCommand implements Callable<Integer> {

    private final Session session;

    @Spec
    private CommandSpec spec;

    /** The options that select the reasons to retry. */
    private static final class Which {

        @Option(names = "--all", required = true, description = "Retry all failures, whatever their reason is.")
        private boolean all;

        @Option(
                names = "--reason",
                required = true,
                paramLabel = "A,B",
                description = "Retry failures with one of these reasons. Not with --dead.")
        private List<String> reasons;

        private Which() {}
    }

    @ArgGroup
    private Which which;

    @Option(names = "--prefix", paramLabel = "P", defaultValue = "", description = "Only keys that begin like this.")
    private String prefix;

    @Option(
            names = "--keys-from",
            paramLabel = "FILE",
            description =
                    "Only these keys, whatever their reason is: one key a line, in UTF-8, as failures --keys prints"
                            + " them. - is standard input.")
    private String keysFrom;

    @Option(names = "--dead", description = "Take the dead-letter queue of the events queue instead of the failures.")
    private boolean dead;

    @Option(names = "--dry-run", description = "Only count what would be moved.")
    private boolean dryRun;

    @Option(names = "--help", usageHelp = true, description = "Show this help.")
    private boolean help;

    RedriveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Set<String> keys = keysFrom == null ? null : keys();
        RedriveOptions options = options(keys);
        try (Application application = session.application().get()) {
            return new RepairRun(session).run(application, Kind.REDRIVE, options, dryRun, waiting(application));
        }
    }

    private RedriveOptions options(Set<String> keys) {
        try {
            return new RedriveOptions(dead ? Source.DEAD : Source.FAILURES, reasons(), prefix, keys, dryRun);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private Set<FailureReason> reasons() {
        if (which != null && which.reasons != null) {
            Set<FailureReason> reasons = new Values(spec.commandLine()).reasons(which.reasons);
            new Values(spec.commandLine()).require(!reasons.isEmpty(), "--reason: Name at least one reason.");
            return reasons;
        }
        if (dead) {
            return Set.of();
        }
        return which != null || keysFrom != null ? EnumSet.allOf(FailureReason.class) : Reasons.worthARetry();
    }

    /** Returns the number of messages that can be received, for the progress bar. */
    private long waiting(Application application) {
        String name = dead ? "dead" : "failures";
        return application.queues().stream()
                .filter(queue -> queue.name().equals(name))
                .map(QueueDepths.State::depth)
                .filter(Objects::nonNull)
                .mapToLong(QueueDepth::waiting)
                .sum();
    }

    /** Reads the keys exactly as they are: a key can begin or end with spaces. */
    private Set<String> keys() {
        try {
            byte[] bytes = keysFrom.equals("-") ? standardInput() : Files.readAllBytes(Path.of(keysFrom));
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("^\uFEFF", ""); // the byte order mark of some editors
            Set<String> keys = text.lines().filter(line -> !line.isEmpty()).collect(Collectors.toSet());
            new Values(spec.commandLine()).require(!keys.isEmpty(), "--keys-from: " + keysFrom + " has no keys.");
            return keys;
        } catch (CharacterCodingException e) {
            throw new ParameterException(spec.commandLine(), "--keys-from: " + keysFrom + " is not in UTF-8.", e);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "--keys-from: There is no file " + keysFrom + ".", e);
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "--keys-from: " + keysFrom + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] standardInput() throws IOException {
        InputStream in = System.in;
        return in.readAllBytes();
    }
}
