// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OriginalFormat;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.Target;
import io.github.camelthumbnails.image.exif.ExifOrientation;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageReader;

/** Decodes and encodes PNG, faster if libdeflate is installed. */
public final class PngCodec implements Codec, OutputCodec {

    private static final Signature SIGNATURE = new Signature("89 50 4E 47 0D 0A 1A 0A");
    private static final String NAME = "PNG";

    /** End of the header chunk IHDR, which is always the first. */
    private static final int IHDR_END = 33;

    /** Name of a profile, which is needed but not shown, and the only method of compression. */
    private static final byte[] PROFILE_NAME = {'I', 'C', 'C', 0, 0};

    private static final int COLOR_TYPE_OFFSET = 25;

    /** The bit of a colour type that distinguishes colour from grey. */
    private static final int COLOR_BIT = 2;

    /** Bytes per pixel of a rendition on the heap: the resized and the upright picture, and three copies of the file. */
    private static final long RENDITION_BYTES = 5 * Integer.BYTES;

    /** Bytes per pixel of a rendition for libdeflate: all filtered rows, and the largest file they may become. */
    private static final long LIBDEFLATE_BYTES = 2 * Integer.BYTES;

    /** Bytes per pixel that the JDK's reader may need for interlaced pictures. */
    private static final int INTERLACED_BYTES = Integer.BYTES;

    /** Creates the codec, which has no state. */
    public PngCodec() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String contentType() {
        return "image/png";
    }

    @Override
    public List<OriginalFormat> originalFormats() {
        return List.of(new OriginalFormat(NAME, List.of("png", "apng"), List.of("image/png", "image/apng"), true));
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.PNG;
    }

    @Override
    public boolean hasAlpha() {
        return true;
    }

    @Override
    public Memory memory(Dimension size, long frames, ImageHeader.Traits traits) {
        long pixels = (long) size.width * size.height;
        return new Memory(RENDITION_BYTES * pixels, Libdeflate.find().isPresent() ? LIBDEFLATE_BYTES * pixels : 0);
    }

    @Override
    public Map<String, Boolean> findLibraries(Options options) {
        return Map.of(Libdeflate.NAME, libdeflate(options).isPresent());
    }

    @Override
    public String decoder(byte[] file, Options options) {
        return PngHeader.isPlain(file) ? encoder(options) : ImageIoReader.LIBRARY;
    }

    @Override
    public String encoder(Options options) {
        return libdeflate(options).isPresent() ? Libdeflate.NAME : "java";
    }

    @Override
    public boolean recognizes(byte[] file) {
        return Signature.matchesAny(file, SIGNATURE);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        return ImageIoReader.inspect(NAME, PngChunks.header(file), cancelled, reader -> {
            return ImageHeader.of(
                    reader.getWidth(0),
                    reader.getHeight(0),
                    1,
                    ExifOrientation.read(() -> PngChunks.find(file, "eXIf")),
                    PngHeader.isPlain(file) ? need(file) : interlacedNeed(file, reader));
        });
    }

    /** Returns the memory to decode a picture. libdeflate needs all compressed and all decompressed rows at once. */
    private static ImageHeader.Need need(byte[] file) throws IOException {
        PngHeader header = PngHeader.read(file);
        return Libdeflate.find().isPresent()
                ? new ImageHeader.Need(
                        header.bytesPerDecodedPixel(),
                        0,
                        (double) header.bitsPerPixel() / Byte.SIZE,
                        new Memory(file.length, file.length))
                : new ImageHeader.Need(header.bytesPerDecodedPixel(), 0, file.length);
    }

    private static ImageHeader.Need interlacedNeed(byte[] file, ImageReader reader) throws IOException {
        return new ImageHeader.Need(ImageIoReader.bytesPerPixel(reader), INTERLACED_BYTES, file.length);
    }

    @Override
    public Optional<Shortcut> shortcut(byte[] file, ImageHeader header, List<Target> targets, Options options) {
        return PngHeader.isPlain(file)
                ? PngShortcut.create(file, header, targets, decoder(file, options), libdeflate(options))
                : Optional.empty();
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        return FrameReader.still(
                PngHeader.isPlain(file)
                        ? PngDecoder.decode(file, false, libdeflate(options), cancelled)
                        : ImageIoReader.decode(NAME, PngChunks.withoutMetadata(file), cancelled));
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Options options) {
        return FrameWriter.still((image, profile) -> {
            byte[] file = PngEncoder.encode(image, libdeflate(options));
            return profile.isPresent() ? withProfile(file, profile.get()) : file;
        });
    }

    private static Optional<Libdeflate> libdeflate(Options options) {
        return options.nativeCodec() ? Libdeflate.find() : Optional.empty();
    }

    @Override
    public Optional<byte[]> profile(byte[] file) {
        ByteBuffer chunk = PngChunks.find(file, "iCCP");
        while (chunk.hasRemaining() && chunk.get() != 0) {
            // Skip the name.
        }
        if (chunk.remaining() < 2) {
            return Optional.empty();
        }
        byte[] compressed = new byte[chunk.remaining() - 1];
        chunk.get(); // the only method of compression
        chunk.get(compressed);
        try (InputStream profile = new InflaterInputStream(new ByteArrayInputStream(compressed))) {
            return Optional.of(profile.readNBytes(MAX_PROFILE_BYTES + 1));
        } catch (IOException e) {
            return Optional.empty(); // harmless, as in a PNG
        }
    }

    private static byte[] withProfile(byte[] png, byte[] profile) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(PROFILE_NAME);
        try (DeflaterOutputStream compressed = new DeflaterOutputStream(chunk)) {
            compressed.write(profile);
        }
        return insertAfterHeader(png, PngChunks.create("iCCP", ByteBuffer.wrap(chunk.toByteArray())));
    }

    private static byte[] insertAfterHeader(byte[] png, byte[] chunks) {
        return ByteBuffer.allocate(png.length + chunks.length)
                .put(png, 0, IHDR_END)
                .put(chunks)
                .put(png, IHDR_END, png.length - IHDR_END)
                .array();
    }

    @Override
    public byte[] copyProfile(byte[] original, byte[] thumbnail, Dimension size) {
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (String type : List.of("cICP", "iCCP", "sRGB", "gAMA", "cHRM")) {
            // A grey picture with an alpha channel becomes RGB, which cannot have a profile for grey.
            boolean fits = (original[COLOR_TYPE_OFFSET] & COLOR_BIT) == (thumbnail[COLOR_TYPE_OFFSET] & COLOR_BIT);
            ByteBuffer data = PngChunks.find(original, type);
            if (data.hasRemaining() && (fits || !type.equals("iCCP"))) {
                profile.writeBytes(PngChunks.create(type, data));
            }
        }
        if (profile.size() > MAX_PROFILE_BYTES) {
            return thumbnail;
        }
        return insertAfterHeader(thumbnail, profile.toByteArray());
    }
}
