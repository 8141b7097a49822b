// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import io.github.camelthumbnails.image.FrameWriter;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * Encodes a still or animated GIF. After the first frame, it writes only the pixels that differ from the screen.
 * Later frames reuse the palette of the first one if it fits their colours.
 */
final class GifWriter implements FrameWriter {

    /** Minimum alpha of pixels that become opaque. All others become transparent. */
    private static final int MIN_OPAQUE_ALPHA = 128;

    /** Maximum number of colours of a frame. One of the 256 indexes is reserved for transparent pixels. */
    private static final int MAX_COLORS = 255;

    /** Maximum loop count that fits into the file. */
    private static final int MAX_LOOPS = 0xFFFF;

    /** Maximum mean squared distance up to which a frame reuses the palette of the first frame. */
    private static final int MAX_MEAN_DISTANCE = 12;

    private final int width;
    private final int height;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ImageOutputStream out = ImageIO.createImageOutputStream(bytes);
    private final ImageWriter writer =
            ImageIO.getImageWritersByFormatName("gif").next();

    /** Pixels of the screen before the pending frame is drawn. */
    private int[] screen;

    /**
     * The last frame that was added. It is not written yet, because its disposal method depends on the frame after it.
     */
    private int[] pending;

    private int pendingDelay;
    private GifPalette firstPalette;

    /** Creates a writer for frames of this size. */
    GifWriter(int width, int height) throws IOException {
        this.width = width;
        this.height = height;
        this.screen = new int[width * height];
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
    }

    /**
     * {@inheritDoc}
     *
     * @param plays the value that is passed with the second frame is written
     */
    @Override
    public void add(BufferedImage frame, int delayMillis, int plays) throws IOException {
        int[] pixels = argb(frame);
        boolean clear = false;
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixels[i] >>> 24 < MIN_OPAQUE_ALPHA ? 0 : pixels[i] | 0xFF << 24;
            clear |= pending != null && pixels[i] == 0 && pending[i] != 0;
        }
        if (pending != null) {
            write(clear ? pixels : null, plays);
        }
        pending = pixels;
        pendingDelay = delayMillis / 10;
    }

    private static int[] argb(BufferedImage frame) {
        if (frame.getType() == BufferedImage.TYPE_INT_ARGB) {
            return ((DataBufferInt) frame.getRaster().getDataBuffer()).getData();
        }
        int[] pixels = new int[frame.getWidth() * frame.getHeight()];
        if (frame.getType() == BufferedImage.TYPE_BYTE_GRAY) { // which Java would convert as if it were linear
            frame.getRaster().getSamples(0, 0, frame.getWidth(), frame.getHeight(), 0, pixels);
            Arrays.setAll(pixels, i -> 0xFF000000 | pixels[i] * 0x010101);
            return pixels;
        }
        return frame.getRGB(0, 0, frame.getWidth(), frame.getHeight(), pixels, 0, frame.getWidth());
    }

    @Override
    public byte[] finish(int plays, Optional<byte[]> profile) throws IOException {
        write(null, plays);
        writer.endWriteSequence();
        out.flush();
        return bytes.toByteArray();
    }

    @Override
    public void close() throws IOException {
        writer.dispose();
        out.close();
    }

    /**
     * Writes the pending frame.
     *
     * @param next the next frame if it is transparent where the pending one is not, so that the pending one has to be
     *     cleared before it; null otherwise
     */
    private void write(int[] next, int plays) throws IOException {
        Rectangle area = firstPalette == null ? new Rectangle(width, height) : changedArea(next);
        int[] changed = changedPixels(area);
        int[] indexes = firstPalette == null
                ? null
                : indexesOf(changed, firstPalette, (long) changed.length * MAX_MEAN_DISTANCE);
        GifPalette palette = firstPalette;
        if (indexes == null) {
            palette = GifPalette.choose(changed, MAX_COLORS);
            indexes = indexesOf(changed, palette, Long.MAX_VALUE);
        }
        int transparent = changed.length < area.width * area.height ? palette.colors().length : -1;
        BufferedImage image = createImage(indexes, area, palette.colors(), transparent);
        writer.writeToSequence(new IIOImage(image, null, metadata(image, area, next != null, plays)), null);
        out.flush(); // otherwise the stream keeps a copy of all frames
        firstPalette = firstPalette == null ? palette : firstPalette;
        screen = pending;
        if (next != null) {
            screen = pending.clone();
            for (int y = area.y; y < area.y + area.height; y++) {
                Arrays.fill(screen, y * width + area.x, y * width + area.x + area.width, 0);
            }
        }
    }

    /**
     * Returns the area to draw. If a next frame is given, the area includes all pixels that have to be cleared before
     * it.
     */
    private Rectangle changedArea(int[] next) {
        int left = width;
        int right = -1;
        int top = height;
        int bottom = -1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                if (pending[i] != screen[i] || next != null && next[i] == 0 && pending[i] != 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = y;
                }
            }
        }
        return right < 0 ? new Rectangle(1, 1) : new Rectangle(left, top, right - left + 1, bottom - top + 1);
    }

    private int[] changedPixels(Rectangle area) {
        int[] changed = new int[area.width * area.height];
        int count = 0;
        for (int y = area.y; y < area.y + area.height; y++) {
            for (int i = y * width + area.x; i < y * width + area.x + area.width; i++) {
                if (pending[i] != screen[i]) {
                    changed[count++] = pending[i];
                }
            }
        }
        return Arrays.copyOf(changed, count);
    }

    /** Returns the palette index for each colour, or null if the sum of the squared distances exceeds the maximum. */
    private static int[] indexesOf(int[] colors, GifPalette palette, long maxDistance) {
        int[] indexes = new int[colors.length];
        long distance = 0;
        for (int i = 0; i < colors.length; i++) {
            indexes[i] = palette.nearestIndex(colors[i]);
            distance += GifPalette.distance(colors[i], palette.colors()[indexes[i]]);
            if (distance > maxDistance) {
                return null;
            }
        }
        return indexes;
    }

    private BufferedImage createImage(int[] indexes, Rectangle area, int[] colors, int transparent) {
        // Always reserves an entry for the transparent colour, so that the table is the same for all frames.
        int[] table = Arrays.copyOf(colors, colors.length + 1);
        table[colors.length] = colors[0];
        int bits = table.length <= 2 ? 1 : table.length <= 4 ? 2 : table.length <= 16 ? 4 : 8;
        IndexColorModel model =
                new IndexColorModel(bits, table.length, table, 0, false, transparent, DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(area.width, area.height);
        int[] line = new int[area.width];
        int next = 0;
        for (int y = 0; y < area.height; y++) {
            for (int x = 0; x < area.width; x++) {
                int i = (area.y + y) * width + area.x + x;
                line[x] = pending[i] == screen[i] ? transparent : indexes[next++];
            }
            raster.setPixels(0, y, area.width, 1, line);
        }
        return new BufferedImage(model, raster, false, null);
    }

    private IIOMetadata metadata(BufferedImage image, Rectangle area, boolean clear, int plays) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
        IIOMetadataNode root = new IIOMetadataNode(metadata.getNativeMetadataFormatName());
        IIOMetadataNode descriptor = child(root, "ImageDescriptor");
        descriptor.setAttribute("imageLeftPosition", String.valueOf(area.x));
        descriptor.setAttribute("imageTopPosition", String.valueOf(area.y));
        descriptor.setAttribute("imageWidth", String.valueOf(area.width));
        descriptor.setAttribute("imageHeight", String.valueOf(area.height));
        descriptor.setAttribute("interlaceFlag", "FALSE");
        int transparent = ((IndexColorModel) image.getColorModel()).getTransparentPixel();
        IIOMetadataNode control = child(root, "GraphicControlExtension");
        control.setAttribute("disposalMethod", clear ? "restoreToBackgroundColor" : "doNotDispose");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", transparent < 0 ? "FALSE" : "TRUE");
        control.setAttribute("transparentColorIndex", String.valueOf(Math.max(0, transparent)));
        control.setAttribute("delayTime", String.valueOf(pendingDelay));
        if (firstPalette == null && plays != 1) {
            int loops = Math.max(0, Math.min(plays, MAX_LOOPS + 1) - 1); // how often it is repeated
            IIOMetadataNode loop = child(child(root, "ApplicationExtensions"), "ApplicationExtension");
            loop.setAttribute("applicationID", "NETSCAPE");
            loop.setAttribute("authenticationCode", "2.0");
            loop.setUserObject(new byte[] {1, (byte) loops, (byte) (loops >> Byte.SIZE)});
        }
        metadata.mergeTree(root.getNodeName(), root);
        return metadata;
    }

    private static IIOMetadataNode child(IIOMetadataNode parent, String name) {
        IIOMetadataNode child = new IIOMetadataNode(name);
        parent.appendChild(child);
        return child;
    }
}
