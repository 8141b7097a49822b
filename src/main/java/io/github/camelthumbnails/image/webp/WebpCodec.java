// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.luciad.imageio.webp.WebPWriteParam;
import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OriginalFormat;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.Target;
import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.exif.ExifOrientation;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;

/**
 * Decodes and encodes WebP. Animations stay animated if libwebp's animation libraries are installed; otherwise only the
 * first frame is used. Lossless pictures stay lossless.
 */
public final class WebpCodec implements Codec, OutputCodec {

    /** A RIFF container with the form type {@code WEBP}. */
    private static final Signature SIGNATURE = new Signature("52 49 46 46 .. .. .. .. 57 45 42 50");

    private static final String NAME = "WEBP";

    /** Maximum width and height that the format allows. */
    private static final int MAX_SIDE = 16383;

    /** Creates a codec, which has no settings. */
    public WebpCodec() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String contentType() {
        return "image/webp";
    }

    @Override
    public List<OriginalFormat> originalFormats() {
        return List.of(OriginalFormat.of("WebP", "image/webp", "webp"));
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.WEBP;
    }

    @Override
    public boolean hasAlpha() {
        return true;
    }

    @Override
    public Memory memory(Dimension size, long frames, ImageHeader.Traits traits) {
        return WebpMemory.rendition(size, frames, traits);
    }

    @Override
    public Map<String, Boolean> findLibraries(Options options) {
        return Map.of("libwebpmux", WebpAnimationReader.isAvailable());
    }

    @Override
    public String decoder(byte[] file, Options options) {
        return WebpShortcut.LIBRARY;
    }

    @Override
    public String encoder(Options options) {
        return WebpShortcut.LIBRARY;
    }

    @Override
    public boolean recognizes(byte[] file) {
        return Signature.matchesAny(file, SIGNATURE);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A malicious file can exceed the memory estimate: a lossless picture may have separate Huffman codes for every
     * 4 x 4 pixels, up to 65,536 sets of them. The estimate covers the few sets that encoders write, but the real
     * number is known only after a part of the picture is decoded. A crafted file of 295 kB with 1024 x 1024 pixels
     * took 373 MB more resident memory in libwebp 1.2.4, and reserved 0.8 to 1.3 GB. Its codes have one symbol each;
     * longer codes use more of the reserved memory.
     */
    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        WebpHeader header = WebpHeader.read(file);
        boolean animated = isAnimation(header);
        long frames = animated ? header.frames() : 1;
        long canvas = (long) header.width() * header.height();
        return new ImageHeader(
                header.width(),
                header.height(),
                frames,
                Math.max(canvas, frames * canvas / ANIMATION_FACTOR),
                ExifOrientation.read(() -> WebpChunks.find(file, "EXIF")),
                animated ? WebpMemory.animation(header, file) : WebpMemory.still(header, file),
                new ImageHeader.Traits(animated, header.alpha(), header.lossless(), false));
    }

    @Override
    public Optional<Shortcut> shortcut(byte[] file, ImageHeader header, List<Target> targets, Options options) {
        return options.nativeCodec()
                ? LibWebp.find().flatMap(libwebp -> WebpShortcut.create(libwebp, file, header, targets))
                : Optional.empty();
    }

    private static boolean isAnimation(WebpHeader header) {
        return header.animated() && header.frames() > 1 && WebpAnimationReader.isAvailable();
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        WebpHeader header = WebpHeader.read(file);
        if (isAnimation(header)) {
            return new WebpFrameReader(WebpAnimationReader.open(file), cancelled);
        }
        byte[] still = WebpChunks.extractFirstFrame(file);
        BufferedImage frame = ImageIoReader.decode(
                ImageIoReader.find(NAME), still, cancelled, reader -> decode(reader, still, cancelled));
        return FrameReader.still(WebpFirstFrame.onCanvas(frame, header));
    }

    private static BufferedImage decode(ImageReader reader, byte[] still, BooleanSupplier cancelled)
            throws IOException {
        try {
            return ImageIoReader.decode(reader);
        } catch (OutOfMemoryError e) {
            if (e.getMessage() == null) { // libwebp reported it; the JVM's own errors have a message
                WebpAlpha.check(still, reader.getWidth(0), reader.getHeight(0), cancelled);
            }
            throw e;
        }
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Options options)
            throws UnsupportedImageException {
        OutputCodec.checkSides(size, "WebP", MAX_SIDE);
        if (traits.animated() && WebpAnimationReader.isAvailable()) {
            return new WebpFrameWriter(size, quality, traits.lossless());
        }
        return FrameWriter.still((image, profile) -> {
            byte[] file = traits.lossless()
                    ? WebpLosslessWriter.encode(image)
                    : ImageIoWriter.encode(inColors(image), NAME, parameters -> lossy(parameters, quality));
            return withProfile(file, profile, size);
        });
    }

    /** Copies grey samples into three channels. Java would convert them, because it takes grey for linear. */
    private static BufferedImage inColors(BufferedImage image) {
        if (image.getType() != BufferedImage.TYPE_BYTE_GRAY) {
            return image;
        }
        int width = image.getWidth();
        int height = image.getHeight();
        BufferedImage colors = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            image.getRaster().getSamples(0, y, width, 1, 0, row);
            for (int band = 0; band < 3; band++) {
                colors.getRaster().setSamples(0, y, width, 1, band, row);
            }
        }
        return colors;
    }

    private static void lossy(ImageWriteParam parameters, double quality) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionType("Lossy");
        parameters.setCompressionQuality((float) quality);
        ((WebPWriteParam) parameters).setMethod(LibWebp.METHOD);
    }

    static byte[] withProfile(byte[] file, Optional<byte[]> profile, Dimension size) {
        return profile.isPresent() ? WebpChunks.withProfile(file, ByteBuffer.wrap(profile.get()), size) : file;
    }

    @Override
    public Optional<byte[]> profile(byte[] file) {
        ByteBuffer profile = WebpChunks.find(file, "ICCP");
        if (!profile.hasRemaining() || profile.remaining() > MAX_PROFILE_BYTES) {
            return Optional.empty();
        }
        byte[] bytes = new byte[profile.remaining()];
        profile.get(bytes);
        return Optional.of(bytes);
    }

    @Override
    public byte[] copyProfile(byte[] original, byte[] thumbnail, Dimension size) {
        return withProfile(thumbnail, profile(original), size);
    }
}
