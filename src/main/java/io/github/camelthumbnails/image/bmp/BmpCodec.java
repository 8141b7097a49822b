// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.bmp;

import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Decodes and encodes BMP (Windows bitmaps). Thumbnails are flattened onto white, because they have no alpha channel.
 */
public final class BmpCodec implements OutputCodec {

    private static final String NAME = "BMP";

    /** Creates the codec, which has no state. */
    public BmpCodec() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String contentType() {
        return "image/bmp";
    }

    @Override
    public boolean recognizes(byte[] file) {
        return BmpFile.isBmp(file);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        byte[] readable = BmpFile.normalize(file);
        return ImageIoReader.inspect(
                NAME,
                readable,
                cancelled,
                reader -> ImageHeader.of(
                        reader.getWidth(0),
                        reader.getHeight(0),
                        1,
                        Orientation.TOP_LEFT,
                        new ImageHeader.Need(
                                ImageIoReader.bytesPerPixel(reader), 0, 6 * Integer.BYTES, readable.length)));
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        return FrameReader.still(
                BmpAlpha.fillEmptyAlpha(ImageIoReader.decode(NAME, BmpFile.normalize(file), cancelled)));
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, Options options) {
        return FrameWriter.still(image -> ImageIoWriter.encode(
                image.getColorModel().hasAlpha() ? flattenOntoWhite(image) : image, NAME, parameters -> {}));
    }

    private static BufferedImage flattenOntoWhite(BufferedImage image) {
        BufferedImage result = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = result.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return result;
    }
}
