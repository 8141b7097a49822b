// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.color.ICC_ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A colour space with three primaries and a transfer curve. Creates its ICC profile, and converts samples from sRGB.
 * Also decodes files as a program does that applies colour profiles.
 *
 * @param primaries x and y of red, green and blue
 * @param gamma gamma of the transfer curve, or 0 for that of sRGB
 */
record ConformanceColors(double[] primaries, double gamma) {

    static final ConformanceColors SRGB = new ConformanceColors(new double[] {0.64, 0.33, 0.30, 0.60, 0.15, 0.06}, 0);
    static final ConformanceColors DISPLAY_P3 =
            new ConformanceColors(new double[] {0.680, 0.320, 0.265, 0.690, 0.150, 0.060}, 0);
    static final ConformanceColors ADOBE_RGB =
            new ConformanceColors(new double[] {0.64, 0.33, 0.21, 0.71, 0.15, 0.06}, 563 / 256.0);

    /** The white point of sRGB, D65, to which the primaries refer. */
    static final double[] WHITE = {0.3127, 0.3290};

    private static final double[] D65 = {WHITE[0] / WHITE[1], 1, (1 - WHITE[0] - WHITE[1]) / WHITE[1]};

    /** The white point of ICC profiles. */
    private static final double[] D50 = {0.9642, 1, 0.8249};

    private static final double[][] BRADFORD = {
        {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
    };

    /** Converts a picture from sRGB to this colour space. Every colour must be within its gamut. */
    BufferedImage stored(BufferedImage image) {
        double[][] matrix = multiply(invert(toXyz()), SRGB.toXyz());
        return ConformanceScenes.draw(image.getWidth(), image.getHeight(), (x, y) -> {
            int argb = image.getRGB(x, y);
            double[] linear = new double[3];
            for (int band = 0; band < 3; band++) {
                linear[band] = SRGB.linear((argb >> 16 - 8 * band & 0xFF) / 255.0);
            }
            double[] other = multiply(matrix, linear);
            int result = argb & 0xFF000000;
            for (int band = 0; band < 3; band++) {
                if (other[band] < -0.001 || other[band] > 1.001) {
                    throw new IllegalArgumentException("out of gamut: " + Integer.toHexString(argb));
                }
                result |= (int) Math.round(255 * coded(Math.max(0, Math.min(1, other[band])))) << 16 - 8 * band;
            }
            return result;
        });
    }

    private double linear(double coded) {
        if (gamma > 0) {
            return Math.pow(coded, gamma);
        }
        return coded <= 0.04045 ? coded / 12.92 : Math.pow((coded + 0.055) / 1.055, 2.4);
    }

    private double coded(double linear) {
        if (gamma > 0) {
            return Math.pow(linear, 1 / gamma);
        }
        return linear <= 0.0031308 ? linear * 12.92 : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
    }

    /** Returns the matrix from linear samples to XYZ with white point D65. */
    private double[][] toXyz() {
        double[][] columns = new double[3][3];
        for (int i = 0; i < 3; i++) {
            double x = primaries[2 * i];
            double y = primaries[2 * i + 1];
            columns[0][i] = x / y;
            columns[1][i] = 1;
            columns[2][i] = (1 - x - y) / y;
        }
        double[] scale = multiply(invert(columns), D65);
        for (double[] row : columns) {
            for (int i = 0; i < 3; i++) {
                row[i] *= scale[i];
            }
        }
        return columns;
    }

    /** Returns an ICC profile of version 2 for a display. */
    byte[] profile() {
        double[] from = multiply(BRADFORD, D65);
        double[] to = multiply(BRADFORD, D50);
        double[][] scale = {{to[0] / from[0], 0, 0}, {0, to[1] / from[1], 0}, {0, 0, to[2] / from[2]}};
        double[][] colorants = multiply(multiply(invert(BRADFORD), multiply(scale, BRADFORD)), toXyz());
        return profile(
                "RGB ",
                new String[] {"desc", "cprt", "wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"},
                description(),
                ascii("text\0\0\0\0none\0"),
                xyz(D50),
                xyz(column(colorants, 0)),
                xyz(column(colorants, 1)),
                xyz(column(colorants, 2)),
                curve(),
                curve(),
                curve());
    }

    /** Returns an ICC profile for grey, which consists of the transfer curve only. */
    byte[] greyProfile() {
        return profile(
                "GRAY",
                new String[] {"desc", "cprt", "wtpt", "kTRC"},
                description(),
                ascii("text\0\0\0\0none\0"),
                xyz(D50),
                curve());
    }

    private static byte[] profile(String space, String[] tags, byte[]... values) {
        ByteBuffer table = ByteBuffer.allocate(4 + 12 * tags.length).putInt(tags.length);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < tags.length; i++) {
            table.put(ascii(tags[i]));
            table.putInt(128 + table.capacity() + data.size()).putInt(values[i].length);
            data.writeBytes(Arrays.copyOf(values[i], (values[i].length + 3) / 4 * 4));
        }
        ByteBuffer header = ByteBuffer.allocate(128);
        header.putInt(128 + table.capacity() + data.size()).putInt(0).putInt(0x02100000);
        header.put(ascii("mntr" + space + "XYZ "));
        for (int part : new int[] {2020, 1, 1, 0, 0, 0}) {
            header.putShort((short) part);
        }
        header.put(ascii("acsp")).position(68);
        for (double value : D50) {
            header.putInt(fixed(value));
        }
        return concat(header.array(), table.array(), data.toByteArray());
    }

    private static byte[] description() {
        ByteBuffer description = ByteBuffer.allocate(12 + 5 + 8 + 70);
        description.put(ascii("desc")).putInt(0).putInt(5).put(ascii("test"));
        return description.array();
    }

    private static byte[] xyz(double[] values) {
        ByteBuffer xyz = ByteBuffer.allocate(20).put(ascii("XYZ ")).putInt(0);
        for (double value : values) {
            xyz.putInt(fixed(value));
        }
        return xyz.array();
    }

    private byte[] curve() {
        int count = 1024;
        ByteBuffer curve =
                ByteBuffer.allocate(12 + 2 * count).put(ascii("curv")).putInt(0).putInt(count);
        for (int i = 0; i < count; i++) {
            curve.putShort((short) Math.round(65535 * linear(i / (count - 1.0))));
        }
        return curve.array();
    }

    private static int fixed(double value) {
        return (int) Math.round(value * 65536);
    }

    /** Returns the segments of a JPEG that hold a profile, each with at most maxBytes of it. */
    static byte[] segments(byte[] profile, int maxBytes) {
        int count = (profile.length + maxBytes - 1) / maxBytes;
        byte[][] segments = new byte[count][];
        for (int i = 0; i < count; i++) {
            byte[] part = Arrays.copyOfRange(profile, i * maxBytes, Math.min(profile.length, (i + 1) * maxBytes));
            segments[i] = ConformanceJpeg.segment(
                    0xE2, concat(ascii("ICC_PROFILE\0"), new byte[] {(byte) (i + 1), (byte) count}, part));
        }
        return concat(segments);
    }

    /**
     * Decodes a file, or the first frame of an animation, and converts it to sRGB with its profile. A file without one
     * is sRGB.
     */
    static BufferedImage decodeToSrgb(byte[] file) {
        ImageFormat format = Pictures.format(file).orElseThrow();
        if (format == ImageFormat.GIF) {
            return ConformanceGif.render(file).screens().get(0);
        }
        // Remove the profile, because some JPEG readers would apply it as well.
        BufferedImage samples = samples(Pictures.decode(format == ImageFormat.JPEG ? withoutProfile(file) : file));
        byte[] profile = profileOf(file, format);
        if (profile.length == 0) {
            return samples;
        }
        ICC_ColorSpace space = new ICC_ColorSpace(ICC_Profile.getInstance(profile));
        return ConformanceScenes.draw(samples.getWidth(), samples.getHeight(), (x, y) -> {
            int argb = samples.getRGB(x, y);
            float[] components = {(argb >> 16 & 0xFF) / 255f, (argb >> 8 & 0xFF) / 255f, (argb & 0xFF) / 255f};
            float[] rgb = space.toRGB(Arrays.copyOf(components, space.getNumComponents()));
            int result = argb & 0xFF000000;
            for (int band = 0; band < 3; band++) {
                result |= Math.round(255 * rgb[band]) << 16 - 8 * band;
            }
            return result;
        });
    }

    /** Returns the red, green, blue and alpha samples as stored in the file, regardless of Java's colour model. */
    private static BufferedImage samples(BufferedImage image) {
        if (image.getColorModel() instanceof IndexColorModel) {
            return ConformanceScenes.draw(image.getWidth(), image.getHeight(), image::getRGB);
        }
        int bands = image.getRaster().getNumBands();
        if (bands > 4
                || image.isAlphaPremultiplied()
                || bands == 4 != image.getColorModel().hasAlpha() && bands > 2) {
            throw new IllegalArgumentException("an unusual kind of thumbnail: " + image);
        }
        int[] pixel = new int[bands];
        return ConformanceScenes.draw(image.getWidth(), image.getHeight(), (x, y) -> {
            image.getRaster().getPixel(x, y, pixel);
            for (int band = 0; band < bands; band++) {
                int depth = image.getColorModel().getComponentSize(band);
                pixel[band] = Math.round(pixel[band] * 255f / ((1 << depth) - 1));
            }
            int alpha = bands % 2 == 0 ? pixel[bands - 1] : 255;
            return bands < 3
                    ? alpha << 24 | pixel[0] << 16 | pixel[0] << 8 | pixel[0]
                    : alpha << 24 | pixel[0] << 16 | pixel[1] << 8 | pixel[2];
        });
    }

    /** Returns the profile in a file; empty if there is none. */
    private static byte[] profileOf(byte[] file, ImageFormat format) {
        return switch (format) {
            case JPEG -> profileOfJpeg(file);
            case PNG -> profileOfPng(file);
            case TIFF -> profileOfTiff(file);
            case WEBP -> chunk(file, 12, ByteOrder.LITTLE_ENDIAN, "ICCP");
            case GIF, BMP, AVIF -> new byte[0]; // AVIF is never an original here
        };
    }

    private static byte[] profileOfJpeg(byte[] jpeg) {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (byte[] segment : segments(jpeg)) {
            if (isProfile(segment)) {
                profile.write(segment, 18, segment.length - 18);
            }
        }
        return profile.toByteArray();
    }

    private static byte[] withoutProfile(byte[] jpeg) {
        ByteArrayOutputStream others = new ByteArrayOutputStream();
        others.write(jpeg, 0, 2);
        int end = 2;
        for (byte[] segment : segments(jpeg)) {
            end += segment.length;
            if (!isProfile(segment)) {
                others.writeBytes(segment);
            }
        }
        others.write(jpeg, end, jpeg.length - end);
        return others.toByteArray();
    }

    private static boolean isProfile(byte[] segment) {
        return segment[1] == (byte) 0xE2 && segment.length > 18 && new String(segment, 4, 3).equals("ICC");
    }

    /** Returns all segments before the first scan. */
    private static List<byte[]> segments(byte[] jpeg) {
        List<byte[]> segments = new ArrayList<>();
        for (int start = 2; jpeg[start + 1] != (byte) 0xDA; ) {
            int end = start + 2 + (ByteBuffer.wrap(jpeg).getShort(start + 2) & 0xFFFF);
            segments.add(Arrays.copyOfRange(jpeg, start, end));
            start = end;
        }
        return segments;
    }

    /** Returns the profile of a PNG, or one made from its gamma and primaries. */
    private static byte[] profileOfPng(byte[] png) {
        byte[] zipped = chunk(png, 8, ByteOrder.BIG_ENDIAN, "iCCP");
        if (zipped.length > 0) {
            int name = 0;
            while (zipped[name] != 0) {
                name++;
            }
            return inflate(Arrays.copyOfRange(zipped, name + 2, zipped.length));
        }
        byte[] gamma = chunk(png, 8, ByteOrder.BIG_ENDIAN, "gAMA");
        if (gamma.length == 0 || chunk(png, 8, ByteOrder.BIG_ENDIAN, "sRGB").length > 0) {
            return new byte[0];
        }
        double[] primaries = SRGB.primaries;
        ByteBuffer chroma = ByteBuffer.wrap(chunk(png, 8, ByteOrder.BIG_ENDIAN, "cHRM"));
        if (chroma.hasRemaining()) {
            primaries = new double[6];
            for (int i = 0; i < 6; i++) {
                primaries[i] = chroma.getInt(8 + 4 * i) / 100_000.0;
            }
        }
        return new ConformanceColors(
                        primaries, 100_000.0 / ByteBuffer.wrap(gamma).getInt())
                .profile();
    }

    private static byte[] profileOfTiff(byte[] tiff) {
        ByteBuffer in = ByteBuffer.wrap(tiff).order(tiff[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int start = in.getInt(4);
        for (int i = 0; i < in.getShort(start); i++) {
            int entry = start + 2 + 12 * i;
            if ((in.getShort(entry) & 0xFFFF) == ConformanceTiff.PROFILE) {
                int place = in.getInt(entry + 8);
                return Arrays.copyOfRange(tiff, place, place + in.getInt(entry + 4));
            }
        }
        return new byte[0];
    }

    /**
     * Returns the data of a chunk of a PNG, where the type follows the length, or of a RIFF file, where it precedes it.
     */
    private static byte[] chunk(byte[] file, int first, ByteOrder order, String type) {
        boolean riff = order == ByteOrder.LITTLE_ENDIAN;
        ByteBuffer in = ByteBuffer.wrap(file).order(order);
        for (int start = first; start + 8 <= file.length; ) {
            int length = in.getInt(riff ? start + 4 : start);
            if (type.equals(new String(file, riff ? start : start + 4, 4))) {
                return Arrays.copyOfRange(file, start + 8, start + 8 + length);
            }
            start += 8 + length + (riff ? length % 2 : 4);
        }
        return new byte[0];
    }

    private static byte[] inflate(byte[] data) {
        Inflater inflater = new Inflater();
        inflater.setInput(data);
        byte[] buffer = new byte[1 << 20];
        try {
            return Arrays.copyOf(buffer, inflater.inflate(buffer));
        } catch (DataFormatException e) {
            throw new IllegalArgumentException(e);
        } finally {
            inflater.end();
        }
    }

    private static double[] column(double[][] matrix, int column) {
        return new double[] {matrix[0][column], matrix[1][column], matrix[2][column]};
    }

    private static double[] multiply(double[][] matrix, double[] vector) {
        double[] result = new double[3];
        for (int i = 0; i < 9; i++) {
            result[i / 3] += matrix[i / 3][i % 3] * vector[i % 3];
        }
        return result;
    }

    private static double[][] multiply(double[][] a, double[][] b) {
        double[][] result = new double[3][3];
        for (int i = 0; i < 27; i++) {
            result[i / 9][i / 3 % 3] += a[i / 9][i % 3] * b[i % 3][i / 3 % 3];
        }
        return result;
    }

    private static double[][] invert(double[][] m) {
        double[][] result = new double[3][3];
        double determinant = 0;
        for (int i = 0; i < 9; i++) {
            int r = i / 3;
            int c = i % 3;
            double cofactor = m[(r + 1) % 3][(c + 1) % 3] * m[(r + 2) % 3][(c + 2) % 3]
                    - m[(r + 1) % 3][(c + 2) % 3] * m[(r + 2) % 3][(c + 1) % 3];
            result[c][r] = cofactor;
            determinant += r == 0 ? m[0][c] * cofactor : 0;
        }
        for (double[] row : result) {
            for (int i = 0; i < 3; i++) {
                row[i] /= determinant;
            }
        }
        return result;
    }
}
