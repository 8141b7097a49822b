// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.sun.jna.Library;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.JnaLibrary;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libraries of libwebp that read and write animations, if the system has them (Debian: {@code libwebpdemux2} and
 * {@code libwebpmux3}). The copy of libwebp in webp-imageio knows still pictures only.
 *
 * @param codec encodes frames
 * @param demux reads animations
 * @param mux writes animations
 */
record WebpAnimationLibraries(Codec codec, Demux demux, Mux mux) {

    /**
     * Versions of the headers that the declarations below were made of, libwebp 1.2.4. Each library checks that its own major
     * version, the upper byte, is the same.
     */
    static final int ENCODER_ABI = 0x020f;

    static final int DEMUX_ABI = 0x0107;
    static final int MUX_ABI = 0x0108;

    /** MODE_BGRA: bytes that are ARGB integers in little-endian order; the alpha is not premultiplied. */
    static final int BGRA = 3;

    /** The parts of encode.h and types.h that are used. */
    interface Codec extends Library {

        int WebPConfigInitInternal(WebpStructures.Config config, int preset, float quality, int abi);

        int WebPConfigLosslessPreset(WebpStructures.Config config, int level);

        int WebPPictureInitInternal(WebpStructures.Picture picture, int abi);

        void WebPFree(Pointer memory);
    }

    /** The parts of demux.h that are used. */
    interface Demux extends Library {

        Pointer WebPDemuxInternal(WebpStructures.Data data, int allowPartial, Pointer state, int abi);

        void WebPDemuxDelete(Pointer demuxer);

        int WebPAnimDecoderOptionsInitInternal(WebpStructures.DecoderOptions options, int abi);

        Pointer WebPAnimDecoderNewInternal(WebpStructures.Data data, WebpStructures.DecoderOptions options, int abi);

        int WebPAnimDecoderGetInfo(Pointer decoder, WebpStructures.Info info);

        int WebPAnimDecoderHasMoreFrames(Pointer decoder);

        int WebPAnimDecoderGetNext(Pointer decoder, PointerByReference pixels, IntByReference endMillis);

        void WebPAnimDecoderDelete(Pointer decoder);
    }

    /** The parts of mux.h that are used. */
    interface Mux extends Library {

        int WebPAnimEncoderOptionsInitInternal(WebpStructures.EncoderOptions options, int abi);

        Pointer WebPAnimEncoderNewInternal(int width, int height, WebpStructures.EncoderOptions options, int abi);

        int WebPAnimEncoderAdd(
                Pointer encoder, WebpStructures.Picture picture, int startMillis, WebpStructures.Config config);

        int WebPAnimEncoderAssemble(Pointer encoder, WebpStructures.Data data);

        String WebPAnimEncoderGetError(Pointer encoder);

        void WebPAnimEncoderDelete(Pointer encoder);
    }

    private static final Logger LOG = LoggerFactory.getLogger(WebpAnimationLibraries.class);
    private static final Optional<WebpAnimationLibraries> FOUND = load();

    /** Returns the libraries, or nothing if one is missing. The log says which, once. */
    static Optional<WebpAnimationLibraries> find() {
        return FOUND;
    }

    private static Optional<WebpAnimationLibraries> load() {
        try {
            WebpAnimationLibraries libraries = new WebpAnimationLibraries(
                    JnaLibrary.load(name("webp", 7), Codec.class),
                    JnaLibrary.load(name("webpdemux", 2), Demux.class),
                    JnaLibrary.load(name("webpmux", 3), Mux.class));
            LOG.info("WebP animations: libwebp");
            return Optional.of(libraries);
        } catch (LinkageError e) {
            LOG.info(
                    "WebP animations: only the first frame is used. To keep animations, install libwebp's libraries for them"
                            + " (Debian, Ubuntu: libwebpdemux2 and libwebpmux3). {}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Returns the name of exactly the version of a library whose structures are declared here, where names have versions. */
    private static String name(String library, int version) {
        return Platform.isLinux() ? "lib" + library + ".so." + version : library;
    }
}
