// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes pictures for the tests and looks at what became of them. */
public final class Pictures {

    /** The colours of the quarters: top left, top right, bottom left, bottom right. */
    static final Color[] QUARTERS = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};

    private Pictures() {}

    /** A picture of four quarters, each of one colour. */
    static BufferedImage quarters(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < 4; i++) {
            graphics.setColor(QUARTERS[i]);
            graphics.fillRect(i % 2 * width / 2, i / 2 * height / 2, (width + 1) / 2, (height + 1) / 2);
        }
        graphics.dispose();
        return image;
    }

    /** A file of four quarters. */
    public static byte[] quarters(ImageFormat format, int width, int height) {
        return encode(quarters(width, height, BufferedImage.TYPE_INT_RGB), format);
    }

    /** A file that does not compress well. */
    public static byte[] noise(ImageFormat format, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        return encode(image, format);
    }

    /** A file of one colour. */
    public static byte[] plain(ImageFormat format, int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return encode(image, format);
    }

    /** A file of any picture. */
    static byte[] encode(BufferedImage image, ImageFormat format) {
        return write(new IIOImage(image, null, null), format);
    }

    /** A CMYK JPEG as Photoshop writes it: inverted, 255 is no ink, and with an Adobe marker. The ink is given not inverted. */
    static byte[] cmykJpeg(int width, int height, int... ink) {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
        int[] samples = Arrays.stream(ink).map(value -> 255 - value).toArray();
        for (int i = 0; i < width * height; i++) {
            raster.setPixel(i % width, i / width, samples);
        }
        ByteBuffer adobe = ByteBuffer.allocate(16);
        adobe.putShort((short) 0xFFEE).putShort((short) 14).put("Adobe".getBytes(StandardCharsets.US_ASCII));
        adobe.putShort((short) 100).putInt(0).put((byte) 0); // version, flags, no colour transform
        return insert(write(new IIOImage(raster, null, null), ImageFormat.JPEG), adobe.array());
    }

    private static byte[] write(IIOImage image, ImageFormat format) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format.name()).next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** The same JPEG with a segment more, right behind its start. */
    private static byte[] insert(byte[] jpeg, byte[] segment) {
        return ByteBuffer.allocate(jpeg.length + segment.length)
                .put(jpeg, 0, 2)
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** The same JPEG with an EXIF block that holds nothing but the orientation. */
    static byte[] withOrientation(byte[] jpeg, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(36);
        exif.putShort((short) 0xFFE1).putShort((short) 34).put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.order(ByteOrder.LITTLE_ENDIAN);
        exif.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8); // TIFF header
        exif.putShort((short) 1); // one entry
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putInt(orientation);
        exif.putInt(0); // no further directory
        return insert(jpeg, exif.array());
    }

    /** Decodes a file. */
    public static BufferedImage decode(byte[] file) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
            if (image == null) {
                throw new IllegalArgumentException("no picture");
            }
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The colour in the middle of a quarter, 0 to 3 as in {@link #QUARTERS}. */
    static Color quarter(BufferedImage image, int quarter) {
        return new Color(
                image.getRGB(
                        (quarter % 2 * 2 + 1) * image.getWidth() / 4, (quarter / 2 * 2 + 1) * image.getHeight() / 4),
                true);
    }
}
