// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.webp.WebpAnimationLibraries.Demux;
import io.github.camelthumbnails.image.webp.WebpStructures.Data;
import io.github.camelthumbnails.image.webp.WebpStructures.DecoderOptions;
import io.github.camelthumbnails.image.webp.WebpStructures.Info;
import io.github.camelthumbnails.image.webp.WebpStructures.Size;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * Decodes the frames of an animated WebP one after the other, each composed on the canvas. Check the {@link WebpHeader}
 * and {@link #nativeBytes} before you open a file.
 */
public final class WebpAnimationReader implements AutoCloseable {

    private final Demux library;
    private final Memory file;
    private final Info info = new Info();
    private Pointer decoder;
    private int endMillis;

    private WebpAnimationReader(Demux library, byte[] webp) {
        this.library = library;
        this.file = new Memory(webp.length);
        file.write(0, webp, 0, webp.length);
    }

    /** Returns whether the native libraries that read and write animations are installed. */
    public static boolean isAvailable() {
        return WebpAnimationLibraries.find().isPresent();
    }

    /**
     * Estimates the off-heap memory of a reader in bytes: the file, two canvases of 4 bytes per pixel, and one frame
     * with its decoder state. See {@link WebpCodec#header} for what the estimate does not cover.
     *
     * @param fileBytes length of the file in bytes
     */
    public static long nativeBytes(WebpHeader header, int fileBytes) {
        return fileBytes + 8L * header.width() * header.height() + 6 * header.maxFramePixels();
    }

    /**
     * Opens an animation. Anything after the last complete frame is ignored.
     *
     * @param webp the file; its header must have been checked against the limits
     * @throws IOException if the file is broken
     * @throws OutOfMemoryError if there is not enough memory for the canvas
     * @throws IllegalStateException if the libraries are not {@linkplain #isAvailable available}
     */
    public static WebpAnimationReader open(byte[] webp) throws IOException {
        Demux library = WebpAnimationLibraries.find()
                .orElseThrow(() -> new IllegalStateException("libwebpdemux is not installed"))
                .demux();
        WebpHeader.read(webp);
        WebpAnimationReader reader = new WebpAnimationReader(library, WebpHeader.withoutIncompleteEnd(webp));
        try {
            reader.open();
            return reader;
        } catch (IOException | RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    private void open() throws IOException {
        Data data = new Data();
        data.bytes = file;
        data.size = new Size(file.size());
        DecoderOptions options = new DecoderOptions();
        int abi = WebpAnimationLibraries.DEMUX_ABI;
        if (library.WebPAnimDecoderOptionsInitInternal(options, abi) == 0) {
            throw new IOException("this version of libwebpdemux is not supported");
        }
        options.colorMode = WebpAnimationLibraries.BGRA;
        decoder = library.WebPAnimDecoderNewInternal(data, options, abi);
        if (decoder == null) {
            Pointer parsed = library.WebPDemuxInternal(data, 0, null, abi);
            if (parsed == null) {
                throw new IOException("the structure of the animation is broken");
            }
            library.WebPDemuxDelete(parsed);
            throw new OutOfMemoryError("libwebp could not allocate memory for the canvas");
        }
        library.WebPAnimDecoderGetInfo(decoder, info);
    }

    /** Returns the width of the canvas in pixels. */
    public int width() {
        return info.canvasWidth;
    }

    /** Returns the height of the canvas in pixels. */
    public int height() {
        return info.canvasHeight;
    }

    /** Returns how often the animation is played; 0 means forever. */
    public int loops() {
        return info.loopCount;
    }

    /** Returns whether there is another frame. */
    public boolean hasNext() {
        return decoder != null && library.WebPAnimDecoderHasMoreFrames(decoder) != 0;
    }

    /**
     * Decodes the next frame.
     *
     * @return the whole canvas, as {@link BufferedImage#TYPE_INT_ARGB}
     * @throws IOException if there is no frame left, or if the frame is broken
     */
    public Frame next() throws IOException {
        PointerByReference pixels = new PointerByReference();
        IntByReference end = new IntByReference();
        if (!hasNext() || library.WebPAnimDecoderGetNext(decoder, pixels, end) == 0) {
            throw new IOException("a frame of the animation is broken");
        }
        int duration = end.getValue() - endMillis;
        endMillis = end.getValue();
        return new Frame(image(pixels.getValue()), duration);
    }

    private BufferedImage image(Pointer pixels) {
        int width = width();
        BufferedImage image = new BufferedImage(width, height(), BufferedImage.TYPE_INT_ARGB);
        int[] row = new int[width];
        long rowBytes = (long) width * Integer.BYTES;
        for (int y = 0; y < height(); y++) {
            pixels.getByteBuffer(y * rowBytes, rowBytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer()
                    .get(row);
            image.getRaster().setDataElements(0, y, width, 1, row);
        }
        return image;
    }

    @Override
    public void close() {
        if (decoder != null) {
            library.WebPAnimDecoderDelete(decoder);
            decoder = null;
        }
        file.close();
    }

    /**
     * A decoded frame of an animation.
     *
     * @param image the whole canvas
     * @param durationMillis the duration in the file; browsers replace durations of 0 to 10 ms by 100 ms
     */
    public record Frame(BufferedImage image, int durationMillis) {}
}
