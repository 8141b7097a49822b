// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.MalformedPictures.Malformed;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import javax.imageio.ImageWriteParam;

/** Small valid pictures of every kind of each format, for tests that damage them. */
final class ValidPictures {

    private ValidPictures() {}

    static List<Malformed> all() {
        List<Malformed> all = new ArrayList<>();
        for (ImageFormat format : Pictures.FORMATS) {
            add(all, format, "colour", Pictures.encode(noise(90, 70, BufferedImage.TYPE_INT_RGB), format));
            add(all, format, "quarters", Pictures.quarters(format, 200, 120));
            add(all, format, "tiny", Pictures.quarters(format, 3, 2));
        }
        for (ImageFormat format : List.of(ImageFormat.PNG, ImageFormat.TIFF, ImageFormat.WEBP, ImageFormat.GIF)) {
            add(all, format, "alpha", Pictures.encode(noise(40, 50, BufferedImage.TYPE_INT_ARGB), format));
        }
        for (ImageFormat format : List.of(ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.BMP, ImageFormat.TIFF)) {
            add(all, format, "grey", Pictures.encode(noise(60, 33, BufferedImage.TYPE_BYTE_GRAY), format));
        }
        for (ImageFormat format : List.of(ImageFormat.PNG, ImageFormat.BMP, ImageFormat.TIFF, ImageFormat.GIF)) {
            add(all, format, "palette", Pictures.encode(noise(64, 64, BufferedImage.TYPE_BYTE_INDEXED), format));
            add(all, format, "bits", Pictures.encode(noise(77, 40, BufferedImage.TYPE_BYTE_BINARY), format));
        }
        jpeg(all);
        png(all);
        tiff(all);
        BufferedImage colour = noise(80, 60, BufferedImage.TYPE_INT_RGB);
        add(all, ImageFormat.GIF, "animated", Pictures.frames(ImageFormat.GIF, 30, 20, 5));
        GifFile disposals = new GifFile(30, 20).loops(0).frame(0, 0, 30, 20, GifFile.RED);
        for (int i = 0; i < 8; i++) {
            disposals.control(i, i % 4).frame(i, i, 20, 10, i);
        }
        add(all, ImageFormat.GIF, "disposals", disposals.finish());
        add(all, ImageFormat.BMP, "RLE8", write(BufferedImage.TYPE_BYTE_INDEXED, ImageFormat.BMP, type("BI_RLE8")));
        add(
                all,
                ImageFormat.BMP,
                "565",
                Pictures.encode(noise(60, 33, BufferedImage.TYPE_USHORT_565_RGB), ImageFormat.BMP));
        add(all, ImageFormat.WEBP, "lossy", Pictures.encode(colour, ImageFormat.WEBP, type("Lossy")));
        add(all, ImageFormat.WEBP, "lossless", Pictures.encode(colour, ImageFormat.WEBP, type("Lossless")));
        return all;
    }

    private static void jpeg(List<Malformed> all) {
        Consumer<ImageWriteParam> progressive = param -> param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        add(all, ImageFormat.JPEG, "progressive", write(BufferedImage.TYPE_INT_RGB, ImageFormat.JPEG, progressive));
        add(
                all,
                ImageFormat.JPEG,
                "progressive grey",
                write(BufferedImage.TYPE_BYTE_GRAY, ImageFormat.JPEG, progressive));
        add(all, ImageFormat.JPEG, "CMYK", Pictures.cmykJpeg(40, 32, 0, 255, 128, 30));
        add(
                all,
                ImageFormat.JPEG,
                "turned",
                Pictures.withOrientation(Pictures.quarters(ImageFormat.JPEG, 60, 40), ImageFormat.JPEG, 6));
    }

    private static void png(List<Malformed> all) {
        Consumer<ImageWriteParam> interlaced = param -> param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        add(all, ImageFormat.PNG, "interlaced", write(BufferedImage.TYPE_INT_RGB, ImageFormat.PNG, interlaced));
        add(
                all,
                ImageFormat.PNG,
                "interlaced palette",
                write(BufferedImage.TYPE_BYTE_INDEXED, ImageFormat.PNG, interlaced));
        add(
                all,
                ImageFormat.PNG,
                "16 bits",
                Pictures.encode(
                        Pictures.components(ColorSpace.CS_sRGB, true, DataBuffer.TYPE_USHORT, 1, 999, 50000, 40000),
                        ImageFormat.PNG));
        add(
                all,
                ImageFormat.PNG,
                "grey with alpha",
                Pictures.encode(
                        Pictures.components(ColorSpace.CS_GRAY, true, DataBuffer.TYPE_BYTE, 100, 200),
                        ImageFormat.PNG));
    }

    private static void tiff(List<Malformed> all) {
        for (String type : List.of("LZW", "ZLib", "PackBits", "JPEG")) {
            add(all, ImageFormat.TIFF, type, write(BufferedImage.TYPE_INT_RGB, ImageFormat.TIFF, type(type)));
        }
        for (String type : List.of("CCITT RLE", "CCITT T.4", "CCITT T.6")) {
            add(all, ImageFormat.TIFF, type, write(BufferedImage.TYPE_BYTE_BINARY, ImageFormat.TIFF, type(type)));
        }
        Consumer<ImageWriteParam> tiles = param -> {
            param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
            param.setTiling(32, 32, 0, 0);
        };
        add(
                all,
                ImageFormat.TIFF,
                "tiles",
                write(BufferedImage.TYPE_INT_RGB, ImageFormat.TIFF, tiles.andThen(type("LZW"))));
        add(all, ImageFormat.TIFF, "pages", Pictures.frames(ImageFormat.TIFF, 30, 20, 4));
    }

    private static byte[] write(int type, ImageFormat format, Consumer<ImageWriteParam> setting) {
        return Pictures.encode(noise(100, 80, type), format, setting);
    }

    private static Consumer<ImageWriteParam> type(String compression) {
        return param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(compression);
        };
    }

    /** Draws noise, which does not compress well, so that there are enough bytes to damage. */
    private static BufferedImage noise(int width, int height, int type) {
        BufferedImage image = Pictures.quarters(width, height, type);
        Random random = new Random(width);
        for (int i = 0; i < width * height / 3; i++) {
            image.setRGB(random.nextInt(width), random.nextInt(height), random.nextInt() | 0x40000000);
        }
        return image;
    }

    private static void add(List<Malformed> all, ImageFormat format, String kind, byte[] bytes) {
        all.add(new Malformed(format + " " + kind, format, bytes));
    }
}
