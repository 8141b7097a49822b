// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
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
import java.util.Collections;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Creates pictures for the tests, and decodes thumbnails to check them. */
public final class Pictures {

    /** The formats that ImageIO can write, so that tests have originals in them. */
    public static final Set<ImageFormat> FORMATS = EnumSet.of(
            ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.GIF, ImageFormat.BMP, ImageFormat.TIFF, ImageFormat.WEBP);

    /** The colours of the quarters: top left, top right, bottom left, bottom right. */
    public static final Color[] QUARTERS = {Color.RED, Color.GREEN, Color.BLUE, Color.YELLOW};

    private Pictures() {}

    /** Draws a picture of four quarters, each of one colour. */
    public static BufferedImage quarters(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        Graphics2D graphics = image.createGraphics();
        for (int i = 0; i < 4; i++) {
            graphics.setColor(QUARTERS[i]);
            graphics.fillRect(i % 2 * width / 2, i / 2 * height / 2, (width + 1) / 2, (height + 1) / 2);
        }
        graphics.dispose();
        return image;
    }

    /** Returns a file of four quarters. */
    public static byte[] quarters(ImageFormat format, int width, int height) {
        return encode(quarters(width, height, BufferedImage.TYPE_INT_RGB), format);
    }

    /** Returns a file of noise, which does not compress well. */
    public static byte[] noise(ImageFormat format, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, random.nextInt());
        }
        return encode(image, format);
    }

    /** Returns the format of a file, of those that can be encoded. */
    public static Optional<ImageFormat> format(byte[] file) {
        return Arrays.stream(ImageFormat.values())
                .filter(format -> Codecs.STANDARD
                        .find(file)
                        .filter(codec -> codec == format.codec())
                        .isPresent())
                .findFirst();
    }

    /** Returns a file of one colour. */
    public static byte[] plain(ImageFormat format, int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return encode(image, format);
    }

    /** Returns a picture of 32 x 32 pixels of one colour, with the given raw samples. */
    public static BufferedImage components(int colorSpace, boolean alpha, int dataType, int... samples) {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(colorSpace),
                alpha,
                false,
                alpha ? BufferedImage.TRANSLUCENT : BufferedImage.OPAQUE,
                dataType);
        WritableRaster raster = Raster.createInterleavedRaster(dataType, 32, 32, samples.length, null);
        for (int band = 0; band < samples.length; band++) {
            raster.setSamples(0, 0, 32, 32, band, fill(samples[band]));
        }
        return new BufferedImage(model, raster, false, null);
    }

    /** Returns the samples of one band of such a picture. */
    public static int[] fill(int value) {
        int[] samples = new int[32 * 32];
        Arrays.fill(samples, value);
        return samples;
    }

    /** Returns a progressive JPEG of four quarters. */
    public static byte[] progressiveJpeg(int width, int height) {
        return encode(
                quarters(width, height, BufferedImage.TYPE_INT_RGB),
                ImageFormat.JPEG,
                param -> param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT));
    }

    /** Encodes a picture. */
    public static byte[] encode(BufferedImage image, ImageFormat format) {
        return encode(image, format, param -> {});
    }

    /** Encodes a picture with given writer parameters. */
    public static byte[] encode(BufferedImage image, ImageFormat format, Consumer<ImageWriteParam> setting) {
        return write(new IIOImage(image, null, null), format, setting);
    }

    /** Returns an animation, or a TIFF of several pages, with identical frames. */
    public static byte[] frames(ImageFormat format, int width, int height, int count) {
        return animation(format, Collections.nCopies(count, quarters(width, height, BufferedImage.TYPE_INT_RGB)));
    }

    /** Encodes an animation, or a TIFF of several pages. */
    public static byte[] animation(ImageFormat format, List<BufferedImage> frames) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format.name()).next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (BufferedImage frame : frames) {
                writer.writeToSequence(new IIOImage(frame, null, null), writer.getDefaultWriteParam());
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /**
     * Returns a CMYK JPEG as Photoshop writes it: inverted (255 is no ink) and with an Adobe marker. The ink parameter
     * is not inverted.
     */
    public static byte[] cmykJpeg(int width, int height, int... ink) {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, null);
        int[] samples = Arrays.stream(ink).map(value -> 255 - value).toArray();
        for (int i = 0; i < width * height; i++) {
            raster.setPixel(i % width, i / width, samples);
        }
        ByteBuffer adobe = ByteBuffer.allocate(16);
        adobe.putShort((short) 0xFFEE).putShort((short) 14).put(ascii("Adobe"));
        adobe.putShort((short) 100).putInt(0).put((byte) 0); // version, flags, no colour transform
        return insert(write(new IIOImage(raster, null, null), ImageFormat.JPEG, param -> {}), adobe.array());
    }

    private static byte[] write(IIOImage image, ImageFormat format, Consumer<ImageWriteParam> setting) {
        ImageWriter writer = writer(format, setting);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            setting.accept(param);
            writer.setOutput(stream);
            writer.write(null, image, param);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** Returns the first writer that supports the settings: one writes more kinds of TIFF, another one tiles. */
    private static ImageWriter writer(ImageFormat format, Consumer<ImageWriteParam> setting) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format.name());
        while (true) {
            if (!writers.hasNext()) {
                throw new IllegalArgumentException(
                        "There is no example file of " + format + ". Make Pictures write one.");
            }
            ImageWriter writer = writers.next();
            try {
                setting.accept(writer.getDefaultWriteParam());
                return writer;
            } catch (UnsupportedOperationException | IllegalArgumentException e) {
                writer.dispose();
            }
        }
    }

    /** Inserts a segment after the start marker of a JPEG. */
    public static byte[] insert(byte[] jpeg, byte[] segment) {
        return ByteBuffer.allocate(jpeg.length + segment.length)
                .put(jpeg, 0, 2)
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** Adds an EXIF block that contains only the orientation. */
    public static byte[] withOrientation(byte[] file, ImageFormat format, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(26).order(ByteOrder.LITTLE_ENDIAN);
        exif.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8); // TIFF header
        exif.putShort((short) 1); // one entry
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putInt(orientation);
        exif.putInt(0); // no further directory
        return switch (format) {
            case JPEG ->
                insert(
                        file,
                        ByteBuffer.allocate(36)
                                .putShort((short) 0xFFE1)
                                .putShort((short) 34)
                                .put(ascii("Exif\0\0"))
                                .put(exif.array())
                                .array());
            case PNG -> insertChunk(file, "eXIf", exif.array());
            case WEBP ->
                ByteBuffer.allocate(file.length + 34)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(file)
                        .put(ascii("EXIF"))
                        .putInt(26)
                        .put(exif.array())
                        .putInt(4, file.length + 26)
                        .array();
            default -> throw new IllegalArgumentException(format + " has no EXIF block");
        };
    }

    /** Inserts a chunk after the header of a PNG. */
    public static byte[] insertChunk(byte[] png, String type, byte[] data) {
        byte[] file = concat(Arrays.copyOf(png, 33), chunk(type, data), Arrays.copyOfRange(png, 33, png.length));
        fixChecksums(file);
        return file;
    }

    /** Returns a PNG chunk without a valid checksum. */
    public static byte[] chunk(String type, byte[] data) {
        return ByteBuffer.allocate(12 + data.length)
                .putInt(data.length)
                .put(ascii(type))
                .put(data)
                .array();
    }

    /** Corrects the checksums of all chunks whose length is plausible, so that a reader reaches the damage. */
    public static void fixChecksums(byte[] png) {
        ByteBuffer buffer = ByteBuffer.wrap(png);
        int position = 8;
        while (position + 12 <= png.length) {
            int length = buffer.getInt(position);
            if (length < 0 || length > png.length - position - 12) {
                return;
            }
            CRC32 crc = new CRC32();
            crc.update(png, position + 4, length + 4);
            buffer.putInt(position + 8 + length, (int) crc.getValue());
            position += 12 + length;
        }
    }

    /** Concatenates arrays. */
    public static byte[] concat(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    /** Converts text to bytes. */
    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Decodes a file. Grey becomes RGB with unchanged samples: Java would treat grey as linear light and brighten it.
     */
    public static BufferedImage decode(byte[] file) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(file));
            if (image == null) {
                throw new IllegalArgumentException("no picture");
            }
            if (image.getType() != BufferedImage.TYPE_BYTE_GRAY) {
                return image;
            }
            BufferedImage rgb = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    rgb.setRGB(x, y, 0x010101 * image.getRaster().getSample(x, y, 0));
                }
            }
            return rgb;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the colour in the middle of a quarter, 0 to 3 as in {@link #QUARTERS}. */
    public static Color quarter(BufferedImage image, int quarter) {
        return new Color(
                image.getRGB(
                        (quarter % 2 * 2 + 1) * image.getWidth() / 4, (quarter / 2 * 2 + 1) * image.getHeight() / 4),
                true);
    }

    public static Consumer<ImageWriteParam> compression(String type) {
        return param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(type);
            if (type.equals("JPEG")) {
                param.setCompressionQuality(0.97f);
            }
        };
    }
}
