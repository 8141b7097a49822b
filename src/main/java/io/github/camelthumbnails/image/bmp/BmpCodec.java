// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.bmp;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.util.exif.Orientation;

/** Windows bitmaps. A thumbnail has no alpha: it is drawn on white. */
public final class BmpCodec implements Codec {

    /** Bytes 6 to 9 are reserved and zero. */
    private static final Signature SIGNATURE = new Signature("42 4D .. .. .. .. 00 00 00 00");

    private static final String NAME = "BMP";
    private static final int HEADER_LENGTH_POSITION = 14;

    /** Where a BMP says how its pixels are packed. */
    private static final int COMPRESSION_POSITION = 30;

    private static final int JPEG_INSIDE = 4;
    private static final int PNG_INSIDE = 5;

    /** Takes no settings. */
    public BmpCodec() {}

    @Override
    public String contentType() {
        return "image/bmp";
    }

    @Override
    public boolean recognizes(byte[] file) {
        return Signature.any(file, SIGNATURE);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        if (isWrapped(file)) {
            // For printers only; the picture inside may be of any size.
            throw new IOException("JPEG or PNG inside a BMP");
        }
        return ImageIoReader.inspect(
                NAME,
                file,
                cancelled,
                reader -> ImageHeader.of(
                        reader.getWidth(0),
                        reader.getHeight(0),
                        1,
                        Orientation.TOP_LEFT,
                        new ImageHeader.Need(ImageIoReader.bytesPerPixel(reader), 0, 6, 0)));
    }

    /** Returns whether a BMP is but the wrapping of a JPEG or PNG. The oldest kind, with a shorter header, cannot be. */
    private static boolean isWrapped(byte[] bmp) {
        return bmp.length > COMPRESSION_POSITION
                && (bmp[HEADER_LENGTH_POSITION] & 0xFF) >= 40
                && (bmp[COMPRESSION_POSITION] == JPEG_INSIDE || bmp[COMPRESSION_POSITION] == PNG_INSIDE);
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        return FrameReader.still(ImageIoReader.decode(NAME, file, cancelled));
    }

    @Override
    public FrameWriter writer(int width, int height, Options options) {
        return FrameWriter.still(image -> ImageIoWriter.encode(
                image.getColorModel().hasAlpha() ? onWhite(image) : image, NAME, parameters -> {}));
    }

    private static BufferedImage onWhite(BufferedImage image) {
        BufferedImage result = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = result.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return result;
    }
}
