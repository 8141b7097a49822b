// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.pixels.LanczosResizer;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * The luma and chroma samples of a lossy WebP, outside the heap: one plane of luma, and two of chroma that have half its
 * columns and rows, rounded up.
 *
 * @param samples the memory of all planes
 * @param size size of the luma plane
 */
record WebpPlanes(Memory samples, Dimension size) implements AutoCloseable {

    private static final int COUNT = 3;

    /** Allocates the planes of a picture. */
    static WebpPlanes allocate(Dimension size) {
        long chroma = (long) half(size.width) * half(size.height);
        return new WebpPlanes(new Memory((long) size.width * size.height + 2 * chroma), size);
    }

    private static int half(int side) {
        return side / 2 + side % 2;
    }

    /** Returns the number of samples in a row of a plane. */
    int columns(int plane) {
        return plane == 0 ? size.width : half(size.width);
    }

    /** Returns the number of rows of a plane. */
    int rows(int plane) {
        return plane == 0 ? size.height : half(size.height);
    }

    /** Returns the number of samples of a plane. */
    long length(int plane) {
        return (long) columns(plane) * rows(plane);
    }

    /** Returns the start of a plane. */
    Pointer plane(int plane) {
        return samples.share(plane == 0 ? 0 : length(0) + (plane - 1) * length(1));
    }

    /**
     * Returns planes of half the size, rounded up. Each sample is the mean of 2 x 2 samples; an odd last column or row is
     * averaged with itself.
     */
    WebpPlanes halve() {
        WebpPlanes halved = allocate(new Dimension(half(size.width), half(size.height)));
        for (int i = 0; i < COUNT; i++) {
            HalvedRows rows = new HalvedRows(plane(i), columns(i), rows(i));
            Pointer to = halved.plane(i);
            for (int y = 0; y < halved.rows(i); y++) {
                to.write((long) y * halved.columns(i), rows.read(y), 0, halved.columns(i));
            }
        }
        return halved;
    }

    /** Reads the rows of a plane in half its size. */
    private static final class HalvedRows {

        private final Pointer plane;
        private final int columns;
        private final int rows;
        private final byte[] above;
        private final byte[] below;
        private final byte[] mean;

        HalvedRows(Pointer plane, int columns, int rows) {
            this.plane = plane;
            this.columns = columns;
            this.rows = rows;
            this.above = new byte[columns + 1];
            this.below = new byte[columns + 1];
            this.mean = new byte[half(columns)];
        }

        /** Returns a row, which is valid until the next one is read. */
        byte[] read(int y) {
            read(2 * y, above);
            read(Math.min(2 * y + 1, rows - 1), below);
            for (int x = 0; x < mean.length; x++) {
                int i = 2 * x;
                int sum = (above[i] & 0xFF) + (above[i + 1] & 0xFF) + (below[i] & 0xFF) + (below[i + 1] & 0xFF);
                mean[x] = (byte) (sum + 2 >> 2);
            }
            return mean;
        }

        private void read(int y, byte[] row) {
            plane.read((long) y * columns, row, 0, columns);
            row[columns] = row[columns - 1];
        }
    }

    /**
     * Resizes the picture, without converting its samples.
     *
     * @param columns width of the picture in pixels, without the part of the last one that it does not cover
     * @param rows height of the picture in pixels
     */
    WebpPlanes resize(double columns, double rows, Dimension target) {
        WebpPlanes resized = allocate(target);
        for (int i = 0; i < COUNT; i++) {
            BufferedImage from = new BufferedImage(columns(i), rows(i), BufferedImage.TYPE_BYTE_GRAY);
            plane(i).read(0, bytes(from), 0, bytes(from).length);
            BufferedImage to = new BufferedImage(resized.columns(i), resized.rows(i), BufferedImage.TYPE_BYTE_GRAY);
            // The last sample of chroma may stand for fewer pixels than the others, both here and in the target.
            LanczosResizer.forExtent(
                            from, columns * resized.columns(i) / target.width, rows * resized.rows(i) / target.height)
                    .resize(from, to);
            resized.plane(i).write(0, bytes(to), 0, bytes(to).length);
        }
        return resized;
    }

    /**
     * Converts the picture to an image of {@link BufferedImage#TYPE_3BYTE_BGR} of half its size, rounded up. No chroma
     * sample is lost, because there is one for each pixel of the image.
     */
    BufferedImage toHalvedImage() {
        BufferedImage image = new BufferedImage(half(size.width), half(size.height), BufferedImage.TYPE_3BYTE_BGR);
        byte[] pixels = bytes(image);
        HalvedRows luma = new HalvedRows(plane(0), columns(0), rows(0));
        byte[] u = new byte[image.getWidth()];
        byte[] v = new byte[image.getWidth()];
        for (int y = 0; y < image.getHeight(); y++) {
            plane(1).read((long) y * u.length, u, 0, u.length);
            plane(2).read((long) y * v.length, v, 0, v.length);
            convert(luma.read(y), u, v, pixels, 3 * y * image.getWidth());
        }
        return image;
    }

    /** Converts a row with the factors of BT.601 for luma from 16 to 235, of 14 bits, as libwebp does. */
    private static void convert(byte[] luma, byte[] u, byte[] v, byte[] bgr, int start) {
        int i = start;
        for (int x = 0; x < luma.length; x++) {
            int y = 19077 * (luma[x] & 0xFF);
            int blue = u[x] & 0xFF;
            int red = v[x] & 0xFF;
            bgr[i++] = clip(y + 33050 * blue - (17685 << 8));
            bgr[i++] = clip(y - 6419 * blue - 13320 * red + (8708 << 8));
            bgr[i++] = clip(y + 26149 * red - (14234 << 8));
        }
    }

    private static byte clip(int value) {
        return (byte) Math.max(0, Math.min(value >> 14, 255));
    }

    private static byte[] bytes(BufferedImage image) {
        return ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    }

    @Override
    public void close() {
        samples.close();
    }
}
