// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.webp.WebpStructures.Config;
import io.github.camelthumbnails.image.webp.WebpStructures.MemoryWriter;
import io.github.camelthumbnails.image.webp.WebpStructures.Picture;
import io.github.camelthumbnails.image.webp.WebpStructures.Size;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.lang.reflect.Proxy;
import java.util.Optional;

/**
 * Decodes and encodes opaque, lossy still pictures with the libwebp of the system, without converting their samples.
 *
 * <p>Only decodes in full size: when libwebp scales below three quarters, it skips the filter that hides the edges of
 * blocks, and takes longer all the same.
 */
final class LibWebp {

    /**
     * Compression method from 0 (fastest) to 6. Takes a third of the time of the default, 4, for a file that is 4 %
     * larger.
     */
    static final int METHOD = 2;

    private static final int DEFAULT_PRESET = 0;

    /** The values of WebPBitstreamFeatures: width, height, has_alpha, has_animation, format, and padding. */
    private static final int FEATURES = 10;

    private static final int LOSSY = 1;

    private static final Optional<LibWebp> FOUND =
            WebpAnimationLibraries.find().map(libraries -> new LibWebp(libraries.codec()));

    private final WebpAnimationLibraries.Codec api;
    private final Pointer memoryWrite;

    private LibWebp(WebpAnimationLibraries.Codec api) {
        this.api = api;
        this.memoryWrite = ((Library.Handler) Proxy.getInvocationHandler(api))
                .getNativeLibrary()
                .getFunction("WebPMemoryWrite");
    }

    /** Returns the library, or empty if the libraries for animations, which need it, are not installed. */
    static Optional<LibWebp> find() {
        return FOUND;
    }

    /**
     * Decodes the luma and chroma samples of a picture.
     *
     * @param expected size that has been checked against the limits; a file of any other size is not decoded
     * @return the samples; empty if the file has a defect or is of another kind
     */
    Optional<WebpPlanes> decodePlanes(byte[] webp, Dimension expected) {
        try (Memory file = copy(webp)) {
            if (!isOpaqueLossy(file, expected)) {
                return Optional.empty();
            }
            WebpPlanes planes = WebpPlanes.allocate(expected);
            Pointer decoded = api.WebPDecodeYUVInto(
                    file,
                    new Size(file.size()),
                    planes.plane(0),
                    new Size(planes.length(0)),
                    planes.columns(0),
                    planes.plane(1),
                    new Size(planes.length(1)),
                    planes.columns(1),
                    planes.plane(2),
                    new Size(planes.length(2)),
                    planes.columns(2));
            if (decoded == null) {
                planes.close();
                return Optional.empty();
            }
            return Optional.of(planes);
        }
    }

    /**
     * Decodes a picture as {@link BufferedImage#TYPE_3BYTE_BGR}.
     *
     * @param expected size that has been checked against the limits; a file of any other size is not decoded
     * @return the picture; empty if the file has a defect or is of another kind
     */
    Optional<BufferedImage> decode(byte[] webp, Dimension expected) {
        try (Memory file = copy(webp)) {
            if (!isOpaqueLossy(file, expected)) {
                return Optional.empty();
            }
            BufferedImage image = new BufferedImage(expected.width, expected.height, BufferedImage.TYPE_3BYTE_BGR);
            byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
            Pointer decoded = api.WebPDecodeBGRInto(
                    file, new Size(file.size()), pixels, new Size(pixels.length), 3 * expected.width);
            return decoded == null ? Optional.empty() : Optional.of(image);
        }
    }

    private boolean isOpaqueLossy(Memory file, Dimension expected) {
        int[] features = new int[FEATURES];
        int failed =
                api.WebPGetFeaturesInternal(file, new Size(file.size()), features, WebpAnimationLibraries.DECODER_ABI);
        boolean hasExpectedSize = features[0] == expected.width && features[1] == expected.height;
        boolean isOpaqueStill = features[2] == 0 && features[3] == 0;
        return failed == 0 && hasExpectedSize && isOpaqueStill && features[4] == LOSSY;
    }

    /**
     * Encodes samples as they are.
     *
     * @param size size of the result; what the planes have more is cropped
     * @param quality quality, 0 to 1
     * @return the file; empty if libwebp does not encode it
     */
    Optional<byte[]> encode(WebpPlanes planes, Dimension size, double quality) {
        Config config = new Config();
        Picture picture = new Picture();
        int abi = WebpAnimationLibraries.ENCODER_ABI;
        if (api.WebPConfigInitInternal(config, DEFAULT_PRESET, (float) (100 * quality), abi) == 0
                || api.WebPPictureInitInternal(picture, abi) == 0) {
            return Optional.empty();
        }
        config.method = METHOD;
        picture.width = size.width;
        picture.height = size.height;
        for (int i = 0; i < picture.planes.length; i++) {
            picture.planes[i] = planes.plane(i);
        }
        picture.lumaStride = planes.columns(0);
        picture.chromaStride = planes.columns(1);
        MemoryWriter writer = new MemoryWriter();
        api.WebPMemoryWriterInit(writer);
        picture.writer = memoryWrite;
        picture.writerContext = writer.getPointer();
        try {
            boolean encoded = api.WebPEncode(config, picture) != 0;
            writer.read();
            return encoded ? Optional.of(writer.bytes.getByteArray(0, writer.size.intValue())) : Optional.empty();
        } finally {
            api.WebPMemoryWriterClear(writer);
        }
    }

    private static Memory copy(byte[] webp) {
        Memory file = new Memory(webp.length);
        file.write(0, webp, 0, webp.length);
        return file;
    }
}
