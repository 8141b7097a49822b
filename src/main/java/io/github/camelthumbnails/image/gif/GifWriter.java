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
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * Writes a GIF of one frame or many. Of each but the first, only what differs from what is shown already is written; the palette of
 * the first frame is used for all whose colours it has.
 */
final class GifWriter implements FrameWriter {

    private static final int OPAQUE = 128;

    /** Of all indexes, one is kept for transparent pixels. */
    private static final int MOST_COLORS = 255;

    /** The mean square of the difference up to which the first frame's palette is good enough for another frame. */
    private static final int SMALL_DIFFERENCE = 12;

    private final int width;
    private final int height;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ImageOutputStream out = ImageIO.createImageOutputStream(bytes);
    private final ImageWriter writer =
            ImageIO.getImageWritersByFormatName("gif").next();

    /** What is there when the waiting frame is drawn. */
    private int[] shown;

    /** The last frame that was added: how it is written depends on the one after it. */
    private int[] waiting;

    private int waitingDelay;
    private GifPalette first;

    /** All frames are to have this size. */
    GifWriter(int width, int height) throws IOException {
        this.width = width;
        this.height = height;
        this.shown = new int[width * height];
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
    }

    /**
     * {@inheritDoc}
     *
     * @param frame of the type {@code TYPE_INT_ARGB}
     * @param loops what is known with the second frame counts
     */
    @Override
    public void add(BufferedImage frame, int delayMillis, int loops) throws IOException {
        int[] pixels = ((DataBufferInt) frame.getRaster().getDataBuffer()).getData();
        boolean clear = false;
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = pixels[i] >>> 24 < OPAQUE ? 0 : pixels[i] | 0xFF << 24;
            clear |= waiting != null && pixels[i] == 0 && waiting[i] != 0;
        }
        if (waiting != null) {
            write(clear ? pixels : null, loops);
        }
        waiting = pixels;
        waitingDelay = delayMillis / 10;
    }

    @Override
    public byte[] finish(int loops) throws IOException {
        write(null, loops);
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
     * Writes the waiting frame.
     *
     * @param next the frame that follows if it is transparent where this one is not: then this one is to be cleared; else null
     */
    private void write(int[] next, int loops) throws IOException {
        Rectangle area = first == null ? new Rectangle(width, height) : area(next);
        int[] changed = changed(area);
        int[] indexes = first == null ? null : indexes(changed, first, (long) changed.length * SMALL_DIFFERENCE);
        GifPalette palette = first;
        if (indexes == null) {
            palette = GifPalette.of(changed, MOST_COLORS);
            indexes = indexes(changed, palette, Long.MAX_VALUE);
        }
        int transparent = changed.length < area.width * area.height ? palette.colors().length : -1;
        BufferedImage image = image(indexes, area, palette.colors(), transparent);
        writer.writeToSequence(new IIOImage(image, null, metadata(image, area, next != null, loops)), null);
        out.flush(); // or it would keep a copy of all frames
        first = first == null ? palette : first;
        shown = waiting;
        if (next != null) {
            shown = waiting.clone();
            for (int y = area.y; y < area.y + area.height; y++) {
                Arrays.fill(shown, y * width + area.x, y * width + area.x + area.width, 0);
            }
        }
    }

    /** What is to be drawn and, if there is a next frame, cleared after it. */
    private Rectangle area(int[] next) {
        int left = width;
        int right = -1;
        int top = height;
        int bottom = -1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = y * width + x;
                if (waiting[i] != shown[i] || next != null && next[i] == 0 && waiting[i] != 0) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = y;
                }
            }
        }
        return right < 0 ? new Rectangle(1, 1) : new Rectangle(left, top, right - left + 1, bottom - top + 1);
    }

    private int[] changed(Rectangle area) {
        int[] changed = new int[area.width * area.height];
        int count = 0;
        for (int y = area.y; y < area.y + area.height; y++) {
            for (int i = y * width + area.x; i < y * width + area.x + area.width; i++) {
                if (waiting[i] != shown[i]) {
                    changed[count++] = waiting[i];
                }
            }
        }
        return Arrays.copyOf(changed, count);
    }

    /** The index of each colour in the palette; null if the sum of the squares of the differences is larger. */
    private static int[] indexes(int[] colors, GifPalette palette, long mostDifference) {
        int[] indexes = new int[colors.length];
        long difference = 0;
        for (int i = 0; i < colors.length; i++) {
            indexes[i] = palette.nearest(colors[i]);
            difference += GifPalette.distance(colors[i], palette.colors()[indexes[i]]);
            if (difference > mostDifference) {
                return null;
            }
        }
        return indexes;
    }

    private BufferedImage image(int[] indexes, Rectangle area, int[] colors, int transparent) {
        // With room for the transparent colour, also if it is not used: so the table is the same for all frames.
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
                line[x] = waiting[i] == shown[i] ? transparent : indexes[next++];
            }
            raster.setPixels(0, y, area.width, 1, line);
        }
        return new BufferedImage(model, raster, false, null);
    }

    private IIOMetadata metadata(BufferedImage image, Rectangle area, boolean clear, int loops) throws IOException {
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
        control.setAttribute("delayTime", String.valueOf(waitingDelay));
        if (first == null && loops >= 0) {
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
