// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import io.github.camelthumbnails.image.pixels.ExifOrientation;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** TIFF, of which the first page is used. Its reader converts colours to sRGB. */
public final class TiffCodec implements Codec {

    private static final Signature LITTLE_ENDIAN = new Signature("49 49 2A 00");
    private static final Signature BIG_ENDIAN = new Signature("4D 4D 00 2A");
    private static final String NAME = "TIFF";

    /** Takes no settings. */
    public TiffCodec() {}

    @Override
    public String contentType() {
        return "image/tiff";
    }

    @Override
    public boolean recognizes(byte[] file) {
        return Signature.any(file, LITTLE_ENDIAN, BIG_ENDIAN);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        return ImageIoReader.inspect(NAME, TiffPages.first(file), cancelled, reader -> {
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            long frames = TiffPages.count(file, maxPixels / Math.max(1, (long) width * height) + 1);
            return ImageHeader.of(
                    width,
                    height,
                    frames,
                    ExifOrientation.of(() -> TiffPages.buffer(file)),
                    new ImageHeader.Need(ImageIoReader.bytesPerPixel(reader), 0, 6, file.length));
        });
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        BufferedImage image = ImageIoReader.decode(NAME, TiffPages.first(file), cancelled);
        return FrameReader.still(TiffPages.isPremultiplied(file) ? premultiplied(image) : image);
    }

    /** Returns the same samples, said to be multiplied by alpha already, which the reader does not say. */
    private static BufferedImage premultiplied(BufferedImage image) {
        if (!(image.getColorModel() instanceof ComponentColorModel model) || !model.hasAlpha()) {
            return image;
        }
        ComponentColorModel premultiplied = new ComponentColorModel(
                model.getColorSpace(), true, true, model.getTransparency(), model.getTransferType());
        return new BufferedImage(premultiplied, image.getRaster(), true, null);
    }

    @Override
    public FrameWriter writer(int width, int height, Options options) {
        return FrameWriter.still(image -> ImageIoWriter.encode(image, NAME, ImageIoWriter.compression("LZW")));
    }
}
