// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.imageio.ByteArrayImageInputStream;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadProgressListener;
import javax.imageio.stream.ImageInputStream;

/**
 * The frames of a GIF as browsers show them: each one drawn over what the ones before have left on the logical screen. One is
 * decoded at a time.
 */
final class GifFrames implements FrameReader {

    private static final int OPAQUE = 0xFF000000;

    private final ImageReader reader;
    private final ImageInputStream in;
    private final GifBlocks blocks;
    private final BufferedImage screen;
    private final int[] pixels;
    private final Completeness completeness = new Completeness();
    private boolean started;
    private int index;
    private boolean cleared;
    private boolean restored;
    private Area area = new Area(0, 0, 0, 0);
    private int[] covered = {};

    /** The part of a frame that is on the screen. */
    private record Area(int left, int top, int width, int height) {}

    /**
     * @param cancelled whether to give up
     * @throws IOException if it has no frame
     */
    GifFrames(byte[] file, BooleanSupplier cancelled) throws IOException {
        this.blocks = new GifBlocks(file);
        if (!blocks.next()) {
            throw new IIOException("no frame");
        }
        boolean given = blocks.screenWidth() > 0 && blocks.screenHeight() > 0;
        screen = new BufferedImage(
                given ? blocks.screenWidth() : blocks.width(),
                given ? blocks.screenHeight() : blocks.height(),
                BufferedImage.TYPE_INT_ARGB);
        pixels = ((DataBufferInt) screen.getRaster().getDataBuffer()).getData();
        // Last, because nobody closes what throws while it is created.
        in = new ByteArrayImageInputStream(file, cancelled);
        reader = ImageIoReader.find("GIF");
        reader.setInput(in, true, true);
        reader.addIIOReadProgressListener(completeness);
        reader.addIIOReadWarningListener((source, warning) -> completeness.warning = warning);
    }

    @Override
    public int delayMillis() {
        return 10 * blocks.delay();
    }

    @Override
    public int loops() {
        return blocks.loops();
    }

    @Override
    public void close() throws IOException {
        reader.dispose();
        in.close();
    }

    /** Returns the logical screen with the next frame on it; transparent where nothing is drawn. */
    @Override
    public BufferedImage next() throws IOException {
        if (started && !blocks.next()) {
            return null;
        }
        started = true;
        dispose();
        cleared = blocks.isCleared();
        restored = blocks.isRestored();
        int left = Math.min(blocks.left(), screen.getWidth());
        int top = Math.min(blocks.top(), screen.getHeight());
        area = new Area(
                left,
                top,
                Math.min(blocks.width(), screen.getWidth() - left),
                Math.min(blocks.height(), screen.getHeight() - top));
        if (restored) {
            covered = copy(area);
        }
        BufferedImage frame = readOrNull();
        if (frame == null) {
            return null;
        }
        draw(frame);
        return screen;
    }

    /** Returns the next frame, or null if it is broken and there are frames before it, which are kept as browsers do. */
    private BufferedImage readOrNull() throws IOException {
        try {
            return read();
        } catch (IOException | RuntimeException e) {
            if (index == 1 || e instanceof CancellationException) {
                throw e;
            }
            return null;
        }
    }

    private BufferedImage read() throws IOException {
        completeness.percentage = 0;
        BufferedImage frame = reader.read(index++);
        if (completeness.warning != null) {
            throw new IIOException(completeness.warning);
        }
        if (completeness.percentage < 100) {
            throw new IIOException("a frame lacks pixels");
        }
        return frame;
    }

    private void draw(BufferedImage frame) {
        IndexColorModel model = (IndexColorModel) frame.getColorModel();
        int[] colors = new int[1 << Byte.SIZE]; // transparent where the colour table has none
        model.getRGBs(colors);
        if (blocks.transparentIndex() >= model.getMapSize()) {
            // ImageIO makes the last colour transparent instead.
            for (int i = 0; i < model.getMapSize(); i++) {
                colors[i] |= OPAQUE;
            }
        }
        Raster raster = frame.getRaster();
        int[] line = new int[frame.getWidth()];
        for (int y = 0; y < area.height; y++) {
            raster.getPixels(0, y, frame.getWidth(), 1, line);
            int target = (area.top + y) * screen.getWidth() + area.left;
            for (int x = 0; x < area.width; x++) {
                int color = colors[line[x]];
                if (color < 0) { // opaque
                    pixels[target + x] = color;
                }
            }
        }
    }

    private void dispose() {
        for (int y = 0; y < area.height; y++) {
            int target = (area.top + y) * screen.getWidth() + area.left;
            if (cleared) {
                Arrays.fill(pixels, target, target + area.width, 0);
            } else if (restored) {
                System.arraycopy(covered, y * area.width, pixels, target, area.width);
            }
        }
    }

    private int[] copy(Area area) {
        int[] copy = new int[area.width * area.height];
        for (int y = 0; y < area.height; y++) {
            int source = (area.top + y) * screen.getWidth() + area.left;
            System.arraycopy(pixels, source, copy, y * area.width, area.width);
        }
        return copy;
    }

    /** ImageIO only warns of data that make no sense, and says nothing of missing lines. */
    private static final class Completeness implements IIOReadProgressListener {

        private float percentage;
        private String warning;

        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            percentage = percentageDone;
        }

        @Override
        public void sequenceStarted(ImageReader source, int minIndex) {}

        @Override
        public void sequenceComplete(ImageReader source) {}

        @Override
        public void imageStarted(ImageReader source, int imageIndex) {}

        @Override
        public void imageComplete(ImageReader source) {}

        @Override
        public void thumbnailStarted(ImageReader source, int imageIndex, int thumbnailIndex) {}

        @Override
        public void thumbnailProgress(ImageReader source, float percentageDone) {}

        @Override
        public void thumbnailComplete(ImageReader source) {}

        @Override
        public void readAborted(ImageReader source) {}
    }
}
