// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.JnaLibrary;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes and encodes JPEG with libjpeg-turbo, if its TurboJPEG library is installed (Debian: {@code libturbojpeg0}).
 * It is several times faster than Java and can decode to N/8 of the size without computing the other pixels.
 *
 * <p>Accepts only files that decode without a warning. All others fall back to the Java decoders, which can tell
 * harmless defects from data loss.
 */
final class TurboJpeg {

    /** TJSAMP_420: half the chroma resolution in each direction. */
    private static final int HALF_CHROMA = 2;

    /** TJSAMP_GRAY: no chroma. */
    private static final int NO_CHROMA = 3;

    /** TJPF_BGR: the byte order of {@link BufferedImage#TYPE_3BYTE_BGR}. */
    private static final int BGR_PIXELS = 1;

    /** TJPF_GRAY: the layout of {@link BufferedImage#TYPE_BYTE_GRAY}. */
    private static final int GREY_PIXELS = 6;

    private static final Logger LOG = LoggerFactory.getLogger(TurboJpeg.class);
    private static final Optional<TurboJpeg> FOUND = load();

    private final TurboJpegApi api;

    private TurboJpeg(TurboJpegApi api) {
        this.api = api;
    }

    /**
     * Returns the codec, or empty if the library is not installed. The log reports once which of the two is the case.
     */
    static Optional<TurboJpeg> find() {
        return FOUND;
    }

    private static Optional<TurboJpeg> load() {
        try {
            TurboJpegApi api = JnaLibrary.load("turbojpeg", TurboJpegApi.class);
            LOG.info("JPEG codec: libjpeg-turbo");
            return Optional.of(new TurboJpeg(api));
        } catch (LinkageError e) {
            LOG.info(
                    "JPEG codec: JDK (slower than libjpeg-turbo). To use libjpeg-turbo, install its TurboJPEG"
                            + " library (Debian, Ubuntu: libturbojpeg0 or libturbojpeg). {}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Decodes a JPEG to N/8 of its size, without converting its samples to RGB.
     *
     * @param expected size that has been checked against the limits; a file of any other size is not decoded
     * @param eighths N, for N/8 of the width and the height
     * @return the samples; empty if the file has a defect or is of an unsupported kind
     */
    Optional<TurboJpegPlanes> decodePlanes(byte[] jpeg, Dimension expected, int eighths) {
        Pointer decoder = api.tjInitDecompress();
        try (Memory file = copy(jpeg)) {
            TurboJpegHeader header = TurboJpegHeader.read(api, decoder, file, expected);
            if (header == null || !header.isYcc() && !header.isGrey()) {
                return Optional.empty();
            }
            Dimension decoded = header.decodedSize(eighths);
            TurboJpegPlanes planes = TurboJpegPlanes.allocate(api, header.subsampling(), header.isGrey(), decoded);
            int failed = api.tjDecompressToYUVPlanes(
                    decoder,
                    file,
                    new NativeLong(file.size()),
                    planes.planes(),
                    decoded.width,
                    planes.widths(),
                    decoded.height,
                    0);
            if (failed != 0) {
                planes.close();
                return Optional.empty();
            }
            return Optional.of(planes);
        } finally {
            api.tjDestroy(decoder);
        }
    }

    /**
     * Encodes samples as they are.
     *
     * @param size size of the result; what the picture has more is cropped
     * @param quality quality, 0 to 1
     */
    Optional<byte[]> encode(TurboJpegPlanes planes, Dimension size, double quality) {
        Pointer encoder = api.tjInitCompress();
        try {
            return runEncoder((out, length) -> api.tjCompressFromYUVPlanes(
                    encoder,
                    planes.planes(),
                    size.width,
                    planes.widths(),
                    size.height,
                    planes.subsampling(),
                    out,
                    length,
                    percent(quality),
                    0));
        } finally {
            api.tjDestroy(encoder);
        }
    }

    /** Converts samples to an image of {@link BufferedImage#TYPE_3BYTE_BGR} or TYPE_BYTE_GRAY. */
    Optional<BufferedImage> convert(TurboJpegPlanes planes) {
        Pointer decoder = api.tjInitDecompress();
        try {
            BufferedImage image = TurboJpegHeader.image(planes.size(), planes.isGrey());
            int failed = api.tjDecodeYUVPlanes(
                    decoder,
                    planes.planes(),
                    planes.widths(),
                    planes.subsampling(),
                    ((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
                    image.getWidth(),
                    0,
                    image.getHeight(),
                    planes.isGrey() ? GREY_PIXELS : BGR_PIXELS,
                    0);
            return failed == 0 ? Optional.of(image) : Optional.empty();
        } finally {
            api.tjDestroy(decoder);
        }
    }

    /**
     * Decodes a JPEG to N/8 of its size, as {@link BufferedImage#TYPE_3BYTE_BGR} or TYPE_BYTE_GRAY.
     *
     * @param expected size that has been checked against the limits; a file of any other size is not decoded
     * @param eighths N, for N/8 of the width and the height
     * @return the picture, including a last column or row that the original covers only partly; empty if the file has a
     *     defect or is of an unsupported kind
     */
    Optional<BufferedImage> decode(byte[] jpeg, Dimension expected, int eighths) {
        Pointer decoder = api.tjInitDecompress();
        try (Memory file = copy(jpeg)) {
            TurboJpegHeader header = TurboJpegHeader.read(api, decoder, file, expected);
            if (header == null || header.isCmyk()) {
                return Optional.empty();
            }
            Dimension decoded = header.decodedSize(eighths);
            BufferedImage image = TurboJpegHeader.image(decoded, header.isGrey());
            int failed = api.tjDecompress2(
                    decoder,
                    file,
                    new NativeLong(file.size()),
                    ((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
                    decoded.width,
                    0,
                    decoded.height,
                    header.isGrey() ? GREY_PIXELS : BGR_PIXELS,
                    0);
            if (failed != 0) {
                return Optional.empty();
            }
            return Optional.of(image);
        } finally {
            api.tjDestroy(decoder);
        }
    }

    /** Returns whether {@link #encode} supports the type of this image. */
    static boolean canEncode(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_3BYTE_BGR || image.getType() == BufferedImage.TYPE_BYTE_GRAY;
    }

    /**
     * Encodes a picture, with half the chroma resolution in each direction.
     *
     * @param image an image of a type that {@link #canEncode} accepts, which uses its whole buffer
     * @param quality quality, 0 to 1
     */
    byte[] encode(BufferedImage image, double quality) {
        boolean grey = image.getType() == BufferedImage.TYPE_BYTE_GRAY;
        Pointer encoder = api.tjInitCompress();
        try {
            return runEncoder((out, length) -> api.tjCompress2(
                            encoder,
                            ((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
                            image.getWidth(),
                            ((ComponentSampleModel) image.getSampleModel()).getScanlineStride(),
                            image.getHeight(),
                            grey ? GREY_PIXELS : BGR_PIXELS,
                            out,
                            length,
                            grey ? NO_CHROMA : HALF_CHROMA,
                            percent(quality),
                            0))
                    .orElseThrow(() -> new IllegalStateException("libjpeg-turbo failed to encode a picture of "
                            + image.getWidth() + " x " + image.getHeight() + " pixels"));
        } finally {
            api.tjDestroy(encoder);
        }
    }

    private interface Encoder {
        int encode(PointerByReference jpeg, NativeLongByReference length);
    }

    private Optional<byte[]> runEncoder(Encoder encoder) {
        PointerByReference jpeg = new PointerByReference();
        NativeLongByReference length = new NativeLongByReference();
        try {
            return encoder.encode(jpeg, length) == 0
                    ? Optional.of(
                            jpeg.getValue().getByteArray(0, length.getValue().intValue()))
                    : Optional.empty();
        } finally {
            api.tjFree(jpeg.getValue());
        }
    }

    private static int percent(double quality) {
        return Math.max(1, (int) Math.round(100 * quality));
    }

    private static Memory copy(byte[] jpeg) {
        Memory file = new Memory(jpeg.length);
        file.write(0, jpeg, 0, jpeg.length);
        return file;
    }
}
