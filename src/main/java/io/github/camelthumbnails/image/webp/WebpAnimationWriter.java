// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.webp.WebpStructures.Config;
import io.github.camelthumbnails.image.webp.WebpStructures.Data;
import io.github.camelthumbnails.image.webp.WebpStructures.EncoderOptions;
import io.github.camelthumbnails.image.webp.WebpStructures.Picture;
import java.awt.image.BufferedImage;
import java.io.IOException;

/**
 * Encodes an animated WebP. A frame that is identical to the previous one is not stored; the previous frame is shown
 * for longer instead. If only one frame remains, the file is a still picture.
 */
public final class WebpAnimationWriter implements AutoCloseable {

    /** Maximum width and height of an encoded WebP in pixels. */
    public static final int MAX_SIDE = 16383;

    /** Compression method from 0 (fastest) to 6. Still pictures are written with the same one. */
    private static final int LOSSY_METHOD = 2;

    /** Lossless compression level from 0 (fastest) to 9. */
    private static final int LOSSLESS_LEVEL = 2;

    private static final int DEFAULT_PRESET = 0;

    /**
     * Off-heap bytes per pixel. Measured with libwebp 1.2.4: 17 lossy, 45 lossless, including three canvases and the
     * input pixels.
     */
    private static final int LOSSY_BYTES_PER_PIXEL = 20;

    private static final int LOSSLESS_BYTES_PER_PIXEL = 50;

    private final WebpAnimationLibraries libraries;
    private final int width;
    private final int height;
    private final Config config = new Config();
    private final Picture picture = new Picture();
    private final Memory pixels;
    private Pointer encoder;
    private int endMillis;

    /**
     * Starts an animation.
     *
     * @param width width of the canvas in pixels, up to {@link #MAX_SIDE}
     * @param height height of the canvas in pixels, up to {@link #MAX_SIDE}
     * @param loops how often the animation is played, up to 65535; 0 means forever
     * @param quality 0 to 1; ignored if lossless
     * @param lossless whether all pixels are kept exactly, including the colours of transparent ones
     * @throws IOException if the size is out of range, or if there is not enough memory for the canvas
     * @throws IllegalStateException if the libraries are not {@linkplain WebpAnimationReader#isAvailable available}
     */
    public WebpAnimationWriter(int width, int height, int loops, double quality, boolean lossless) throws IOException {
        if (width > MAX_SIDE || height > MAX_SIDE) {
            throw new IOException("a WebP cannot have " + width + " x " + height + " pixels: the maximum is " + MAX_SIDE
                    + " pixels each way");
        }
        this.libraries = WebpAnimationLibraries.find()
                .orElseThrow(() -> new IllegalStateException("libwebpmux is not installed"));
        this.width = width;
        this.height = height;
        this.pixels = new Memory((long) width * height * Integer.BYTES);
        try {
            configure(quality, lossless);
            start(loops);
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Estimates the off-heap memory of a writer in bytes. Add twice the length of the encoded file. */
    public static long nativeBytes(int width, int height, boolean lossless) {
        return (long) width * height * (lossless ? LOSSLESS_BYTES_PER_PIXEL : LOSSY_BYTES_PER_PIXEL);
    }

    private void configure(double quality, boolean lossless) throws IOException {
        int abi = WebpAnimationLibraries.ENCODER_ABI;
        float percent = (float) (100 * quality);
        if (libraries.codec().WebPConfigInitInternal(config, DEFAULT_PRESET, percent, abi) == 0
                || libraries.codec().WebPPictureInitInternal(picture, abi) == 0) {
            throw new IOException("this version of libwebp is not supported");
        }
        config.method = LOSSY_METHOD;
        if (lossless) {
            libraries.codec().WebPConfigLosslessPreset(config, LOSSLESS_LEVEL);
            config.exact = 1;
        }
        picture.useArgb = 1;
        picture.width = width;
        picture.height = height;
        picture.argb = pixels;
        picture.argbStride = width;
    }

    private void start(int loops) throws IOException {
        EncoderOptions options = new EncoderOptions();
        if (libraries.mux().WebPAnimEncoderOptionsInitInternal(options, WebpAnimationLibraries.MUX_ABI) == 0) {
            throw new IOException("this version of libwebpmux is not supported");
        }
        options.loopCount = loops;
        encoder = libraries.mux().WebPAnimEncoderNewInternal(width, height, options, WebpAnimationLibraries.MUX_ABI);
        if (encoder == null) {
            throw new IOException(
                    "libwebp could not allocate memory for a canvas of " + width + " x " + height + " pixels");
        }
    }

    /**
     * Adds a frame.
     *
     * @param image the whole canvas
     * @param durationMillis how long the frame is shown, up to 16777215
     * @throws IOException if the size of the image differs from that of the canvas, or if libwebp cannot encode it
     */
    public void add(BufferedImage image, int durationMillis) throws IOException {
        if (image.getWidth() != width || image.getHeight() != height) {
            throw new IOException("a frame of " + image.getWidth() + " x " + image.getHeight()
                    + " pixels does not fill the canvas of " + width + " x " + height);
        }
        if (durationMillis < 0 || endMillis > Integer.MAX_VALUE - durationMillis) {
            throw new IOException("the durations of the frames add up to more than " + Integer.MAX_VALUE + " ms");
        }
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            if (image.getType() == BufferedImage.TYPE_INT_ARGB) {
                image.getRaster().getDataElements(0, y, width, 1, row);
            } else {
                image.getRGB(0, y, width, 1, row, 0, width);
            }
            pixels.write((long) y * width * Integer.BYTES, row, 0, width);
        }
        check(libraries.mux().WebPAnimEncoderAdd(encoder, picture, endMillis, config));
        endMillis += durationMillis;
    }

    /**
     * Completes the animation.
     *
     * @return the encoded file
     * @throws IOException if no frame was added, or if there is not enough memory
     */
    public byte[] finish() throws IOException {
        check(libraries.mux().WebPAnimEncoderAdd(encoder, null, endMillis, null));
        Data data = new Data();
        check(libraries.mux().WebPAnimEncoderAssemble(encoder, data));
        try {
            return data.bytes.getByteArray(0, data.size.intValue());
        } finally {
            libraries.codec().WebPFree(data.bytes);
        }
    }

    private void check(int done) throws IOException {
        if (done == 0) {
            throw new IOException(
                    "libwebp cannot write the animation: " + libraries.mux().WebPAnimEncoderGetError(encoder));
        }
    }

    @Override
    public void close() {
        if (encoder != null) {
            libraries.mux().WebPAnimEncoderDelete(encoder);
            encoder = null;
        }
        pixels.close();
    }
}
