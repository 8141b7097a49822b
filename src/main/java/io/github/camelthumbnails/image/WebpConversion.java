// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads pictures of another format for thumbnails in WebP, which are lossy. Movement, alpha and colour profile are kept.
 *
 * @param codec reads the pictures
 */
record WebpConversion(Codec codec) implements Codec {

    /** Bytes for each pixel of the thumbnail that libwebp and a copy of the pixels need besides what the codec counts. */
    private static final int ENCODER_BYTES = 32;

    /** Maximum number of times that a WebP can say it is played. */
    private static final int MAX_LOOPS = 65535;

    /** Browsers show frames for the default if a GIF says this many milliseconds or fewer. libwebp would drop frames of none. */
    private static final int MAX_IGNORED_DELAY = 10;

    private static final int DEFAULT_DELAY = 100;

    @Override
    public String name() {
        return codec.name();
    }

    @Override
    public void findLibraries(Options options) {
        codec.findLibraries(options);
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return ImageFormat.WEBP;
    }

    @Override
    public boolean recognizes(byte[] file) {
        return codec.recognizes(file);
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        ImageHeader header = codec.header(file, maxPixels, cancelled);
        ImageHeader.Need need = header.need();
        return new ImageHeader(
                header.width(),
                header.height(),
                header.frames(),
                header.pixels(),
                header.orientation(),
                new ImageHeader.Need(
                        need.bytesPerPixel(),
                        need.decoderBytesPerPixel(),
                        need.thumbnailBytes() + ENCODER_BYTES,
                        need.fixedBytes(),
                        Math.max(need.bytesPerWrittenPixel(), header.frames() > 1 ? header.frames() : 0)),
                new ImageHeader.Traits(
                        header.traits().animated(), header.traits().alpha(), false));
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        FrameReader reader = codec.open(file, options, cancelled);
        return new FrameReader() {
            @Override
            public BufferedImage next() throws IOException {
                return reader.next();
            }

            @Override
            public int delayMillis() {
                int delay = reader.delayMillis();
                return delay > MAX_IGNORED_DELAY ? delay : DEFAULT_DELAY;
            }

            @Override
            public int loops() {
                int repeats = reader.loops(); // in a GIF: an animation that does not say is shown once
                return repeats == 0 ? 0 : Math.min(Math.max(0, repeats) + 1, MAX_LOOPS);
            }

            @Override
            public Optional<byte[]> profile() {
                return reader.profile().or(() -> codec.profile(file).filter(WebpConversion::isOfColors));
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }

    /** Returns whether a profile is for RGB. One of greys does not fit a WebP, which always has colours. */
    private static boolean isOfColors(byte[] profile) {
        return profile.length > 20
                && profile.length <= MAX_PROFILE_BYTES
                && new String(profile, 16, 4, StandardCharsets.US_ASCII).equals("RGB ");
    }
}
