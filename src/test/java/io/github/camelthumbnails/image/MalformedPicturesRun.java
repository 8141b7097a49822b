// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.MalformedPictures.Malformed;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Creates thumbnails of malformed pictures, two in parallel like the application. Exits with 1 unless each results in a
 * thumbnail, a permanent failure within the time limit, or too small a memory budget. Runs as a separate process with a
 * small heap.
 */
final class MalformedPicturesRun {

    static final int MAX_PIXELS = 2_000_000;

    /** Maximum CPU time of one picture, on a slow machine. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final Path FAILED = Path.of("target", "malformed");

    private final long seed;
    private final HangingDecodes hanging = new HangingDecodes(Duration.ZERO);
    private final ImageLimits limits =
            new ImageLimits(MAX_PIXELS, Budgets.both(Runtime.getRuntime().maxMemory() / 2), TIMEOUT);
    private final SingleThumbnailer thumbnailer =
            new SingleThumbnailer(new Scale(new BigDecimal("0.5")), 0.8, true, limits, hanging);
    private final Map<ImageFormat, Map<String, Integer>> outcomes = new EnumMap<>(ImageFormat.class);
    private final AtomicInteger failures = new AtomicInteger();
    private final MalformedPictures pictures;

    /**
     * Temporary files at the start, which include the native library for WebP that was needed to create the pictures.
     */
    private final Set<Path> filesBefore;

    private String slowest = "";
    private long slowestMillis;

    private MalformedPicturesRun(long seed) {
        this.seed = seed;
        pictures = new MalformedPictures(seed, MAX_PIXELS);
        filesBefore = temporaryFiles();
    }

    /**
     * Creates the thumbnails.
     *
     * @param args seed, count, and optionally the first index, to repeat a single picture
     */
    public static void main(String[] args) throws Exception {
        long seed = Long.parseLong(args[0]);
        int count = Integer.parseInt(args[1]);
        int first = args.length > 2 ? Integer.parseInt(args[2]) : 0;
        System.exit(new MalformedPicturesRun(seed).run(count, first) ? 0 : 1);
    }

    private boolean run(int count, int first) throws InterruptedException {
        long start = System.nanoTime();
        AtomicInteger next = new AtomicInteger(first);
        ExecutorService workers = Executors.newFixedThreadPool(2);
        for (int worker = 0; worker < 2; worker++) {
            workers.execute(() -> {
                for (int i = next.getAndIncrement(); i < first + count; i = next.getAndIncrement()) {
                    run(pictures.get(i), "seed " + seed + ", index " + i);
                }
            });
        }
        workers.shutdown();
        workers.awaitTermination(1, TimeUnit.DAYS);
        Awaitility.await("abandoned decodes have ended").until(() -> hanging.count() == 0);
        int done = outcomes.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        failures.addAndGet(count - done); // those that did not even start, for lack of memory
        System.out.printf(
                "%d pictures of seed %d in %d s: %s; slowest %d ms: %s; %d failures%n",
                count, seed, millisSince(start) / 1000, outcomes, slowestMillis, slowest, failures.get());
        return failures.get() == 0;
    }

    private void run(Malformed picture, String name) {
        long start = System.nanoTime();
        String outcome;
        try {
            thumbnailer.thumbnail(picture.bytes());
            outcome = "Thumbnail";
        } catch (UnusableImageException e) {
            outcome = e.reason().name();
        } catch (WorkerLimitException e) {
            outcome = e.reason().name();
            boolean overBudget = outcome.equals("NotEnoughMemory") && e.getCause() == null;
            if (!overBudget) { // out of memory in spite of the budget
                outcome = "FAILED";
                fail(picture, name, e.toString());
            }
        } catch (Throwable e) {
            outcome = "FAILED";
            fail(picture, name, e.toString());
            e.printStackTrace(System.out);
        }
        long millis = millisSince(start);
        // Waiting for the memory of the other decode, and then the work itself.
        if (millis > 2 * limits.wallTime().toMillis() + MARGIN.toMillis()) {
            fail(picture, name, "took " + millis + " ms");
        }
        Set<Path> files = temporaryFiles();
        if (!filesBefore.containsAll(files)) {
            fail(picture, name, "left " + files);
        }
        count(picture, name, outcome, millis);
    }

    private synchronized void count(Malformed picture, String name, String outcome, long millis) {
        outcomes.computeIfAbsent(picture.format(), format -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
        if (millis > slowestMillis) {
            slowestMillis = millis;
            slowest = name + ": " + picture.name();
        }
    }

    private void fail(Malformed picture, String name, String what) {
        failures.incrementAndGet();
        System.out.println(name + ": " + picture.name() + ": " + what);
        try {
            Files.createDirectories(FAILED);
            Files.write(FAILED.resolve(name + "." + picture.format()), picture.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<Path> temporaryFiles() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long millisSince(long nanoTime) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
    }
}
