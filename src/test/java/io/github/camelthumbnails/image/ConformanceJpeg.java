// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/**
 * Writes the kinds of baseline JPEG that the JDK's writer cannot: any subsampling, any colour components, restart
 * markers, several scans. It quantises by 1, so that any loss is caused by the thumbnailer.
 */
final class ConformanceJpeg {

    /**
     * A set of colour components: converts sRGB colours to samples, and provides the markers and ids that identify it.
     */
    enum Color {
        GREY,
        YCC,
        /** Identified by the Adobe marker. */
        RGB,
        /** Identified by the ids of its components. */
        RGB_BY_ID,
        CMYK,
        YCCK;

        int components() {
            return switch (this) {
                case GREY -> 1;
                case YCC, RGB, RGB_BY_ID -> 3;
                case CMYK, YCCK -> 4;
            };
        }

        private double[] samples(int argb) {
            double r = argb >> 16 & 0xFF;
            double g = argb >> 8 & 0xFF;
            double b = argb & 0xFF;
            return switch (this) {
                case GREY -> new double[] {r};
                case YCC -> ycc(r, g, b);
                case RGB, RGB_BY_ID -> new double[] {r, g, b};
                case CMYK -> inks(r, g, b);
                case YCCK -> {
                    double[] inks = inks(r, g, b);
                    double[] ycc = ycc(255 - inks[0], 255 - inks[1], 255 - inks[2]);
                    yield new double[] {ycc[0], ycc[1], ycc[2], inks[3]};
                }
            };
        }

        private static double[] ycc(double r, double g, double b) {
            double y = 0.299 * r + 0.587 * g + 0.114 * b;
            return new double[] {y, 128 + (b - y) / 1.772, 128 + (r - y) / 1.402};
        }

        /** Converts to CMYK with half of the possible black, inverted as Adobe does: 255 is no ink. */
        private static double[] inks(double r, double g, double b) {
            double black = (255 + Math.max(r, Math.max(g, b))) / 2;
            return new double[] {255 * r / black, 255 * g / black, 255 * b / black, black};
        }

        private byte[] marker() {
            int transform =
                    switch (this) {
                        case RGB, CMYK -> 0;
                        case YCCK -> 2;
                        default -> -1;
                    };
            return transform < 0
                    ? new byte[0]
                    : segment(0xEE, Pictures.concat(Pictures.ascii("Adobe"), new byte[] {
                        0, 100, 0, 0, 0, 0, (byte) transform
                    }));
        }

        private int id(int component) {
            return this == RGB_BY_ID ? "RGB".charAt(component) : component + 1;
        }
    }

    private static final int[] ZIGZAG = zigzag();
    private static final double[][] COSINES = cosines();
    private static final JPEGHuffmanTable DC = JPEGHuffmanTable.StdDCLuminance;
    private static final JPEGHuffmanTable AC = JPEGHuffmanTable.StdACLuminance;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int width;
    private final int height;
    private final Color color;
    private final int horizontal;
    private final int vertical;
    private final double[][] samples;
    private int bits;
    private int bitCount;

    private ConformanceJpeg(BufferedImage image, Color color, int horizontal, int vertical) {
        this.width = image.getWidth();
        this.height = image.getHeight();
        this.color = color;
        this.horizontal = horizontal;
        this.vertical = vertical;
        samples = new double[color.components()][width * height];
        for (int i = 0; i < width * height; i++) {
            double[] pixel = color.samples(image.getRGB(i % width, i / width));
            for (int component = 0; component < pixel.length; component++) {
                samples[component][i] = pixel[component];
            }
        }
    }

    /** Writes a JPEG without chroma subsampling. */
    static byte[] write(BufferedImage image, Color color) {
        return write(image, color, 1, 1, 0, false);
    }

    /**
     * Writes a JPEG.
     *
     * @param horizontal horizontal number of pixels per chroma sample
     * @param vertical vertical number of pixels per chroma sample
     * @param restart number of units between restart markers, or 0 for none
     * @param scans whether each component is stored in a separate scan
     */
    static byte[] write(BufferedImage image, Color color, int horizontal, int vertical, int restart, boolean scans) {
        return new ConformanceJpeg(image, color, horizontal, vertical).write(restart, scans);
    }

    /** Returns a segment with its marker and length. */
    static byte[] segment(int marker, byte[] data) {
        int length = data.length + 2;
        return Pictures.concat(new byte[] {(byte) 0xFF, (byte) marker, (byte) (length >> 8), (byte) length}, data);
    }

    private byte[] write(int restart, boolean scans) {
        byte[] ones = new byte[65];
        java.util.Arrays.fill(ones, 1, 65, (byte) 1);
        put(0xFF, 0xD8);
        out.writeBytes(color.marker());
        out.writeBytes(segment(0xDB, ones));
        int count = color.components();
        byte[] frame = new byte[6 + 3 * count];
        frame[0] = 8;
        frame[1] = (byte) (height >> 8);
        frame[2] = (byte) height;
        frame[3] = (byte) (width >> 8);
        frame[4] = (byte) width;
        frame[5] = (byte) count;
        for (int i = 0; i < count; i++) {
            frame[6 + 3 * i] = (byte) color.id(i);
            frame[7 + 3 * i] = (byte) (isFull(i) ? horizontal << 4 | vertical : 0x11);
        }
        out.writeBytes(segment(0xC0, frame));
        out.writeBytes(segment(0xC4, table(0x00, DC)));
        out.writeBytes(segment(0xC4, table(0x10, AC)));
        if (restart > 0) {
            out.writeBytes(segment(0xDD, new byte[] {(byte) (restart >> 8), (byte) restart}));
        }
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(i);
        }
        if (scans) {
            all.forEach(component -> scan(List.of(component), restart));
        } else {
            scan(all, restart);
        }
        put(0xFF, 0xD9);
        return out.toByteArray();
    }

    /** Returns whether a component is not subsampled: luma, black, or all if there is no subsampling. */
    private boolean isFull(int component) {
        return component == 0 || component == 3;
    }

    private static byte[] table(int id, JPEGHuffmanTable table) {
        byte[] bytes = new byte[17 + table.getValues().length];
        bytes[0] = (byte) id;
        for (int i = 0; i < table.getLengths().length; i++) {
            bytes[1 + i] = (byte) table.getLengths()[i];
        }
        for (int i = 0; i < table.getValues().length; i++) {
            bytes[17 + i] = (byte) table.getValues()[i];
        }
        return bytes;
    }

    private void scan(List<Integer> components, int restart) {
        byte[] header = new byte[4 + 2 * components.size()];
        header[0] = (byte) components.size();
        for (int i = 0; i < components.size(); i++) {
            header[1 + 2 * i] = (byte) color.id(components.get(i));
        }
        header[header.length - 2] = 63;
        out.writeBytes(segment(0xDA, header));

        // A scan of one component is not interleaved, and contains only blocks with pixels.
        boolean alone = components.size() == 1;
        int first = components.get(0);
        int unitWidth = 8 * (alone && isFull(first) ? 1 : horizontal);
        int unitHeight = 8 * (alone && isFull(first) ? 1 : vertical);
        int columns = (width + unitWidth - 1) / unitWidth;
        int rows = (height + unitHeight - 1) / unitHeight;
        int[] predictions = new int[4];
        for (int unit = 0; unit < columns * rows; unit++) {
            if (restart > 0 && unit > 0 && unit % restart == 0) {
                flush();
                put(0xFF, 0xD0 + (unit / restart - 1) % 8);
                predictions = new int[4];
            }
            for (int component : components) {
                boolean several = isFull(component) && !alone;
                int across = several ? horizontal : 1;
                int down = several ? vertical : 1;
                for (int i = 0; i < across * down; i++) {
                    int column = unit % columns * across + i % across;
                    int row = unit / columns * down + i / across;
                    int[] block = transform(block(component, column, row));
                    code(block, predictions[component]);
                    predictions[component] = block[0];
                }
            }
        }
        flush();
    }

    /** Returns a block of 8 x 8 samples. Samples beyond the edge repeat the edge. */
    private double[] block(int component, int column, int row) {
        int stepX = isFull(component) ? 1 : horizontal;
        int stepY = isFull(component) ? 1 : vertical;
        double[] block = new double[64];
        for (int i = 0; i < 64; i++) {
            double sum = 0;
            for (int j = 0; j < stepX * stepY; j++) {
                int x = Math.min(width - 1, (column * 8 + i % 8) * stepX + j % stepX);
                int y = Math.min(height - 1, (row * 8 + i / 8) * stepY + j / stepX);
                sum += samples[component][y * width + x];
            }
            block[i] = sum / (stepX * stepY) - 128;
        }
        return block;
    }

    /** Returns the DCT coefficients in zigzag order. */
    private static int[] transform(double[] block) {
        double[] lines = new double[64];
        double[] both = new double[64];
        for (int i = 0; i < 64; i++) {
            for (int k = 0; k < 8; k++) {
                lines[i] += COSINES[i % 8][k] * block[i / 8 * 8 + k];
            }
        }
        for (int i = 0; i < 64; i++) {
            for (int k = 0; k < 8; k++) {
                both[i] += COSINES[i / 8][k] * lines[k * 8 + i % 8];
            }
        }
        int[] coefficients = new int[64];
        for (int i = 0; i < 64; i++) {
            coefficients[i] = (int) Math.max(-1023, Math.min(1023, Math.round(both[ZIGZAG[i]])));
        }
        return coefficients;
    }

    private void code(int[] block, int prediction) {
        number(DC, 0, block[0] - prediction);
        int zeros = 0;
        for (int i = 1; i < 64; i++) {
            if (block[i] == 0) {
                zeros++;
            } else {
                for (; zeros > 15; zeros -= 16) {
                    symbol(AC, 0xF0);
                }
                number(AC, zeros, block[i]);
                zeros = 0;
            }
        }
        if (zeros > 0) {
            symbol(AC, 0);
        }
    }

    private void number(JPEGHuffmanTable table, int zeros, int value) {
        int size = 32 - Integer.numberOfLeadingZeros(Math.abs(value));
        symbol(table, zeros << 4 | size);
        bits(value < 0 ? value - 1 : value, size);
    }

    private void symbol(JPEGHuffmanTable table, int symbol) {
        int code = 0;
        int index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1) {
            for (int i = 0; i < table.getLengths()[length - 1]; i++, code++) {
                if (table.getValues()[index++] == symbol) {
                    bits(code, length);
                    return;
                }
            }
        }
        throw new IllegalArgumentException("no code for " + symbol);
    }

    private void bits(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            bits = bits << 1 | value >> i & 1;
            if (++bitCount == 8) {
                put(bits);
                if ((bits & 0xFF) == 0xFF) {
                    put(0);
                }
                bitCount = 0;
            }
        }
    }

    private void flush() {
        while (bitCount > 0) {
            bits(1, 1);
        }
    }

    private void put(int... bytes) {
        for (int value : bytes) {
            out.write(value);
        }
    }

    private static int[] zigzag() {
        int[] order = new int[64];
        int x = 0;
        int y = 0;
        for (int i = 0; i < 64; i++) {
            order[i] = y * 8 + x;
            boolean up = (x + y) % 2 == 0;
            int across = up ? x : y;
            int along = up ? y : x;
            if (across == 7) {
                along++;
            } else {
                across++;
                along = Math.max(0, along - 1);
            }
            x = up ? across : along;
            y = up ? along : across;
        }
        return order;
    }

    private static double[][] cosines() {
        double[][] cosines = new double[8][8];
        for (int u = 0; u < 8; u++) {
            for (int x = 0; x < 8; x++) {
                cosines[u][x] = (u == 0 ? Math.sqrt(0.125) : 0.5) * Math.cos((2 * x + 1) * u * Math.PI / 16);
            }
        }
        return cosines;
    }
}
