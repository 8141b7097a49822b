// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Creates thumbnails without a memory budget and prints each result. For tests that run a process with little memory.
 */
final class DecodeRun {

    private DecodeRun() {}

    /**
     * Creates the thumbnails.
     *
     * @param args whether to use libjpeg-turbo and libdeflate, then the files
     */
    public static void main(String[] args) throws Exception {
        ImageLimits limits = new ImageLimits(50_000_000, Budgets.UNLIMITED, Duration.ofSeconds(60));
        SingleThumbnailer thumbnailer = new SingleThumbnailer(
                new Scale(new BigDecimal("0.5")),
                0.8,
                Boolean.parseBoolean(args[0]),
                limits,
                new HangingDecodes(Duration.ZERO));
        for (int i = 1; i < args.length; i++) {
            Path file = Path.of(args[i]);
            String outcome;
            try {
                Thumbnail thumbnail = thumbnailer.thumbnail(Files.readAllBytes(file));
                outcome = thumbnail.width() + " x " + thumbnail.height();
            } catch (UnusableImageException e) {
                outcome = e.reason() + ": " + e.getMessage();
            } catch (WorkerLimitException e) {
                outcome = e.reason() + ": " + e.getMessage();
            }
            System.out.println(file.getFileName() + ": " + outcome);
        }
        System.exit(0);
    }
}
