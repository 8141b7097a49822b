// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures one {@link Stage}, which may have several steps, such as the frames of an animation. Only the thread that does the work writes
 * to it. Any thread can read it, even while an abandoned decode is still running.
 */
final class Stopwatch {

    private final Stage.Kind kind;
    private final String format;
    private final long pixels;

    private String codec;
    private Instant start;
    private long nanos;
    private long stepStart;
    private boolean running;
    private boolean failed;
    private boolean finished;
    private long frames;
    private long bytes;

    /**
     * Creates a stopwatch that is not running.
     *
     * @param format the format to decode or to encode, in any case
     * @param pixels pixels of one frame
     */
    Stopwatch(Stage.Kind kind, String format, long pixels) {
        this.kind = kind;
        this.format = format.toLowerCase(Locale.ROOT);
        this.pixels = pixels;
    }

    /** A step of the work. */
    interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Runs and measures a step.
     *
     * @param library name of the library that does the work
     */
    <T> T time(String library, Step<T> step) throws IOException {
        begin(library);
        boolean succeeded = false;
        try {
            T result = step.run();
            succeeded = true;
            return result;
        } finally {
            end(succeeded);
        }
    }

    /** Opens a picture. The time of this and of the frames that are read then is measured. */
    FrameReader open(String library, Step<FrameReader> opening) throws IOException {
        FrameReader reader = time(library, opening);
        return new FrameReader() {
            @Override
            public BufferedImage next() throws IOException {
                BufferedImage frame = time(library, reader::next);
                if (frame != null) {
                    countFrame();
                }
                return frame;
            }

            @Override
            public int delayMillis() {
                return reader.delayMillis();
            }

            @Override
            public int plays() {
                return reader.plays();
            }

            @Override
            public Optional<byte[]> profile() {
                return reader.profile();
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }

    /** Returns a writer that does the same as another one, and measures it. */
    FrameWriter measure(String library, FrameWriter writer) {
        return new FrameWriter() {
            @Override
            public boolean wantsMore() {
                return writer.wantsMore();
            }

            @Override
            public void add(BufferedImage frame, int delayMillis, int plays) throws IOException {
                time(library, () -> {
                    writer.add(frame, delayMillis, plays);
                    return null;
                });
                countFrame();
            }

            @Override
            public byte[] finish(int plays, Optional<byte[]> profile) throws IOException {
                return time(library, () -> writer.finish(plays, profile));
            }

            @Override
            public void close() throws IOException {
                writer.close();
            }
        };
    }

    private synchronized void begin(String library) {
        codec = library;
        if (start == null) {
            start = Instant.now();
        }
        stepStart = System.nanoTime();
        running = true;
    }

    private synchronized void end(boolean succeeded) {
        nanos += System.nanoTime() - stepStart;
        running = false;
        failed |= !succeeded;
    }

    private synchronized void countFrame() {
        frames++;
    }

    /**
     * Ends the stage successfully.
     *
     * @param fileBytes size of the file that was decoded or encoded
     */
    synchronized void finish(long fileBytes) {
        bytes = fileBytes;
        finished = true;
    }

    /** Returns the stage, which has failed if a step has failed or is still running. Empty if it did not begin or not end. */
    synchronized Optional<Stage> stage() {
        boolean unsuccessful = failed || running;
        if (start == null || !finished && !unsuccessful) {
            return Optional.empty();
        }
        return Optional.of(new Stage(
                kind,
                format,
                codec,
                pixels * Math.max(1, frames),
                bytes,
                start,
                Duration.ofNanos(running ? nanos + System.nanoTime() - stepStart : nanos),
                unsuccessful));
    }
}
