// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.util.FileUtil;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Checks the application for leaks of memory and file handles while it processes valid, corrupt, repeated and oversized
 * originals for some minutes. The application runs in a separate process with a fixed heap; local AWS runs in this one.
 * Linux only.
 *
 * <p>{@code mvn test-compile exec:exec -Dexec.executable=java -Dexec.args="-cp %classpath io.github.camelthumbnails.pipeline.Soak 5"}
 * runs for five minutes. The exit code is 1 if an original is unaccounted for or a resource usage grew.
 */
public final class Soak {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** Maximum number of waiting events, so that local AWS is not the bottleneck. */
    private static final int MAX_WAITING = 50;

    /** Maximum ratio of the usage at the end to that after the warm-up. */
    private static final double TOLERANCE = 1.15;

    private static final int MAX_BYTES = 300_000;
    private static final int MAX_PIXELS = 1_000_000;

    private static final Pipeline PIPELINE = new Pipeline()
            .withoutApplication()
            .with("image.maxBytes", String.valueOf(MAX_BYTES))
            .with("image.maxPixels", String.valueOf(MAX_PIXELS))
            .with("events.waitTimeSeconds", "1");

    /** The resource usage of the process at one time; {@code heap} is the live heap after the last collections. */
    private record Sample(long second, long events, long heap, long rss, long handles) {}

    private final Random random = new Random(1);
    private final Map<String, Original> present = new HashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final Instant start = Instant.now();
    private long stored;

    private Soak() {}

    /** Runs the check. The argument is the duration in minutes, 5 by default. */
    public static void main(String[] args) throws Exception {
        Duration duration = Duration.ofMinutes(args.length == 0 ? 5 : Long.parseLong(args[0]));
        Path directory = Files.createTempDirectory("soak");
        boolean good;
        try {
            PIPELINE.beforeAll(null);
            good = new Soak().run(duration, directory);
        } finally {
            PIPELINE.afterAll(null);
            FileUtil.removeDir(directory.toFile());
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run(Duration duration, Path directory) throws Exception {
        try (Command application = PIPELINE.process(directory, "-Xmx192m", "-XX:+UseSerialGC")) {
            application.awaitOutput("(camel-thumbnails) started");
            System.out.printf("%8s %8s %8s %8s %8s%n", "seconds", "events", "heap MB", "RSS MB", "handles");
            Instant next = Instant.now().plus(INTERVAL);
            while (elapsed().compareTo(duration) < 0) {
                storeOne();
                if (Instant.now().isAfter(next)) {
                    sample(application.pid());
                    next = Instant.now().plus(INTERVAL);
                }
            }
            Awaitility.await().atMost(duration.plusMinutes(2)).until(() -> waiting() == 0);
            sample(application.pid());
            return verdict(application.stop());
        }
    }

    private Duration elapsed() {
        return Duration.between(start, Instant.now());
    }

    /** Stores a random original, mostly a picture, under a key that is reused. */
    private void storeOne() {
        Original original =
                switch (random.nextInt(10)) {
                    case 0, 1 -> Original.corrupt(random);
                    case 2 -> new Original(new byte[MAX_BYTES + 1], Original.NONE);
                    case 3 -> new Original(Pictures.plain(ImageFormat.PNG, 1001, 1000, Color.RED), Original.NONE);
                    case 4 -> new Original(Pictures.noise(ImageFormat.JPEG, 400, 300), null);
                    default -> Original.picture(random);
                };
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> waiting() < MAX_WAITING);
        String key = "soak/" + random.nextInt(5000);
        PIPELINE.store(key, original.bytes());
        present.put(key, original);
        stored++;
    }

    private static int waiting() {
        return PIPELINE.count(PIPELINE.resources.events());
    }

    private void sample(long pid) throws IOException, InterruptedException {
        Path process = Path.of("/proc", String.valueOf(pid));
        long handles;
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            handles = files.count();
        }
        long rss = first("VmRSS:\\s+(\\d+) kB", Files.readString(process.resolve("status"))) / 1024;
        Sample sample = new Sample(elapsed().toSeconds(), stored - waiting(), liveHeap(pid), rss, handles);
        samples.add(sample);
        System.out.printf(
                "%8d %8d %8d %8d %8d%n", sample.second, sample.events, sample.heap, sample.rss, sample.handles);
    }

    /** Returns the heap usage after a garbage collection in MB. */
    private static long liveHeap(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        return Pattern.compile("used (\\d+)K")
                        .matcher(jcmd(pid, "GC.heap_info").replaceAll("(?m)^ *(Metaspace|class space).*$", ""))
                        .results()
                        .map(MatchResult::group)
                        .mapToLong(used -> Long.parseLong(used.replaceAll("\\D", "")))
                        .sum()
                / 1024;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try (Command run =
                Command.start(Path.of("."), Map.of(), List.of(jcmd.toString(), String.valueOf(pid), command))) {
            run.exitCode();
            return run.output();
        }
    }

    private static long first(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private boolean verdict(int exitCode) {
        Map<String, List<Message>> failures = PIPELINE.failures();
        long thumbnails = PIPELINE.keys(PIPELINE.resources.thumbnails()).size();
        long wrong = present.entrySet().stream()
                .filter(entry -> !isRight(entry.getKey(), entry.getValue(), failures))
                .count();
        long reported = present.values().stream()
                .filter(original -> !isPicture(original))
                .count();
        int dead = PIPELINE.count(PIPELINE.resources.dead());
        System.out.printf(
                "%d stored, %d originals: %d thumbnails, %d reported, %d wrong, %d dead; exit code %d%n",
                stored, present.size(), thumbnails, reported, wrong, dead, exitCode);
        boolean isStable =
                isStable("heap", Sample::heap) & isStable("RSS", Sample::rss) & isStable("handles", Sample::handles);
        boolean good =
                isStable && wrong == 0 && dead == 0 && thumbnails + reported == present.size() && exitCode == 143;
        System.out.println(good ? "good" : "NOT GOOD");
        return good;
    }

    private static boolean isPicture(Original original) {
        return original.thumbnail() == null || original.isPicture();
    }

    /** Checks the outcome of an original. The content of thumbnails of noise cannot be compared. */
    private static boolean isRight(String key, Original original, Map<String, List<Message>> failures) {
        String outcome = PIPELINE.outcome(key);
        if (original.thumbnail() == null) {
            return outcome.startsWith("200x150 ") && outcome.endsWith(original.eTag());
        }
        return outcome.equals(original.outcome()) && (original.isPicture() || failures.containsKey(key));
    }

    /**
     * Compares the median of the first third after the warm-up (a tenth of the time) with the median of the last third.
     */
    private boolean isStable(String name, ToLongFunction<Sample> value) {
        List<Sample> warm = samples.subList(samples.size() / 10, samples.size());
        long first = median(warm.subList(0, Math.max(1, warm.size() / 3)), value);
        long last = median(warm.subList(warm.size() * 2 / 3, warm.size()), value);
        boolean flat = last <= first * TOLERANCE + 1;
        System.out.printf("%s: %d, then %d: %s%n", name, first, last, flat ? "flat" : "GROWS");
        return flat;
    }

    private static long median(List<Sample> part, ToLongFunction<Sample> value) {
        return part.stream()
                .mapToLong(value)
                .sorted()
                .skip(part.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
