// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Decodes animations with random damage, and exits with 1 unless each results in frames or an {@link IOException}. Runs
 * as a separate process, because damage that libwebp does not detect would crash it.
 */
final class DamagedAnimationsRun {

    private static final int[] EXTREMES = {0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
    private static final long MAX_PIXELS = 1_000_000;
    private static final long MAX_MILLIS = 10_000;
    private static final int HEADER_BYTES = 100;

    private DamagedAnimationsRun() {}

    /**
     * Decodes the animations.
     *
     * @param args seed and count
     */
    public static void main(String[] args) throws IOException {
        long seed = Long.parseLong(args[0]);
        int count = Integer.parseInt(args[1]);
        List<byte[]> originals = originals();
        Map<String, Integer> outcomes = new TreeMap<>();
        int failures = 0;
        long slowest = 0;
        for (int i = 0; i < count; i++) {
            byte[] file = damage(originals, new Random(seed * 1_000_003 + i));
            long start = System.nanoTime();
            try {
                outcomes.merge(outcome(file), 1, Integer::sum);
            } catch (RuntimeException | Error e) {
                failures++;
                System.out.println("seed " + seed + ", index " + i + ": " + e);
                e.printStackTrace(System.out);
            }
            slowest = Math.max(slowest, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
        failures += slowest > MAX_MILLIS ? 1 : 0;
        System.out.printf(
                "%d animations of seed %d: %s; slowest %d ms; %s; %d failures%n",
                count, seed, outcomes, slowest, peakMemory(), failures);
        System.exit(failures == 0 ? 0 : 1);
    }

    private static String outcome(byte[] file) {
        try {
            WebpHeader header = WebpHeader.read(file);
            if ((long) header.width() * header.height() > MAX_PIXELS) {
                return "TooManyPixels";
            }
            int frames = 0;
            try (WebpAnimationReader reader = WebpAnimationReader.open(file)) {
                while (reader.hasNext()) {
                    reader.next();
                    frames++;
                }
            } catch (IOException e) {
                return frames == 0 ? "NoFrame" : "SomeFrames";
            }
            if (frames > header.frames()) {
                throw new IllegalStateException(
                        "the header says " + header.frames() + " frames, but there are " + frames);
            }
            return frames == header.frames()
                    ? "AllFrames"
                    : "FewerFrames"; // the header also counts frames without data
        } catch (IOException e) {
            return "BrokenHeader";
        }
    }

    private static List<byte[]> originals() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : List.of(
                "animated-lossless",
                "blend-and-dispose",
                "first-frame-offset",
                "from-gif",
                "lossy",
                "lossy-alpha",
                "mixed",
                "still-lossy-alpha")) {
            files.add(WebpFiles.read(name));
        }
        for (int i = 0; i < 4; i++) { // larger ones, in which most of the damage hits the pixels
            files.add(gradients(false));
            files.add(gradients(true));
        }
        return files;
    }

    /** Creates an animation that is large enough to use most features of the format. */
    private static byte[] gradients(boolean lossless) throws IOException {
        try (WebpAnimationWriter writer = new WebpAnimationWriter(80, 60, 0, 0.8, lossless)) {
            for (int i = 0; i < 6; i++) {
                BufferedImage image = new BufferedImage(80, 60, BufferedImage.TYPE_INT_ARGB);
                Graphics2D graphics = image.createGraphics();
                graphics.setPaint(new GradientPaint(i, 0, Color.RED, 80, 60, new Color(0, 40 * i, 255, 50)));
                graphics.fillOval(5 * i, 5, 50, 50);
                graphics.dispose();
                writer.add(image, 50);
            }
            return writer.finish();
        }
    }

    private static byte[] damage(List<byte[]> originals, Random random) {
        byte[] file = originals.get(random.nextInt(originals.size())).clone();
        for (int i = random.nextInt(3); i >= 0 && file.length > 20; i--) {
            int range = random.nextInt(4) > 0 ? file.length : Math.min(file.length, HEADER_BYTES);
            int position = random.nextInt(range);
            switch (random.nextInt(7)) {
                case 0 -> file = Arrays.copyOf(file, 1 + random.nextInt(file.length));
                case 1 ->
                    Arrays.fill(file, position, Math.min(file.length, position + 1 + random.nextInt(16)), (byte)
                            -random.nextInt(2));
                case 2 ->
                    ByteBuffer.wrap(file)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putInt(Math.min(position, file.length - 4), EXTREMES[random.nextInt(EXTREMES.length)]);
                case 3 -> {
                    byte[] other = originals.get(random.nextInt(originals.size()));
                    int from = random.nextInt(other.length);

                    byte[] spliced = Arrays.copyOf(file, position + other.length - from);
                    System.arraycopy(other, from, spliced, position, other.length - from);
                    file = spliced;
                }
                default -> {
                    for (int n = random.nextInt(8); n >= 0; n--) {
                        file[random.nextInt(range)] ^= (byte) (1 << random.nextInt(8));
                    }
                }
            }
        }
        return file;
    }

    /** Returns the line with the peak memory from the status of the process, on systems that have it. */
    private static String peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "memory unknown";
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM")).findFirst().orElse("memory unknown");
        }
    }
}
