// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.bmp;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OriginalFormat;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.util.exif.Orientation;

/** Decodes and encodes BMP (Windows bitmaps). What it encodes has no alpha channel. */
public final class BmpCodec implements Codec, OutputCodec {

    private static final String NAME = "BMP";

    /** Bytes per pixel of a rendition: the pictures of each step, and the file with its copies. */
    private static final long RENDITION_BYTES = 6 * Integer.BYTES;

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
    public List<OriginalFormat> originalFormats() {
        return List.of(OriginalFormat.of(NAME, "image/bmp", "bmp", "dib"));
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.BMP;
    }

    @Override
    public boolean hasAlpha() {
        return false;
    }

    @Override
    public Memory memory(Dimension size, long frames, ImageHeader.Traits traits) {
        return Memory.onHeap(RENDITION_BYTES * size.width * size.height);
    }

    @Override
    public String decoder(byte[] file, Options options) {
        return ImageIoReader.LIBRARY;
    }

    @Override
    public String encoder(Options options) {
        return ImageIoReader.LIBRARY;
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
                        new ImageHeader.Need(ImageIoReader.bytesPerPixel(reader), 0, readable.length)));
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        return FrameReader.still(
                BmpAlpha.fillEmptyAlpha(ImageIoReader.decode(NAME, BmpFile.normalize(file), cancelled)));
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Options options) {
        return FrameWriter.still((image, profile) -> ImageIoWriter.encode(image, NAME, parameters -> {}));
    }
}
