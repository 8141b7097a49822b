// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.ImageWriteParam;

/** Handmade small files that would need very much memory or time to decode. */
final class PictureBombs {

    private static final int MANY = 100_000;
    private static final int HUGE = 60_000;

    /**
     * A malicious file.
     *
     * @param name what makes it expensive
     * @param format the format that it claims to have
     * @param bytes creates the file
     */
    record Bomb(String name, ImageFormat format, Supplier<byte[]> bytes) {}

    private final List<Bomb> all = new ArrayList<>();

    /** Side of the largest square within the pixel limit. */
    private final int side;

    private PictureBombs(int maxPixels) {
        side = (int) Math.sqrt(maxPixels);
    }

    /**
     * Returns all files.
     *
     * @param maxPixels the pixel limit
     */
    static List<Bomb> all(int maxPixels) {
        PictureBombs bombs = new PictureBombs(maxPixels);
        bombs.png();
        bombs.jpeg();
        bombs.gif();
        bombs.bmp();
        bombs.tiff();
        bombs.webp();
        return bombs.all;
    }

    private void add(ImageFormat format, String name, Supplier<byte[]> bytes) {
        all.add(new Bomb(format + " " + name, format, bytes));
    }

    // --- PNG

    private void png() {
        addPng("huge", () -> png(HUGE, HUGE, 8, 2, 0, idat(100)));
        addPng("hugest", () -> png(Integer.MAX_VALUE, Integer.MAX_VALUE, 16, 6, 0, idat(100)));
        addPng("wide", () -> png(Integer.MAX_VALUE, 1, 16, 6, 0, idat(100)));
        addPng("high", () -> png(1, Integer.MAX_VALUE, 8, 2, 0, idat(100)));
        addPng("little data", () -> png(side, side, 8, 2, 0, idat(100)));
        addPng("zeros, just taken", () -> png(side, side, 8, 2, 0, idat(side * (3 * side + 1))));
        addPng("zeros, just too many", () -> png(side + 1, side + 1, 8, 2, 0, idat(side * (3 * side + 4))));
        addPng("zeros, 16 bits and alpha", () -> png(side, side, 16, 6, 0, idat(side * (8 * side + 1))));
        addPng("zeros, interlaced", () -> png(side, side, 8, 6, 1, idat(side * (4 * side + 8))));
        addPng("zeros, 1 bit", () -> png(side, side, 1, 0, 0, idat(side * (side / 8 + 1))));
        addPng("wide, just taken", () -> png(side * side, 1, 8, 6, 0, idat(side * side * 4 + 1)));
        addPng("wide, 1 bit", () -> png(side * side, 1, 1, 0, 0, idat(side * side / 8 + 2)));
        addPng("too many zeros", () -> png(10, 10, 8, 2, 0, idat(300_000_000)));
        for (int colorType : new int[] {2, 3}) {
            byte[] palette = colorType == 3 ? Pictures.chunk("PLTE", new byte[6]) : new byte[0];
            byte[] pixels = concat(palette, idat(10 * 31));
            String kind = colorType == 3 ? "palette, " : "";
            byte[] keyword = {'a', 0, 0};
            byte[] international = {'a', 0, 1, 0, 0, 0};
            for (String type : List.of("zTXt", "iCCP", "iTXt")) {
                byte[] start = type.equals("iTXt") ? international : keyword;
                addPng(kind + type + " of zeros", () -> {
                    byte[] zeros = zeros(300_000_000);
                    return png(10, 10, 8, colorType, 0, concat(Pictures.chunk(type, concat(start, zeros)), pixels));
                });
                addPng(kind + "many " + type + " of zeros", () -> {
                    byte[] bomb = Pictures.chunk(type, concat(start, zeros(20_000_000)));
                    return png(10, 10, 8, colorType, 0, concat(repeat(bomb, 20), pixels));
                });
                addPng(kind + type + " behind the pixels", () -> {
                    byte[] bomb = Pictures.chunk(type, concat(start, zeros(20_000_000)));
                    return png(10, 10, 8, colorType, 0, concat(pixels, repeat(bomb, 20)));
                });
            }
            for (String type : List.of("tEXt", "tIME", "fooo", "IDAT", "sPLT", "eXIf", "hIST")) {
                addPng(kind + "many " + type, () -> {
                    byte[] chunk = Pictures.chunk(type, ascii("a\0b\0 "));
                    return png(10, 10, 8, colorType, 0, concat(palette, repeat(chunk, MANY), pixels));
                });
            }
            for (String type :
                    List.of("PLTE", "tRNS", "zTXt", "tEXt", "iTXt", "iCCP", "fooo", "IDAT", "eXIf", "sPLT")) {
                for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 200_000_000}) {
                    addPng(kind + type + " of declared length " + length, () -> {
                        byte[] chunk = Pictures.chunk(type, concat(keyword, zeros(100)));
                        ByteBuffer.wrap(chunk).putInt(0, length);
                        return png(10, 10, 8, colorType, 0, concat(palette, chunk, pixels));
                    });
                }
            }
        }
    }

    private void addPng(String name, Supplier<byte[]> bytes) {
        add(ImageFormat.PNG, name, bytes);
    }

    private static byte[] png(int width, int height, int depth, int colorType, int interlace, byte[] chunks) {
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
        header.put((byte) depth)
                .put((byte) colorType)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) interlace);
        byte[] signature = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
        byte[] png =
                concat(signature, Pictures.chunk("IHDR", header.array()), chunks, Pictures.chunk("IEND", new byte[0]));
        Pictures.fixChecksums(png);
        return png;
    }

    private static byte[] idat(int zeros) {
        return Pictures.chunk("IDAT", zeros(zeros));
    }

    /** Returns zeros, deflated. */
    private static byte[] zeros(int count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[64 * 1024];
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED))) {
            for (int left = count; left > 0; left -= block.length) {
                deflater.write(block, 0, Math.min(left, block.length));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    // --- JPEG

    private void jpeg() {
        byte[] baseline = Pictures.quarters(ImageFormat.JPEG, 60, 40);
        byte[] progressive = Pictures.progressiveJpeg(64, 64);
        byte[] cmyk = Pictures.cmykJpeg(40, 32, 0, 255, 255, 0);
        addJpeg("huge", () -> resized(baseline, 65_500, 65_500));
        addJpeg("little data", () -> resized(baseline, side, side));
        addJpeg("CMYK with little data", () -> resized(cmyk, side, side));
        addJpeg("progressive, huge", () -> resized(progressive, 65_500, 65_500));
        addJpeg("progressive with little data", () -> resized(progressive, side, side));
        addJpeg("no height", () -> resized(baseline, 60, 0));
        addJpeg("no width", () -> resized(baseline, 0, 60));
        int lastScan = lastIndexOf(progressive, 0xDA);
        byte[] scan = Arrays.copyOfRange(progressive, lastScan, progressive.length - 2);
        for (int scans : new int[] {1000, 20_000}) {
            addJpeg(
                    scans + " scans",
                    () -> concat(
                            resized(Arrays.copyOf(progressive, lastScan), side, side),
                            repeat(scan, scans),
                            end(progressive)));
        }
        byte[] emptyScan = Arrays.copyOf(scan, 2 + scan[3]);
        addJpeg(
                "empty scans",
                () -> concat(
                        resized(Arrays.copyOf(progressive, lastScan), side, side),
                        repeat(emptyScan, MANY),
                        end(progressive)));
        addJpeg("bytes before the progressive frame", () -> {
            int frame = lastIndexOf(progressive, 0xC2);
            byte[] start = Arrays.copyOf(progressive, frame);
            return concat(start, new byte[50], resizedFrom(progressive, frame, side, side));
        });
        for (int marker : new int[] {0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xDB, 0xC4, 0xFE, 0xDD, 0xDC}) {
            byte[] segment = {(byte) 0xFF, (byte) marker, 0, 6, 0, 0, 0, 0};
            String name = "segments " + Integer.toHexString(marker);
            addJpeg("many " + name, () -> Pictures.insert(baseline, repeat(segment, MANY)));
            byte[] large = Arrays.copyOf(segment, 65_537);
            large[2] = (byte) 0xFF;
            large[3] = (byte) 0xFF;
            addJpeg("large " + name, () -> Pictures.insert(baseline, repeat(large, 20)));
        }
        byte[] tables = Arrays.copyOfRange(baseline, 20, lastIndexOf(baseline, 0xC0));
        addJpeg("many tables", () -> Pictures.insert(baseline, repeat(tables, 20_000)));
        for (int kind : new int[] {0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7}) {
            addJpeg("frame of kind " + Integer.toHexString(kind), () -> {
                byte[] jpeg = resized(baseline, side, side);
                jpeg[lastIndexOf(jpeg, 0xC0) + 1] = (byte) kind;
                return jpeg;
            });
        }
        for (int precision : new int[] {2, 12, 16}) {
            addJpeg("lossless with " + precision + " bits", () -> {
                byte[] jpeg = resized(baseline, side, side);
                int frame = lastIndexOf(jpeg, 0xC0);
                jpeg[frame + 1] = (byte) 0xC3;
                jpeg[frame + 4] = (byte) precision;
                return jpeg;
            });
        }
        for (byte[] profile : List.of(new byte[200], broken(200, 0xFF), new byte[60_000], badProfile())) {
            byte[] icc = concat(ascii("ICC_PROFILE\0\1\1"), profile);
            addJpeg("colour profile of " + profile.length, () -> Pictures.insert(baseline, segment(0xE2, icc)));
            addJpeg("CMYK profile of " + profile.length, () -> Pictures.insert(cmyk, segment(0xE2, icc)));
        }
        for (int marker : new int[] {0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xDB, 0xC4, 0xFE}) {
            addJpeg(
                    "very many empty segments " + Integer.toHexString(marker),
                    () -> Pictures.insert(baseline, repeat(new byte[] {(byte) 0xFF, (byte) marker, 0, 2}, 10 * MANY)));
        }
        byte[] part = segment(0xE2, concat(ascii("ICC_PROFILE\0\1\377"), new byte[20]));
        addJpeg("parts of a colour profile", () -> Pictures.insert(cmyk, repeat(part, 255)));
        for (byte[] tiff :
                List.of(tiffOfOneTag(0x0112, 3, -1, 8), cycle(), subDirectoryCycle(0x8769), chain(2000, 0x014A))) {
            byte[] exif = segment(0xE1, concat(ascii("Exif\0\0"), tiff));
            addJpeg("EXIF of " + tiff.length, () -> Pictures.insert(baseline, exif));
            addJpeg("many EXIF of " + tiff.length, () -> Pictures.insert(baseline, repeat(exif, 20)));
        }
    }

    private void addJpeg(String name, Supplier<byte[]> bytes) {
        add(ImageFormat.JPEG, name, bytes);
    }

    /** Changes the size in the frame header of a JPEG. */
    private static byte[] resized(byte[] jpeg, int width, int height) {
        byte[] changed = jpeg.clone();
        int frame = Math.max(lastIndexOf(jpeg, 0xC0), lastIndexOf(jpeg, 0xC2));
        ByteBuffer.wrap(changed).putShort(frame + 5, (short) height).putShort(frame + 7, (short) width);
        return changed;
    }

    private static byte[] resizedFrom(byte[] jpeg, int position, int width, int height) {
        return Arrays.copyOfRange(resized(jpeg, width, height), position, jpeg.length);
    }

    private static int lastIndexOf(byte[] jpeg, int marker) {
        for (int i = jpeg.length - 2; i >= 0; i--) {
            if (jpeg[i] == (byte) 0xFF && jpeg[i + 1] == (byte) marker) {
                return i;
            }
        }
        return -1;
    }

    private static byte[] end(byte[] bytes) {
        return Arrays.copyOfRange(bytes, bytes.length - 2, bytes.length);
    }

    private static byte[] segment(int marker, byte[] data) {
        ByteBuffer segment = ByteBuffer.allocate(4 + Math.min(65_533, data.length));
        segment.put((byte) 0xFF).put((byte) marker).putShort((short) (segment.capacity() - 2));
        return segment.put(data, 0, segment.remaining()).array();
    }

    /** Returns the header of a colour profile that declares very many very large tags. */
    private static byte[] badProfile() {
        ByteBuffer profile = ByteBuffer.allocate(1000);
        profile.putInt(1000).putInt(0).putInt(0x04000000).put(ascii("mntrRGB XYZ "));
        profile.put(36, ascii("acsp")).putInt(128, Integer.MAX_VALUE);
        for (int i = 132; i + 12 <= 1000; i += 12) {
            profile.put(i, ascii("rXYZ")).putInt(i + 4, 0x7FFFFF00).putInt(i + 8, 0x7FFFFFFF);
        }
        return profile.array();
    }

    // --- GIF

    private void gif() {
        byte[] extension = {0x21, (byte) 0xF9, 4, 0, 0, 0, 0, 0};
        byte[] comment =
                concat(new byte[] {0x21, (byte) 0xFE}, repeat(concat(new byte[] {(byte) 255}, new byte[255]), 4000));
        byte[] application = comment.clone();
        application[1] = (byte) 0xFF;
        addGif("huge", () -> gif(65_535, frame(65_535, 65_535)));
        addGif("huge frame on a small screen", () -> gif(1, frame(65_535, 65_535)));
        addGif("small frame on a huge screen", () -> gif(65_535, frame(1, 1)));
        addGif("little data", () -> gif(side, frame(side, side)));
        addGif("many frames", () -> gif(1, repeat(frame(1, 1), 3 * MANY)));
        addGif("many frames of nothing", () -> gif(1, repeat(frame(0, 0), 3 * MANY)));
        addGif("second frame is huge", () -> gif(1, concat(frame(1, 1), frame(65_535, 65_535))));
        addGif("many extensions", () -> gif(1, concat(repeat(extension, MANY), frame(1, 1))));
        addGif(
                "many comments",
                () -> gif(1, concat(repeat(new byte[] {0x21, (byte) 0xFE, 0}, 20 * MANY), frame(1, 1))));
        addGif(
                "many application extensions",
                () -> gif(1, concat(repeat(new byte[] {0x21, (byte) 0xFF, 1, 0, 0}, 10 * MANY), frame(1, 1))));
        addGif("long comment", () -> gif(1, concat(comment, new byte[1], frame(1, 1))));
        addGif("endless comment", () -> gif(1, comment));
        addGif("long application data", () -> gif(1, concat(application, new byte[1], frame(1, 1))));
        addGif("no frames", () -> gif(1, new byte[0]));
        for (int size : new int[] {0, 1, 12, 32, 255}) {
            addGif("code size " + size, () -> {
                byte[] frame = frame(20, 20);
                frame[10] = (byte) size;
                return gif(20, frame);
            });
        }
    }

    private void addGif(String name, Supplier<byte[]> bytes) {
        add(ImageFormat.GIF, name, bytes);
    }

    private static byte[] gif(int screen, byte[] blocks) {
        ByteBuffer header =
                little(19).put(ascii("GIF89a")).putShort((short) screen).putShort((short) screen);
        header.put((byte) 0x80); // a global palette of two colours
        return concat(header.array(), blocks, ascii(";"));
    }

    private static byte[] frame(int width, int height) {
        ByteBuffer frame =
                little(16).put((byte) 0x2C).putInt(0).putShort((short) width).putShort((short) height);
        return frame.put((byte) 0).put((byte) 2).put(new byte[] {2, 0x44, 1, 0}).array();
    }

    // --- BMP

    private void bmp() {
        addBmp("huge", () -> bmp(HUGE, HUGE, 24, 0, 54, 0, 0));
        addBmp("hugest", () -> bmp(Integer.MAX_VALUE, Integer.MAX_VALUE, 32, 0, 54, 0, 0));
        addBmp("upside down", () -> bmp(10, -10, 24, 0, 54, 0, 0));
        addBmp("upside down and hugest", () -> bmp(10, Integer.MIN_VALUE, 24, 0, 54, 0, 0));
        addBmp("wide with little data", () -> bmp(side * side, 1, 24, 0, 54, 0, 0));
        addBmp("little data", () -> bmp(side, side, 24, 0, 54, 0, 0));
        for (int depth : new int[] {0, 1, 2, 3, 4, 8, 16, 24, 32, 64, 255, 32_768}) {
            for (int compression = 0; compression < 8; compression++) {
                int kind = compression;
                addBmp(depth + " bits, compression " + kind, () -> bmp(20, 20, depth, kind, 1078, 0, 0));
                addBmp(depth + " bits, large, compression " + kind, () -> bmp(side, side, depth, kind, 1078, 0, 0));
            }
        }
        for (int number : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 0, 1, 500_000_000}) {
            for (int depth : new int[] {1, 8, 16, 24}) {
                String kind = number + " with " + depth + " bits";
                addBmp("pixels at " + kind, () -> bmp(20, 20, depth, 0, number, 0, 0));
                addBmp("bytes " + kind, () -> bmp(20, 20, depth, depth == 8 ? 1 : 0, 1078, number, 0));
                addBmp("colours " + kind, () -> bmp(20, 20, depth, 0, 1078, 0, number));
                for (int header : new int[] {12, 56, 64, 108, 124, number}) {
                    addBmp("header of " + header + ", pixels at " + kind, () -> {
                        byte[] bmp = bmp(20, 20, depth, 0, number, 0, 0);
                        ByteBuffer fields = little(bmp).putInt(14, header);
                        // Offset and size of a colour profile, in the longest header.
                        fields.putInt(14 + 56, 0x4D424544)
                                .putInt(14 + 112, number)
                                .putInt(14 + 116, number);
                        return bmp;
                    });
                }
            }
        }
        for (int compression : new int[] {4, 5}) {
            for (int size : new int[] {10, HUGE}) {
                byte[] inner = compression == 4
                        ? resized(Pictures.quarters(ImageFormat.JPEG, 10, 10), size, size)
                        : png(size, size, 8, 2, 0, idat(310));
                addBmp("with a picture inside, compression " + compression + ", size " + size, () -> {
                    byte[] bmp = Arrays.copyOf(bmp(10, 10, 24, compression, 54, inner.length, 0), 54);
                    return concat(bmp, inner);
                });
            }
        }
    }

    private void addBmp(String name, Supplier<byte[]> bytes) {
        add(ImageFormat.BMP, name, bytes);
    }

    private static byte[] bmp(int width, int height, int depth, int compression, int pixels, int bytes, int colors) {
        ByteBuffer bmp = little(4000).put(ascii("BM")).putInt(4000).putInt(0).putInt(pixels);
        bmp.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) depth);
        bmp.putInt(compression).putInt(bytes).putInt(0).putInt(0).putInt(colors);
        return bmp.array();
    }

    // --- TIFF

    private void tiff() {
        addTiff("huge", () -> tiff(grey(HUGE, HUGE, 1)));
        addTiff("hugest", () -> tiff(grey(Integer.MAX_VALUE, Integer.MAX_VALUE, 1)));
        addTiff("wide with little data", () -> tiff(grey(side * side, 1, 1)));
        addTiff("little data", () -> tiff(grey(side, side, 1)));
        for (int compression : new int[] {2, 3, 4, 5, 6, 7, 8, 32773, 32946, 34892}) {
            addTiff("compression " + compression + " with little data", () -> tiff(grey(side, side, compression)));
        }
        for (int tag : new int[] {258, 277, 278, 279, 273, 317, 322, 323, 324, 325, 284, 338, 339}) {
            for (int value : new int[] {0, 1, 2, 64, 255, 30_000, 65_535, 500_000_000, Integer.MAX_VALUE, -1}) {
                for (int compression : new int[] {1, 5}) {
                    addTiff(
                            "tag " + tag + " is " + value + ", compression " + compression,
                            () -> tiff(with(with(grey(20, 20, compression), 322, 4, 1, 16), tag, 4, 1, value)));
                }
            }
            for (int type = 1; type <= 13; type++) {
                for (int count : new int[] {0, 1_000_000, 0x0FFFFFFF, Integer.MAX_VALUE, -1}) {
                    int kind = type;
                    addTiff(
                            "tag " + tag + " of type " + type + ", " + count + " times",
                            () -> tiff(with(grey(20, 20, 1), tag, kind, count, 8)));
                }
            }
        }
        addTiff("tiles of huge size", () -> tiff(with(with(grey(20, 20, 5), 322, 4, 1, HUGE), 323, 4, 1, HUGE)));
        addTiff(
                "tiles wider than a picture may be",
                () -> tiff(with(with(grey(20, 20, 1), 322, 4, 1, 400_000_000), 323, 4, 1, 16)));
        addTiff("next directory is the same", () -> cycle());
        addTiff("sub-directory is the same", () -> subDirectoryCycle(0x014A));
        addTiff("EXIF directory is the same", () -> subDirectoryCycle(0x8769));
        addTiff("sub-directories, one in another", () -> chain(20_000, 0x014A));
        addTiff("pages, one after another", () -> chain(MANY, 0));
        addTiff("values on top of each other", () -> overlapping(4000, 1, 1_000_000));
        addTiff("strings on top of each other", () -> overlapping(2000, 2, 500_000));
        addTiff("fractions on top of each other", () -> overlapping(2000, 5, 100_000));
        addTiff("directories on top of each other", () -> overlappingDirectories(false));
        addTiff("sub-directories on top of each other", () -> overlappingDirectories(true));
        byte[] inner = resized(Pictures.quarters(ImageFormat.JPEG, 20, 20), 65_500, 65_500);
        for (int compression : new int[] {6, 7}) {
            addTiff("huge JPEG inside, compression " + compression, () -> {
                int[][] tags = with(with(grey(20, 20, compression), 513, 4, 1, 4096), 514, 4, 1, inner.length);
                return tiff(with(with(tags, 273, 4, 1, 4096), 279, 4, 1, inner.length), inner);
            });
            addTiff("huge JPEG inside for CMYK, compression " + compression, () -> {
                int[][] tags = with(with(grey(20, 20, compression), 513, 4, 1, 4096), 514, 4, 1, inner.length);
                tags = with(with(with(tags, 262, 3, 1, 5), 277, 3, 1, 4), 258, 3, 1, 8);
                return tiff(with(with(tags, 273, 4, 1, 4096), 279, 4, 1, inner.length), inner);
            });
        }
        byte[] scans = resized(Pictures.progressiveJpeg(20, 20), 65_500, 65_500);
        addTiff("huge progressive JPEG inside", () -> {
            int[][] tags = with(with(grey(20, 20, 7), 273, 4, 1, 4096), 279, 4, 1, scans.length);
            return tiff(tags, scans);
        });
        byte[] zeros = zeros(300_000_000);
        addTiff(
                "too many zeros",
                () -> tiff(with(with(grey(20, 20, 8), 273, 4, 1, 4096), 279, 4, 1, zeros.length), zeros));
    }

    private void addTiff(String name, Supplier<byte[]> bytes) {
        add(ImageFormat.TIFF, name, bytes);
    }

    /** Returns the tags of a grey picture: tag, type, count, value. */
    private static int[][] grey(int width, int height, int compression) {
        return new int[][] {
            {256, 4, 1, width},
            {257, 4, 1, height},
            {258, 3, 1, 8},
            {259, 3, 1, compression},
            {262, 3, 1, 1},
            {273, 4, 1, 8},
            {277, 3, 1, 1},
            {278, 4, 1, height},
            {279, 4, 1, 400}
        };
    }

    /** Returns the tags with one replaced or added. */
    private static int[][] with(int[][] tags, int... tag) {
        List<int[]> changed = new ArrayList<>(Arrays.asList(tags));
        changed.removeIf(other -> other[0] == tag[0]);
        changed.add(tag);
        changed.sort((a, b) -> Integer.compare(a[0], b[0]));
        return changed.toArray(new int[0][]);
    }

    /** Returns a file with one directory, and data at offset 4096. */
    private static byte[] tiff(int[][] tags, byte... data) {
        return concat(little(4096).put(tiffHeader()).put(directory(0, tags)).array(), data);
    }

    private static byte[] tiffHeader() {
        return little(8).put(ascii("II*\0")).putInt(8).array();
    }

    private static byte[] directory(int next, int[]... tags) {
        ByteBuffer directory = little(6 + 12 * tags.length).putShort((short) tags.length);
        for (int[] tag : tags) {
            directory
                    .putShort((short) tag[0])
                    .putShort((short) tag[1])
                    .putInt(tag[2])
                    .putInt(tag[3]);
        }
        return directory.putInt(next).array();
    }

    private static byte[] tiffOfOneTag(int... tag) {
        return concat(tiffHeader(), directory(0, tag), new byte[100]);
    }

    private static byte[] cycle() {
        return concat(tiffHeader(), directory(8, grey(20, 20, 1)), new byte[400]);
    }

    private static byte[] subDirectoryCycle(int tag) {
        return concat(tiffHeader(), directory(0, with(grey(20, 20, 1), tag, 4, 1, 8)), new byte[400]);
    }

    /** Returns a chain of directories. Each points to the next one with a tag, or with 0 as the next page. */
    private static byte[] chain(int length, int tag) {
        byte[] first = directory(0, with(grey(20, 20, 1), 0x014A, 4, 1, 8));
        ByteBuffer tiff = little(8 + first.length + 18 * length + 400).put(tiffHeader());
        for (int i = 0; i <= length; i++) {
            int next = 8 + first.length + 18 * i;
            int[] link = {tag == 0 ? 256 : tag, 4, 1, tag == 0 ? 1 : next};
            tiff.put(directory(tag == 0 ? next : 0, i == 0 ? with(grey(20, 20, 1), link) : new int[][] {link}));
            if (i == length) {
                tiff.putInt(tiff.position() - 4, 0);
            }
        }
        return tiff.array();
    }

    /** Returns a file with very many tags whose values overlap. */
    private static byte[] overlapping(int tags, int type, int count) {
        int[][] all = Arrays.copyOf(grey(20, 20, 1), 9 + tags);
        for (int i = 0; i < tags; i++) {
            all[9 + i] = new int[] {40_000 + i, type, count, 8};
        }
        byte[] data = new byte[1_000_000];
        for (int i = 0; i < data.length; i += 2) {
            data[i] = 'a';
        }
        return concat(tiffHeader(), directory(0, all), data);
    }

    /** Returns directories that start within each other and have as many entries as possible. */
    private static byte[] overlappingDirectories(boolean below) {
        int count = 4000;
        byte[] first = directory(below ? 0 : 4096, with(grey(20, 20, 1), 0x014A, 4, below ? count : 1, 4096));
        ByteBuffer tiff = little(1_000_000);
        for (int i = 0; i + 4 <= tiff.capacity(); i += 4) {
            tiff.putInt(i, 0x00010001);
        }
        for (int i = 0; i < count; i++) {
            tiff.putInt(4096 + 4 * i, below ? 30_000 + 12 * i : 30_000);
        }
        return tiff.put(0, tiffHeader()).put(8, first).array();
    }

    // --- WebP

    private void webp() {
        byte[] lossless = Arrays.copyOfRange(webp("Lossless"), 12, webp("Lossless").length);
        byte[] lossy = Arrays.copyOfRange(webp("Lossy"), 12, webp("Lossy").length);
        byte[] animation = riff("ANIM", new byte[6]);
        for (int size : new int[] {side, 16_383}) {
            addWebp("lossless of " + size, () -> riff(-1, losslessOf(lossless, size)));
            addWebp("lossy of " + size, () -> riff(-1, lossyOf(lossy, size)));
            for (int screen : new int[] {10, size, 1 << 24}) {
                addWebp(
                        "lossless of " + size + " on " + screen,
                        () -> riff(-1, concat(extended(screen, 0), losslessOf(lossless, size))));
                addWebp(
                        "lossy of " + size + " on " + screen,
                        () -> riff(-1, concat(extended(screen, 0), lossyOf(lossy, size))));
                addWebp(
                        "animation of " + size + " on " + screen,
                        () -> riff(
                                -1,
                                concat(
                                        extended(screen, 2),
                                        animation,
                                        repeat(riff("ANMF", concat(new byte[16], lossyOf(lossy, size))), 1000))));
                addWebp(
                        "alpha of " + size + " on " + screen,
                        () -> riff(
                                -1,
                                concat(
                                        extended(screen, 16),
                                        riff("ALPH", new byte[] {1, 0, 0}),
                                        lossyOf(lossy, size))));
            }
        }
        for (int length : new int[] {0, 1, 8, Integer.MAX_VALUE, -1, -2, -9, Integer.MIN_VALUE}) {
            addWebp("file of length " + length, () -> riff(length, lossy));
            for (String type : List.of("VP8 ", "VP8L", "VP8X", "ALPH", "EXIF", "ICCP", "XMP ", "ANMF", "fooo")) {
                byte[] chunk = riff(type, new byte[20]);
                little(chunk).putInt(4, length);
                addWebp(type + " of length " + length, () -> riff(-1, concat(chunk, lossy)));
                addWebp(
                        type + " in an extended file of length " + length,
                        () -> riff(-1, concat(extended(200, 0x3E), chunk, lossy)));
            }
        }
        for (String type : List.of("VP8 ", "VP8L", "VP8X", "ALPH", "EXIF", "ICCP", "XMP ", "ANMF", "fooo")) {
            addWebp(
                    "many " + type,
                    () -> riff(-1, concat(extended(200, 0x3E), repeat(riff(type, new byte[2]), MANY), lossy)));
        }
        for (byte[] tiff :
                List.of(cycle(), subDirectoryCycle(0x8769), chain(20_000, 0x014A), overlapping(4000, 1, 1_000_000))) {
            addWebp("EXIF of " + tiff.length, () -> riff(-1, concat(extended(200, 8), lossy, riff("EXIF", tiff))));
        }
    }

    private void addWebp(String name, Supplier<byte[]> bytes) {
        add(ImageFormat.WEBP, name, bytes);
    }

    private static byte[] webp(String compression) {
        return Pictures.encode(Pictures.quarters(200, 200, BufferedImage.TYPE_INT_RGB), ImageFormat.WEBP, param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(compression);
        });
    }

    /** Returns a RIFF file that declares a length, or its real length if it is -1. */
    private static byte[] riff(int length, byte[] chunks) {
        byte[] file = concat(ascii("RIFF"), new byte[4], ascii("WEBP"), chunks);
        little(file).putInt(4, length == -1 ? file.length - 8 : length);
        return file;
    }

    private static byte[] riff(String type, byte[] data) {
        return concat(ascii(type), little(4).putInt(data.length).array(), data, new byte[data.length % 2]);
    }

    /** Returns the extended header, with width - 1 and height - 1 of the canvas in 24 bits each. */
    private static byte[] extended(int side, int flags) {
        ByteBuffer data = little(11).put((byte) flags).put(4, (byte) 0);
        data.putInt(4, side - 1).putInt(7, side - 1);
        return riff("VP8X", Arrays.copyOf(data.array(), 10));
    }

    private static byte[] losslessOf(byte[] chunk, int side) {
        byte[] changed = chunk.clone();
        little(changed).putInt(9, side - 1 | side - 1 << 14);
        return changed;
    }

    private static byte[] lossyOf(byte[] chunk, int side) {
        byte[] changed = chunk.clone();
        little(changed).putShort(14, (short) side).putShort(16, (short) side);
        return changed;
    }

    // --- all

    private static ByteBuffer little(int length) {
        return little(new byte[length]);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] broken(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] repeat(byte[] block, int times) {
        ByteBuffer all = ByteBuffer.allocate(block.length * times);
        for (int i = 0; i < times; i++) {
            all.put(block);
        }
        return all.array();
    }
}
