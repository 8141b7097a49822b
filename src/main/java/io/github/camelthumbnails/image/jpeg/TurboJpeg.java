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
 * libjpeg-turbo, if the system has its TurboJPEG library (Debian: {@code libturbojpeg0}). It is several times faster than Java and
 * can decode to N/8 of the size, for which it need not compute the other pixels at all.
 *
 * <p>It says yes only to files that are without any fault. What it warns of is left to the decoders in Java, which know what
 * can be borne.
 */
final class TurboJpeg {

    /** What the API calls TJCS_YCbCr and TJCS_GRAY, and TJCS_RGB before them. */
    private static final int YCBCR = 1;

    private static final int GREY = 2;

    /** TJSAMP_420 and TJSAMP_GRAY. */
    private static final int HALF_CHROMA = 2;

    private static final int NO_CHROMA = 3;

    /** TJPF_BGR and TJPF_GRAY: as the bytes lie in {@link BufferedImage#TYPE_3BYTE_BGR} and TYPE_BYTE_GRAY. */
    private static final int BGR_PIXELS = 1;

    private static final int GREY_PIXELS = 6;

    private static final Logger LOG = LoggerFactory.getLogger(TurboJpeg.class);
    private static final Optional<TurboJpeg> FOUND = load();

    private final TurboJpegApi api;

    private TurboJpeg(TurboJpegApi api) {
        this.api = api;
    }

    /** The library, or nothing if there is none. The log says which, once. */
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
                    "JPEG codec: the JDK's, which is slower than libjpeg-turbo. To use libjpeg-turbo, install its TurboJPEG"
                            + " library (Debian, Ubuntu: libturbojpeg0 or libturbojpeg). {}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Makes a smaller JPEG of a JPEG. The samples go from one codec to the other as they are, luma and chroma: no pixel is
     * converted to RGB and back.
     *
     * @param expected size as it was looked at before: no other is decoded
     * @param eighths of the width and the height: N of N/8
     * @param quality 0 to 1
     * @return nothing if the file has a fault or is of a kind for which it cannot be done
     */
    Optional<byte[]> reduce(byte[] jpeg, Dimension expected, int eighths, double quality) {
        Pointer decoder = api.tjInitDecompress();
        Pointer encoder = api.tjInitCompress();
        try (Memory file = copy(jpeg)) {
            TurboJpegHeader header = TurboJpegHeader.read(api, decoder, file, expected);
            if (header == null || header.colorSpace() != YCBCR && header.colorSpace() != GREY) {
                return Optional.empty();
            }
            Dimension decoded = header.decoded(eighths);
            int[] strides = new int[header.colorSpace() == GREY ? 1 : 3];
            long[] starts = new long[strides.length];
            long bytes = 0;
            for (int i = 0; i < strides.length; i++) {
                strides[i] = api.tjPlaneWidth(i, decoded.width, header.subsampling());
                starts[i] = bytes;
                bytes += (long) strides[i] * api.tjPlaneHeight(i, decoded.height, header.subsampling());
            }
            try (Memory samples = new Memory(bytes)) {
                Pointer[] planes = new Pointer[strides.length];
                for (int i = 0; i < planes.length; i++) {
                    planes[i] = samples.share(starts[i]);
                }
                int failed = api.tjDecompressToYUVPlanes(
                        decoder, file, new NativeLong(file.size()), planes, decoded.width, strides, decoded.height, 0);
                if (failed != 0) {
                    return Optional.empty();
                }
                Dimension size = header.scaled(eighths);
                return encoded((out, length) -> api.tjCompressFromYUVPlanes(
                        encoder,
                        planes,
                        size.width,
                        strides,
                        size.height,
                        header.subsampling(),
                        out,
                        length,
                        percent(quality),
                        0));
            }
        } finally {
            api.tjDestroy(decoder);
            api.tjDestroy(encoder);
        }
    }

    /**
     * Decodes a JPEG to N/8 of its size, as {@link BufferedImage#TYPE_3BYTE_BGR} or TYPE_BYTE_GRAY.
     *
     * @param expected size as it was looked at before: no other is decoded
     * @param eighths of the width and the height: N of N/8
     * @param crop whether to leave out a last column or row that the original does not fill
     * @return nothing if the file has a fault or is of a kind for which it cannot be done
     */
    Optional<BufferedImage> decode(byte[] jpeg, Dimension expected, int eighths, boolean crop) {
        Pointer decoder = api.tjInitDecompress();
        try (Memory file = copy(jpeg)) {
            TurboJpegHeader header = TurboJpegHeader.read(api, decoder, file, expected);
            if (header == null || header.colorSpace() > GREY) {
                return Optional.empty();
            }
            Dimension decoded = header.decoded(eighths);
            boolean grey = header.colorSpace() == GREY;
            BufferedImage image = new BufferedImage(
                    decoded.width, decoded.height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
            int failed = api.tjDecompress2(
                    decoder,
                    file,
                    new NativeLong(file.size()),
                    ((DataBufferByte) image.getRaster().getDataBuffer()).getData(),
                    decoded.width,
                    0,
                    decoded.height,
                    grey ? GREY_PIXELS : BGR_PIXELS,
                    0);
            if (failed != 0) {
                return Optional.empty();
            }
            Dimension size = header.scaled(eighths);
            return Optional.of(crop ? image.getSubimage(0, 0, size.width, size.height) : image);
        } finally {
            api.tjDestroy(decoder);
        }
    }

    /** Whether it takes a picture of this kind. */
    static boolean canEncode(BufferedImage image) {
        return image.getType() == BufferedImage.TYPE_3BYTE_BGR || image.getType() == BufferedImage.TYPE_BYTE_GRAY;
    }

    /**
     * Encodes a picture, colours with half as much chroma in each direction.
     *
     * @param image one that {@link #canEncode}, and all of its buffer
     * @param quality 0 to 1
     */
    byte[] encode(BufferedImage image, double quality) {
        boolean grey = image.getType() == BufferedImage.TYPE_BYTE_GRAY;
        Pointer encoder = api.tjInitCompress();
        try {
            return encoded((out, length) -> api.tjCompress2(
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
                    .orElseThrow(() -> new IllegalStateException("libjpeg-turbo did not encode a picture of "
                            + image.getWidth() + " x " + image.getHeight() + " pixels"));
        } finally {
            api.tjDestroy(encoder);
        }
    }

    private interface Encoder {
        int encode(PointerByReference jpeg, NativeLongByReference length);
    }

    private Optional<byte[]> encoded(Encoder encoder) {
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
