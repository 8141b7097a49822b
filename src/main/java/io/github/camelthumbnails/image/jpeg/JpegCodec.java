// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

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
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.pixels.RgbImages;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/**
 * Decodes and encodes JPEG. Decodes with libjpeg-turbo if it can, else with the JDK's reader, else with that of
 * TwelveMonkeys.
 */
public final class JpegCodec implements Codec, OutputCodec {

    /** The start-of-image marker and the first byte of the next marker. */
    private static final Signature SIGNATURE = new Signature("FF D8 FF");

    private static final String NAME = "JPEG";

    /** Bytes per pixel of a rendition: three samples of the resized and the upright picture, and the file with its copies. */
    private static final long RENDITION_BYTES = 3 * 3;

    /** Bytes per pixel that libjpeg-turbo needs outside the heap: a copy of the samples, and the file while it grows. */
    private static final long ENCODER_BYTES = 3 + 3;

    /** Maximum width and height that the encoders write: slightly less than the format allows. */
    private static final int MAX_SIDE = 65_500;

    /** Creates the codec, which has no state. */
    public JpegCodec() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String contentType() {
        return "image/jpeg";
    }

    @Override
    public List<OriginalFormat> originalFormats() {
        return List.of(OriginalFormat.of(NAME, "image/jpeg", "jpg", "jpeg", "jpe", "jfif"));
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.JPEG;
    }

    @Override
    public boolean hasAlpha() {
        return false;
    }

    @Override
    public Memory memory(Dimension size, long frames, ImageHeader.Traits traits) {
        long pixels = (long) size.width * size.height;
        return new Memory(RENDITION_BYTES * pixels, TurboJpeg.find().isPresent() ? ENCODER_BYTES * pixels : 0);
    }

    @Override
    public Map<String, Boolean> findLibraries(Options options) {
        return Map.of(TurboJpegShortcut.LIBRARY, turboJpeg(options).isPresent());
    }

    @Override
    public String decoder(byte[] file, Options options) {
        return ImageIoReader.LIBRARY; // libjpeg-turbo is a shortcut
    }

    @Override
    public String encoder(Options options) {
        return turboJpeg(options).isPresent() ? TurboJpegShortcut.LIBRARY : ImageIoReader.LIBRARY;
    }

    @Override
    public boolean recognizes(byte[] file) {
        return Signature.matchesAny(file, SIGNATURE);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        // Checks the number of segments before the reader opens the file, because the reader keeps all of
        // them in memory.
        Memory decoder = JpegScans.decoderPixel(file);
        return ImageIoReader.inspect(
                NAME,
                file,
                cancelled,
                reader -> ImageHeader.of(
                        reader.getWidth(0),
                        reader.getHeight(0),
                        1,
                        ExifOrientation.read(() -> JpegSegment.exif(file)),
                        new ImageHeader.Need(
                                ImageIoReader.bytesPerPixel(reader),
                                decoder.heap(),
                                decoder.outside(),
                                Memory.onHeap(file.length))));
    }

    @Override
    public Optional<Shortcut> shortcut(byte[] file, ImageHeader header, List<Target> targets, Options options)
            throws IOException {
        Optional<TurboJpeg> turboJpeg = turboJpeg(options);
        return turboJpeg.isPresent()
                ? TurboJpegShortcut.create(turboJpeg.get(), JpegEndMarker.ensure(file), header, targets)
                : Optional.empty();
    }

    @Override
    public FrameReader open(byte[] original, Options options, BooleanSupplier cancelled) throws IOException {
        byte[] file = JpegEndMarker.ensure(original);
        if (JpegSegment.components(file) != JpegSegment.CMYK) {
            try {
                return FrameReader.still(decodeWithJdk(file, cancelled));
            } catch (IOException | RuntimeException e) {
                // TwelveMonkeys supports more kinds of JPEG and tolerates harmless defects.
            }
        }
        return FrameReader.still(ImageIoReader.decode(NAME, file, cancelled));
    }

    /**
     * Decodes with the JDK's own reader. It is faster than that of TwelveMonkeys, which ImageIO prefers because it
     * supports more.
     */
    private static BufferedImage decodeWithJdk(byte[] file, BooleanSupplier cancelled) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(NAME);
        ImageReader jdk = readers.next();
        while (jdk.getClass().getModule() != ImageIO.class.getModule()) {
            jdk = readers.next();
        }
        return ImageIoReader.decode(jdk, JpegSegment.withoutMetadata(file), cancelled, reader -> {
            ImageReadParam parameters = reader.getDefaultReadParam();
            if (reader.getImageTypes(0).next().getBufferedImageType() == BufferedImage.TYPE_3BYTE_BGR) {
                parameters.setDestination(RgbImages.create(reader.getWidth(0), reader.getHeight(0)));
            }
            return ImageIoReader.decode(reader, parameters);
        });
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Options options)
            throws IOException {
        OutputCodec.checkSides(size, "JPEG", MAX_SIDE);
        return FrameWriter.still((image, profile) -> {
            byte[] file = encode(image, quality, options);
            return profile.isPresent() ? insertAfterJfif(file, JpegSegment.profileSegments(profile.get())) : file;
        });
    }

    private static byte[] encode(BufferedImage image, double quality, Options options) throws IOException {
        Optional<TurboJpeg> turboJpeg = turboJpeg(options);
        if (turboJpeg.isPresent() && TurboJpeg.canEncode(image)) {
            return turboJpeg.get().encode(image, quality);
        }
        boolean bgr = image.getType() == BufferedImage.TYPE_3BYTE_BGR;
        return ImageIoWriter.encode(bgr ? RgbImages.fromBgr(image) : image, NAME, ImageIoWriter.quality(quality));
    }

    private static Optional<TurboJpeg> turboJpeg(Options options) {
        return options.nativeCodec() ? TurboJpeg.find() : Optional.empty();
    }

    @Override
    public byte[] copyProfile(byte[] original, byte[] thumbnail, Dimension size) throws IOException {
        if (JpegSegment.components(original) == JpegSegment.CMYK) {
            return thumbnail; // already converted to RGB
        }
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (JpegSegment segment : JpegSegment.parseHeader(original)) {
            if (segment.isProfile(original)) {
                profile.write(original, segment.start() - 4, segment.length() + 4);
            }
        }
        if (profile.size() > MAX_PROFILE_BYTES) {
            return thumbnail;
        }
        return insertAfterJfif(thumbnail, profile.toByteArray());
    }

    @Override
    public Optional<byte[]> profile(byte[] file) {
        try {
            return JpegSegment.components(file) == JpegSegment.CMYK
                    ? Optional.empty() // converted
                    : JpegSegment.profile(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] insertAfterJfif(byte[] jpeg, byte[] segments) throws IOException {
        JpegSegment first = JpegSegment.parseHeader(jpeg).get(0);
        int afterJfif = first.marker() == JpegSegment.APP0 ? first.start() + first.length() : 2;
        return ByteBuffer.allocate(jpeg.length + segments.length)
                .put(jpeg, 0, afterJfif)
                .put(segments)
                .put(jpeg, afterJfif, jpeg.length - afterJfif)
                .array();
    }
}
