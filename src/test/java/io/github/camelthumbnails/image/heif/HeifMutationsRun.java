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
import java.util.concurrent.TimeUnit;

/**
 * Decodes damaged HEIC and AVIF files and exits with 1 if one ends in anything but a picture, an {@link IOException} or too much
 * time. A process of its own, because a crash in native code ends it. The file that is being decoded is kept until it is done.
 */
final class HeifMutationsRun {

    private static final long MAX_PIXELS = 1_000_000;

    /** On a slow machine; a decode at the limit of pixels takes a fraction of a second. */
    private static final long MAX_SECONDS = 20;

    private static final int[] EXTREMES = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 0x8000, 0xFFFF, 0x7FFF, 0x10000};

    private HeifMutationsRun() {}

    /**
     * Runs it.
     *
     * @param args seed, count, the file for the picture in work and, to repeat one, the index to begin with
     */
    public static void main(String[] args) throws IOException {
        long seed = Long.parseLong(args[0]);
        int count = Integer.parseInt(args[1]);
        Path inWork = Path.of(args[2]);
        int first = args.length > 3 ? Integer.parseInt(args[3]) : 0;
        LibHeif library = LibHeif.find().orElseThrow();
        List<byte[]> sound = sound();
        Map<Kind, Map<String, Integer>> outcomes = new EnumMap<>(Kind.class);
        int failures = 0;
        for (int i = first; i < first + count; i++) {
            Random random = new Random(seed * 1_000_003 + i);
            byte[] file = damaged(sound.get(random.nextInt(sound.size())), random);
            Files.write(inWork, file);
            long start = System.nanoTime();
            String outcome;
            try {
                HeifHeader header = HeifHeader.read(file);
                library.decode(file, header.width(), header.height(), MAX_PIXELS, () -> false);
                outcome = "Picture";
            } catch (IOException e) {
                outcome = e.getClass().getSimpleName();
            } catch (RuntimeException | Error e) {
                outcome = "FAILED";
                failures++;
                System.out.println("index " + i + ": " + e);
                e.printStackTrace(System.out);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            if (seconds > MAX_SECONDS) {
                failures++;
                System.out.println("index " + i + " took " + seconds + " s");
            }
            HeifHeader.recognise(file).ifPresent(kind -> outcomes.computeIfAbsent(kind, k -> new TreeMap<>()));
            Kind kind = HeifHeader.recognise(file).orElse(Kind.HEIC);
            outcomes.computeIfAbsent(kind, k -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
        }
        System.out.printf("%d files of seed %d: %s; %d failures%n", count, seed, outcomes, failures);
        System.exit(failures == 0 ? 0 : 1);
    }

    private static List<byte[]> sound() throws IOException {
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

    private static byte[] damaged(byte[] sound, Random random) {
        byte[] file = sound.clone();
        // Half of the damage goes into the coded picture, which the boxes before it must survive to reach.
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
