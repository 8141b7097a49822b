// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.Signature;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import io.github.camelthumbnails.image.imageio.ImageIoWriter;
import io.github.camelthumbnails.image.pixels.ExifOrientation;
import io.github.camelthumbnails.image.pixels.RgbImages;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;

/** JPEG: libjpeg-turbo where it can read the file, else the JDK's reader, else the reader of TwelveMonkeys. */
public final class JpegCodec implements OutputCodec {

    /** The start of the image and the first byte of the next marker. */
    private static final Signature SIGNATURE = new Signature("FF D8 FF");

    private static final String NAME = "JPEG";
    /** Takes no settings. */
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
    public void findLibraries(Options options) {
        turboJpeg(options);
    }

    @Override
    public boolean recognizes(byte[] file) {
        return Signature.any(file, SIGNATURE);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        // Looked at before the reader is: it would keep all that there is before the pixels.
        int beside = JpegScans.decoderBytesPerPixel(file);
        return ImageIoReader.inspect(
                NAME,
                file,
                cancelled,
                reader -> ImageHeader.of(
                        reader.getWidth(0),
                        reader.getHeight(0),
                        1,
                        ExifOrientation.of(() -> JpegSegment.exif(file)),
                        new ImageHeader.Need(
                                ImageIoReader.bytesPerPixel(reader), beside, 4 * Integer.BYTES, file.length)));
    }

    @Override
    public Optional<Shortcut> shortcut(byte[] file, ImageHeader header, Scale scale, Options options)
            throws IOException {
        Optional<TurboJpeg> turboJpeg = turboJpeg(options);
        return turboJpeg.isPresent()
                ? TurboJpegShortcut.of(turboJpeg.get(), JpegEnd.complete(file), header, scale, options)
                : Optional.empty();
    }

    @Override
    public FrameReader open(byte[] original, Options options, BooleanSupplier cancelled) throws IOException {
        byte[] file = JpegEnd.complete(original);
        if (JpegSegment.components(file) != JpegSegment.CMYK) {
            try {
                return FrameReader.still(plain(file, cancelled));
            } catch (IOException | RuntimeException e) {
                // The other reader takes more kinds, and knows which faults do no harm.
            }
        }
        return FrameReader.still(ImageIoReader.decode(NAME, file, cancelled));
    }

    /** Decodes by the JDK's own reader, which is faster than the one that knows all kinds of JPEG and is found before it. */
    private static BufferedImage plain(byte[] file, BooleanSupplier cancelled) throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(NAME);
        ImageReader jdk = readers.next();
        while (jdk.getClass().getModule() != ImageIO.class.getModule()) {
            jdk = readers.next();
        }
        return ImageIoReader.decode(jdk, JpegSegment.decodable(file), cancelled, reader -> {
            ImageReadParam parameters = reader.getDefaultReadParam();
            if (reader.getImageTypes(0).next().getBufferedImageType() == BufferedImage.TYPE_3BYTE_BGR) {
                parameters.setDestination(RgbImages.create(reader.getWidth(0), reader.getHeight(0)));
            }
            return ImageIoReader.decode(reader, parameters);
        });
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, Options options) {
        return FrameWriter.still(image -> encode(image, options));
    }

    static byte[] encode(BufferedImage image, Options options) throws IOException {
        Optional<TurboJpeg> turboJpeg = turboJpeg(options);
        if (turboJpeg.isPresent() && TurboJpeg.canEncode(image)) {
            return turboJpeg.get().encode(image, options.quality());
        }
        boolean bgr = image.getType() == BufferedImage.TYPE_3BYTE_BGR;
        return ImageIoWriter.encode(
                bgr ? RgbImages.fromBgr(image) : image, NAME, ImageIoWriter.quality(options.quality()));
    }

    private static Optional<TurboJpeg> turboJpeg(Options options) {
        return options.nativeCodec() ? TurboJpeg.find() : Optional.empty();
    }

    @Override
    public byte[] withProfile(byte[] thumbnail, byte[] profile, Dimension size) throws IOException {
        return insertAfterJfif(thumbnail, JpegSegment.profileSegments(profile));
    }

    @Override
    public byte[] copyProfile(byte[] original, byte[] thumbnail, Dimension size) throws IOException {
        if (JpegSegment.components(original) == JpegSegment.CMYK) {
            return thumbnail; // which is converted
        }
        ByteArrayOutputStream profile = new ByteArrayOutputStream();
        for (JpegSegment segment : JpegSegment.of(original)) {
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
        JpegSegment first = JpegSegment.of(jpeg).get(0);
        int afterJfif = first.marker() == JpegSegment.APP0 ? first.start() + first.length() : 2;
        return ByteBuffer.allocate(jpeg.length + segments.length)
                .put(jpeg, 0, afterJfif)
                .put(segments)
                .put(jpeg, afterJfif, jpeg.length - afterJfif)
                .array();
    }
}
