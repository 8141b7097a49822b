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
 * Decodes the frames of a GIF one by one, as browsers show them: each is drawn onto the logical screen over the frames
 * before it.
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
    private boolean disposesToBackground;
    private boolean disposesToPrevious;
    private Area area = new Area(0, 0, 0, 0);

    /** Pixels of the screen below the current frame, if they are restored before the next frame. */
    private int[] coveredPixels = {};

    /** The part of a frame that lies on the screen. */
    private record Area(int left, int top, int width, int height) {}

    /**
     * Opens a GIF for decoding.
     *
     * @param cancelled returns true once the caller has given up
     * @throws IOException if the file has no frame
     */
    GifFrames(byte[] file, BooleanSupplier cancelled) throws IOException {
        this.blocks = new GifBlocks(file);
        if (!blocks.next()) {
            throw new IIOException("the file has no frame");
        }
        boolean hasScreenSize = blocks.screenWidth() > 0 && blocks.screenHeight() > 0;
        screen = new BufferedImage(
                hasScreenSize ? blocks.screenWidth() : blocks.width(),
                hasScreenSize ? blocks.screenHeight() : blocks.height(),
                BufferedImage.TYPE_INT_ARGB);
        pixels = ((DataBufferInt) screen.getRaster().getDataBuffer()).getData();
        // Last: if the constructor throws, nobody can close the stream and the reader.
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
    public int plays() {
        return blocks.loops() == 0 ? 0 : Math.max(0, blocks.loops()) + 1; // a file that does not say is played once
    }

    @Override
    public void close() throws IOException {
        reader.dispose();
        in.close();
    }

    /**
     * Draws the next frame onto the logical screen and returns the screen, which is transparent where nothing has been
     * drawn.
     */
    @Override
    public BufferedImage next() throws IOException {
        if (started && !blocks.next()) {
            return null;
        }
        started = true;
        dispose();
        disposesToBackground = blocks.disposesToBackground();
        disposesToPrevious = blocks.disposesToPrevious();
        int left = Math.min(blocks.left(), screen.getWidth());
        int top = Math.min(blocks.top(), screen.getHeight());
        area = new Area(
                left,
                top,
                Math.min(blocks.width(), screen.getWidth() - left),
                Math.min(blocks.height(), screen.getHeight() - top));
        if (disposesToPrevious) {
            coveredPixels = copy(area);
        }
        BufferedImage frame = readOrNull();
        if (frame == null) {
            return null;
        }
        draw(frame);
        return screen;
    }

    /**
     * Decodes the next frame. Returns null if a frame other than the first is broken, which ends the animation as in
     * browsers.
     */
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
            throw new IIOException("a frame is cut off");
        }
        return frame;
    }

    private void draw(BufferedImage frame) {
        IndexColorModel model = (IndexColorModel) frame.getColorModel();
        int[] colors = new int[1 << Byte.SIZE]; // colours beyond the colour table are transparent
        model.getRGBs(colors);
        if (blocks.transparentIndex() >= model.getMapSize()) {
            // ImageIO would make the last colour transparent although the transparent index is beyond the table.
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

    /** Clears or restores the area of the last frame, as its disposal method demands. */
    private void dispose() {
        for (int y = 0; y < area.height; y++) {
            int target = (area.top + y) * screen.getWidth() + area.left;
            if (disposesToBackground) {
                Arrays.fill(pixels, target, target + area.width, 0);
            } else if (disposesToPrevious) {
                System.arraycopy(coveredPixels, y * area.width, pixels, target, area.width);
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

    /**
     * Records the progress and the warnings of ImageIO, which only warns of invalid data and does not report missing
     * rows.
     */
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
