// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import io.github.camelthumbnails.operate.Operation;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Shows the progress of a run: on a terminal in one line that is rewritten, elsewhere in a new line every ten seconds. */
final class Progress implements AutoCloseable {

    private static final int BAR_WIDTH = 24;
    private static final int MAX_KEY_LENGTH = 32;

    /** Characters from here on may be twice as wide as others. */
    private static final int FIRST_WIDE = 0x1100;

    private static final String ELLIPSIS = "...";
    private static final long INTERACTIVE_MILLIS = 250;
    private static final long PLAIN_MILLIS = 10_000;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Operation operation;
    private final Terminal terminal;
    private final long total;
    private final ScheduledExecutorService timer;

    /**
     * Starts to show a run.
     *
     * @param total how much there is to do, approximately, or 0 if it is unknown
     */
    Progress(Operation operation, Terminal terminal, long total) {
        this.operation = operation;
        this.terminal = terminal;
        this.total = total;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
        });
        long millis = terminal.isInteractive() ? INTERACTIVE_MILLIS : PLAIN_MILLIS;
        timer.scheduleAtFixedRate(this::show, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void show() {
        PrintWriter err = terminal.err();
        if (terminal.isInteractive()) {
            // A longer line would leave a row behind each time. The last column of some terminals begins a new row.
            err.print(CLEAR_LINE + cut(line(Instant.now()), terminal.columns() - 1));
            err.flush();
        } else {
            err.println(line(Instant.now()));
        }
    }

    /** Returns the line to show, such as {@code redrive [####    ] 12/s: moved 20, stayed 0, unreadable 0}. */
    String line(Instant now) {
        Map<String, Long> counts = operation.counts();
        double seconds =
                Math.max(1, Duration.between(operation.startedAt(), now).toMillis() / 1000.0);
        long done = counts.values().stream().findFirst().orElse(0L);
        String numbers = counts.entrySet().stream()
                .filter(count -> count.getValue() > 0 || counts.size() <= 3)
                .map(count -> Words.separate(count.getKey()) + " " + count.getValue())
                .collect(Collectors.joining(", "));
        String position = operation.position();
        return operation.kind() + (operation.isCancelled() ? " stops" : "") + " " + bar(counts)
                + Math.round(done / seconds) + "/s" + (position.isEmpty() ? "" : " at " + shorten(position)) + ": "
                + (numbers.isEmpty() ? "started" : numbers);
    }

    private String bar(Map<String, Long> counts) {
        if (total <= 0) {
            return "";
        }
        long done = counts.values().stream().mapToLong(Long::longValue).sum();
        int filled = (int) Math.min(BAR_WIDTH, done * BAR_WIDTH / total);
        return "[" + "#".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] ";
    }

    private static String shorten(String key) {
        String shown = Escape.key(key);
        return cut(shown, MAX_KEY_LENGTH);
    }

    /** Cuts a text to a number of columns of a terminal. */
    static String cut(String text, int columns) {
        int width = 0;
        int end = 0;
        for (int next = 0; next < text.length(); next += Character.charCount(text.codePointAt(next))) {
            if (width <= columns - ELLIPSIS.length()) {
                end = next;
            }
            width += text.codePointAt(next) < FIRST_WIDE ? 1 : 2;
        }
        return width <= columns ? text : text.substring(0, end) + ELLIPSIS;
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            timer.awaitTermination(1, TimeUnit.SECONDS); // so that the report does not mix with the line
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (terminal.isInteractive()) {
            terminal.err().print(CLEAR_LINE);
            terminal.err().flush();
        }
    }
}
