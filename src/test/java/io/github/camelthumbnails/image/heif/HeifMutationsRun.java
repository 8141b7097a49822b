// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.heif.HeifHeader.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decodes damaged HEIC and AVIF files, two in parallel like the application. Exits with 1 unless each results in a
 * picture or an {@link IOException} within the time limit. Runs as a separate process, because native code could crash
 * it; the files being decoded are kept.
 */
final class HeifMutationsRun {

    private static final long MAX_PIXELS = 1_000_000;

    /**
     * Time limit for one file, for slow machines: decoding a picture at the pixel limit takes a fraction of a second.
     */
    private static final long MAX_SECONDS = 20;

    private static final int[] EXTREMES = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 0x8000, 0xFFFF, 0x7FFF, 0x10000};

    private final long seed;
    private final Path inWork;
    private final LibHeif library = LibHeif.find().orElseThrow();
    private final List<byte[]> valid = validFiles();
    private final Map<Kind, Map<String, Integer>> outcomes = new EnumMap<>(Kind.class);
    private int failures;

    private HeifMutationsRun(long seed, Path inWork) throws IOException {
        this.seed = seed;
        this.inWork = inWork;
    }

    /**
     * Decodes the files.
     *
     * @param args seed, count, directory for the files being decoded, and optionally the first index, to repeat a
     *     single file
     */
    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[1]);
        int first = args.length > 3 ? Integer.parseInt(args[3]) : 0;
        HeifMutationsRun run = new HeifMutationsRun(Long.parseLong(args[0]), Path.of(args[2]));
        AtomicInteger next = new AtomicInteger(first);
        ExecutorService workers = Executors.newFixedThreadPool(2);
        for (int worker = 0; worker < 2; worker++) {
            String name = "worker-" + worker;
            workers.execute(() -> {
                for (int i = next.getAndIncrement(); i < first + count; i = next.getAndIncrement()) {
                    run.decode(i, name);
                }
            });
        }
        workers.shutdown();
        workers.awaitTermination(1, TimeUnit.DAYS);
        int done = run.outcomes.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        int failures = run.failures + count - done;
        System.out.printf("%d files of seed %s: %s; %d failures%n", count, args[0], run.outcomes, failures);
        System.exit(failures == 0 ? 0 : 1);
    }

    private void decode(int index, String worker) {
        Random random = new Random(seed * 1_000_003 + index);
        byte[] file = damaged(valid.get(random.nextInt(valid.size())), random);
        long start = System.nanoTime();
        String outcome;
        try {
            Files.write(inWork.resolve(worker), file);
            HeifHeader header = HeifHeader.read(file);
            header.checkPixels(MAX_PIXELS);
            library.decode(file, header, () -> false);
            outcome = "Picture";
        } catch (IOException e) {
            outcome = e.getClass().getSimpleName();
        } catch (RuntimeException | Error e) {
            outcome = "FAILED";
            System.out.println("index " + index + ": " + e);
            e.printStackTrace(System.out);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        if (seconds > MAX_SECONDS) {
            System.out.println("index " + index + " took " + seconds + " s");
            outcome = "FAILED";
        }
        count(HeifHeader.detectKind(file).orElse(Kind.HEIC), outcome);
    }

    private synchronized void count(Kind kind, String outcome) {
        failures += outcome.equals("FAILED") ? 1 : 0;
        outcomes.computeIfAbsent(kind, k -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
    }

    private static List<byte[]> validFiles() throws IOException {
        return List.of(
                HeifFile.resource("plain.heic"),
                HeifFile.resource("plain.avif"),
                HeifFile.resource("odd.heic"),
                HeifFile.resource("odd.avif"),
                HeifFile.resource("alpha.heic"),
                HeifFile.resource("alpha.avif"),
                HeifFile.resource("deep.heic"),
                HeifFile.resource("deep.avif"),
                HeifFile.resource("profile.heic"),
                HeifFile.resource("profile.avif"),
                LibHeifTest.grid("tile.heic", 150, 120),
                LibHeifTest.grid("tile.avif", 150, 120));
    }

    private static byte[] damaged(byte[] valid, Random random) {
        byte[] file = valid.clone();
        // Half of the damage goes into the encoded picture, which is only decoded if the boxes before it are intact.
        int start = random.nextBoolean() ? 0 : dataStart(file);
        for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
            int position = start + random.nextInt(file.length - start - 4);
            switch (random.nextInt(6)) {
                case 0, 1 -> file[position] ^= (byte) (1 << random.nextInt(8));
                case 2 -> {
                    int value = EXTREMES[random.nextInt(EXTREMES.length)];
                    for (int i = random.nextInt(4); i < 4; i++) {
                        file[position + i] = (byte) (value >> 24 - 8 * i);
                    }
                }
                case 3 -> {
                    int end = Math.min(file.length, position + 1 + random.nextInt(32));
                    Arrays.fill(file, position, end, (byte) random.nextInt());
                }
                case 4 -> {
                    for (int i = position; i < Math.min(file.length, position + 16); i++) {
                        file[i] = (byte) random.nextInt();
                    }
                }
                default -> {
                    int length = Math.min(64, file.length - position);
                    System.arraycopy(
                            file, start + random.nextInt(file.length - start - length), file, position, length);
                }
            }
        }
        return random.nextInt(20) == 0 ? Arrays.copyOf(file, 1 + random.nextInt(file.length)) : file;
    }

    private static int dataStart(byte[] file) {
        for (int i = file.length - 8; i > 0; i--) {
            if (file[i] == 'm' && file[i + 1] == 'd' && file[i + 2] == 'a' && file[i + 3] == 't') {
                return i + 4;
            }
        }
        return 0;
    }
}
