// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes TIFF files byte by byte in either byte order, with any tags. Also writes EXIF blocks, which are TIFFs without
 * pixels.
 */
final class ConformanceTiff {

    static final int WHITE_IS_ZERO = 0;
    static final int BLACK_IS_ZERO = 1;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int CMYK = 5;

    private static final int COMPRESSION = 259;
    private static final int PHOTOMETRIC = 262;
    static final int DESCRIPTION = 270;
    static final int MAKE = 271;
    private static final int STRIPS = 273;
    static final int ORIENTATION = 274;
    private static final int SAMPLES_PER_PIXEL = 277;
    private static final int ROWS_PER_STRIP = 278;
    private static final int STRIP_LENGTHS = 279;
    private static final int PLANAR = 284;
    static final int COLOR_MAP = 320;
    private static final int TILE_WIDTH = 322;
    private static final int TILE_HEIGHT = 323;
    private static final int TILES = 324;
    private static final int TILE_LENGTHS = 325;
    static final int EXTRA_SAMPLES = 338;
    static final int THUMBNAIL = 513;
    static final int THUMBNAIL_LENGTH = 514;
    static final int XMP = 700;
    static final int GPS = 34853;
    static final int PROFILE = 34675;

    /** A tag value that is stored elsewhere in the file. */
    record Data(List<byte[]> parts) {}

    /** The layout of the samples. */
    enum Layout {
        STRIPS,
        DEFLATED,
        PLANES,
        TILES
    }

    private final ByteOrder order;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private ConformanceTiff(ByteOrder order) {
        this.order = order;
    }

    /**
     * Writes a file of these directories. The value of a tag is an int[] (SHORT), a long[] (LONG), a byte[]
     * (UNDEFINED), a String, {@link Data} or another directory.
     */
    static byte[] file(ByteOrder order, List<Map<Integer, Object>> directories) {
        return new ConformanceTiff(order).write(directories);
    }

    /** Returns the directory of a page. The samples are those of {@link ConformancePng}. */
    static Map<Integer, Object> page(
            ByteOrder order,
            int width,
            int height,
            int photometric,
            int depth,
            Layout layout,
            ConformancePng.Samples samples) {
        int count = samples.at(0, 0).length;
        Map<Integer, Object> tags = new TreeMap<>();
        int[] depths = new int[count];
        java.util.Arrays.fill(depths, depth);
        tags.put(256, new int[] {width});
        tags.put(257, new int[] {height});
        tags.put(258, depths);
        tags.put(COMPRESSION, new int[] {layout == Layout.DEFLATED ? 8 : 1});
        tags.put(PHOTOMETRIC, new int[] {photometric});
        tags.put(SAMPLES_PER_PIXEL, new int[] {count});
        tags.put(PLANAR, new int[] {layout == Layout.PLANES ? 2 : 1});
        List<byte[]> parts = new ArrayList<>();
        switch (layout) {
            case TILES -> {
                for (int i = 0; i < (height + 31) / 32 * ((width + 31) / 32); i++) {
                    int left = i % ((width + 31) / 32) * 32;
                    int top = i / ((width + 31) / 32) * 32;
                    parts.add(rows(
                            order,
                            32,
                            32,
                            depth,
                            (x, y) -> samples.at(Math.min(width - 1, left + x), Math.min(height - 1, top + y))));
                }
                tags.put(TILE_WIDTH, new int[] {32});
                tags.put(TILE_HEIGHT, new int[] {32});
            }
            case PLANES -> {
                for (int i = 0; i < count; i++) {
                    int band = i;
                    parts.add(rows(order, width, height, depth, (x, y) -> new int[] {samples.at(x, y)[band]}));
                }
                tags.put(ROWS_PER_STRIP, new int[] {height});
            }
            default -> {
                int rows = Math.max(1, height / 3);
                for (int top = 0; top < height; top += rows) {
                    int first = top;
                    byte[] strip =
                            rows(order, width, Math.min(rows, height - top), depth, (x, y) -> samples.at(x, first + y));
                    parts.add(layout == Layout.DEFLATED ? ConformancePng.deflate(strip) : strip);
                }
                tags.put(ROWS_PER_STRIP, new int[] {rows});
            }
        }
        boolean tiles = layout == Layout.TILES;
        tags.put(tiles ? TILES : STRIPS, new Data(parts));
        tags.put(
                tiles ? TILE_LENGTHS : STRIP_LENGTHS,
                parts.stream().mapToLong(part -> part.length).toArray());
        return tags;
    }

    /** Returns a colour map of 16-bit values: all red ones, then green, then blue. */
    static int[] colorMap(int[] palette) {
        int[] map = new int[3 * palette.length];
        for (int i = 0; i < map.length; i++) {
            map[i] = (palette[i % palette.length] >> 16 - 8 * (i / palette.length) & 0xFF) * 257;
        }
        return map;
    }

    /** Converts to CMYK with half of the possible black, not inverted: 255 is full ink. */
    static ConformancePng.Samples inks(BufferedImage image) {
        return (x, y) -> {
            int argb = image.getRGB(x, y);
            int r = argb >> 16 & 0xFF;
            int g = argb >> 8 & 0xFF;
            int b = argb & 0xFF;
            int black = (255 + Math.max(r, Math.max(g, b))) / 2;
            return new int[] {255 - 255 * r / black, 255 - 255 * g / black, 255 - 255 * b / black, 255 - black};
        };
    }

    private static byte[] rows(ByteOrder order, int width, int height, int depth, ConformancePng.Samples samples) {
        byte[][] rows = new byte[height][];
        for (int y = 0; y < height; y++) {
            int[][] pixels = new int[width][];
            for (int x = 0; x < width; x++) {
                pixels[x] = samples.at(x, y);
            }
            rows[y] = ConformancePng.pack(pixels, depth);
            for (int i = 0; depth == 16 && order == ByteOrder.LITTLE_ENDIAN && i < rows[y].length; i += 2) {
                byte high = rows[y][i];
                rows[y][i] = rows[y][i + 1];
                rows[y][i + 1] = high;
            }
        }
        return concat(rows);
    }

    private byte[] write(List<Map<Integer, Object>> directories) {
        out.writeBytes(bytes(order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4D4D, 2));
        out.writeBytes(bytes(42, 2));
        out.writeBytes(bytes(0, 4));
        int link = 4;
        Map<Integer, Integer> links = new TreeMap<>();
        for (Map<Integer, Object> directory : directories) {
            int start = directory(directory);
            links.put(link, start);
            link = out.size() - 4;
        }
        ByteBuffer file = ByteBuffer.wrap(out.toByteArray()).order(order);
        links.forEach(file::putInt);
        return file.array();
    }

    /** Writes the values and then the directory, without a next one, and returns its offset. */
    @SuppressWarnings("unchecked")
    private int directory(Map<Integer, Object> tags) {
        List<byte[]> entries = new ArrayList<>();
        new TreeMap<>(tags).forEach((tag, value) -> {
            if (value instanceof int[] shorts) {
                entries.add(entry(
                        tag,
                        3,
                        2,
                        java.util.Arrays.stream(shorts).asLongStream().toArray()));
            } else if (value instanceof long[] longs) {
                entries.add(entry(tag, 4, 4, longs));
            } else if (value instanceof byte[] bytes) {
                entries.add(entry(tag, 7, bytes, bytes.length));
            } else if (value instanceof String text) {
                entries.add(entry(tag, 2, ascii(text + "\0"), text.length() + 1));
            } else if (value instanceof Data data) {
                long[] places = new long[data.parts.size()];
                for (int i = 0; i < places.length; i++) {
                    places[i] = place(data.parts.get(i));
                }
                entries.add(entry(tag, 4, 4, places));
            } else {
                entries.add(entry(tag, 4, 4, directory((Map<Integer, Object>) value)));
            }
        });
        return place(concat(bytes(entries.size(), 2), concat(entries.toArray(byte[][]::new)), bytes(0, 4)));
    }

    private byte[] entry(int tag, int type, int size, long... values) {
        byte[][] bytes = new byte[values.length][];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = bytes(values[i], size);
        }
        return entry(tag, type, concat(bytes), values.length);
    }

    private byte[] entry(int tag, int type, byte[] value, int count) {
        byte[] here = value.length <= 4 ? java.util.Arrays.copyOf(value, 4) : bytes(place(value), 4);
        return concat(bytes(tag, 2), bytes(type, 2), bytes(count, 4), here);
    }

    private int place(byte[] data) {
        if (out.size() % 2 == 1) {
            out.write(0);
        }
        int start = out.size();
        out.writeBytes(data);
        return start;
    }

    private byte[] bytes(long value, int size) {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(order);
        return (size == 2 ? buffer.putShort((short) value) : buffer.putInt((int) value)).array();
    }

    static Map<Integer, Object> page(
            ByteOrder order,
            BufferedImage image,
            int photometric,
            int depth,
            ConformanceTiff.Layout layout,
            int colorType) {
        return page(
                order,
                image.getWidth(),
                image.getHeight(),
                photometric,
                depth,
                layout,
                ConformancePng.samples(image, colorType, depth));
    }
}
