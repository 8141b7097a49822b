// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OriginalFormat;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.exif.ExifOrientation;
import io.github.camelthumbnails.image.exif.TiffDirectory;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageReader;

/** Decodes the first page of a TIFF, converted to sRGB, and encodes TIFF. */
public final class TiffCodec implements Codec, OutputCodec {

    private static final Signature LITTLE_ENDIAN = new Signature("49 49 2A 00");
    private static final Signature BIG_ENDIAN = new Signature("4D 4D 00 2A");
    private static final Signature LITTLE_ENDIAN_BIG_TIFF = new Signature("49 49 2B 00");
    private static final Signature BIG_ENDIAN_BIG_TIFF = new Signature("4D 4D 00 2B");
    private static final String NAME = "TIFF";

    /** Bytes per pixel of a grey rendition, including its file while it is written. */
    private static final long GREY_RENDITION_BYTES = 4;

    /** Bytes per pixel of any other rendition, including its file while it is written. */
    private static final long RENDITION_BYTES = 6 * Integer.BYTES;

    /**
     * Bytes per pixel of a bilevel original for the grey picture of half its size, of which smaller renditions are made.
     * More than its decoder needs.
     */
    private static final double BILEVEL_RESIZE_BYTES = 0.25;

    /** Creates the codec, which has no state. */
    public TiffCodec() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String contentType() {
        return "image/tiff";
    }

    @Override
    public List<OriginalFormat> originalFormats() {
        return List.of(OriginalFormat.of(NAME, "image/tiff", "tif", "tiff"));
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.TIFF;
    }

    @Override
    public boolean hasAlpha() {
        return true;
    }

    @Override
    public Memory memory(Dimension size, long frames, ImageHeader.Traits traits) {
        return Memory.onHeap((traits.bilevel() ? GREY_RENDITION_BYTES : RENDITION_BYTES) * size.width * size.height);
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
        return Signature.matchesAny(file, LITTLE_ENDIAN, BIG_ENDIAN) || isBigTiff(file);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        if (isBigTiff(file)) {
            throw new UnsupportedImageException(
                    "The file is a BigTIFF, which is not supported. Save it as a standard TIFF (up to 4 GB).");
        }
        byte[] page = TiffPages.extractFirst(file);
        TiffSupport.check(TiffDirectory.buffer(page));
        return ImageIoReader.inspect(
                NAME,
                page,
                cancelled,
                reader -> ImageHeader.of(
                        reader.getWidth(0),
                        reader.getHeight(0),
                        1,
                        ExifOrientation.read(() -> TiffDirectory.buffer(file)),
                        need(reader, page),
                        new ImageHeader.Traits(false, false, false, ImageIoReader.isBilevel(reader))));
    }

    private static boolean isBigTiff(byte[] file) {
        return Signature.matchesAny(file, LITTLE_ENDIAN_BIG_TIFF, BIG_ENDIAN_BIG_TIFF);
    }

    private static ImageHeader.Need need(ImageReader reader, byte[] page) throws IOException {
        boolean lzw = LzwStrips.isLzw(page);
        long bytes = lzw ? 2L * page.length : page.length;
        if (ImageIoReader.isBilevel(reader)) {
            return new ImageHeader.Need(1.0 / Byte.SIZE, BILEVEL_RESIZE_BYTES, bytes);
        }
        double pixel = ImageIoReader.bytesPerPixel(reader);
        return new ImageHeader.Need(pixel, lzw ? pixel : 0, bytes);
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        BufferedImage image =
                ImageIoReader.decode(NAME, LzwStrips.decompress(TiffPages.extractFirst(file), cancelled), cancelled);
        return FrameReader.still(TiffPages.isPremultiplied(file) ? markPremultiplied(image) : image);
    }

    /**
     * Returns an image of the same samples that is marked as premultiplied by alpha, because the reader does not mark
     * it.
     */
    private static BufferedImage markPremultiplied(BufferedImage image) {
        if (!(image.getColorModel() instanceof ComponentColorModel model) || !model.hasAlpha()) {
            return image;
        }
        ComponentColorModel premultiplied = new ComponentColorModel(
                model.getColorSpace(), true, true, model.getTransparency(), model.getTransferType());
        return new BufferedImage(premultiplied, image.getRaster(), true, null);
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Options options) {
        return FrameWriter.still(
                (image, profile) -> ImageIoWriter.encode(image, NAME, ImageIoWriter.compression("LZW")));
    }
}
