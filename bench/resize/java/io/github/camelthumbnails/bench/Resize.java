// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Runs a contender as a program, for what JMH cannot do: inspect the thumbnails and measure peak memory.
 *
 * <ul>
 *   <li>{@code dump CONTENDER DIRECTORY PICTURE...} writes thumbnails to files.
 *   <li>{@code peak CONTENDER COUNT PICTURE} makes COUNT thumbnails and prints the peak memory of the process.
 * </ul>
 *
 * <p>Both print one line of JSON: {@code dump} for each picture that failed, {@code peak} for its picture.
 */
public final class Resize {

    private Resize() {}

    /** Runs one mode. In {@code peak} mode, exits with 1 if the thumbnail cannot be made. */
    public static void main(String[] args) throws Exception {
        Contender contender = Contender.named(args[1]);
        if (args[0].equals("dump")) {
            for (int i = 3; i < args.length; i++) {
                dump(contender, Path.of(args[2]), Path.of(args[i]));
            }
        } else {
            peak(contender, Integer.parseInt(args[2]), Files.readAllBytes(Path.of(args[3])));
        }
    }

    private static void dump(Contender contender, Path directory, Path picture) throws IOException {
        byte[] original = Files.readAllBytes(picture);
        try {
            Files.write(directory.resolve(picture.getFileName()), contender.thumbnail(original));
        } catch (Exception e) {
            print(Map.of("picture", picture, "error", String.valueOf(e.getMessage())));
        }
    }

    private static void peak(Contender contender, int count, byte[] original) throws Exception {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes = contender.thumbnail(original).length;
        }
        String peak = Files.readString(Path.of("/proc/self/status")).replaceFirst("(?s).*VmHWM:\\s+(\\d+) kB.*", "$1");
        print(Map.of("peakKiB", Long.valueOf(peak), "bytes", bytes));
    }

    private static void print(Map<String, Object> values) {
        System.out.println(new TreeMap<>(values)
                .entrySet().stream()
                        .map(value -> '"' + value.getKey() + "\": " + json(value.getValue()))
                        .collect(Collectors.joining(", ", "{", "}")));
    }

    private static String json(Object value) {
        return value instanceof Number
                ? value.toString()
                : '"' + value.toString().replaceAll("[\"\\\\\\p{Cntrl}]", " ") + '"';
    }
}
