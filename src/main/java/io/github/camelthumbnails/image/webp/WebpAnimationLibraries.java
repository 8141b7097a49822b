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
 * JNA bindings of the libwebp libraries that read and write animations, if they are installed (Debian:
 * {@code libwebpdemux2} and {@code libwebpmux3}). The copy of libwebp in webp-imageio supports still pictures only, and
 * only in RGB.
 *
 * @param codec the library that decodes and encodes still pictures and frames
 * @param demux the library that reads animations
 * @param mux the library that writes animations
 */
record WebpAnimationLibraries(Codec codec, Demux demux, Mux mux) {

    /**
     * ABI versions of the libwebp 1.2.4 headers that the declarations below match. Each library checks that its own
     * major version, the upper byte, is the same.
     */
    static final int ENCODER_ABI = 0x020f;

    static final int DECODER_ABI = 0x0209;
    static final int DEMUX_ABI = 0x0107;
    static final int MUX_ABI = 0x0108;

    /** MODE_BGRA: each pixel is a little-endian ARGB integer, not premultiplied by alpha. */
    static final int BGRA = 3;

    /** The functions of decode.h, encode.h and types.h that this package calls. */
    interface Codec extends Library {

        int WebPGetFeaturesInternal(Pointer file, WebpStructures.Size fileBytes, int[] features, int abi);

        Pointer WebPDecodeYUVInto(
                Pointer file,
                WebpStructures.Size fileBytes,
                Pointer luma,
                WebpStructures.Size lumaBytes,
                int lumaStride,
                Pointer u,
                WebpStructures.Size uBytes,
                int uStride,
                Pointer v,
                WebpStructures.Size vBytes,
                int vStride);

        Pointer WebPDecodeBGRInto(
                Pointer file, WebpStructures.Size fileBytes, byte[] pixels, WebpStructures.Size pixelBytes, int stride);

        int WebPEncode(WebpStructures.Config config, WebpStructures.Picture picture);

        void WebPMemoryWriterInit(WebpStructures.MemoryWriter writer);

        int WebPMemoryWrite(Pointer bytes, WebpStructures.Size length, WebpStructures.Picture picture);

        void WebPMemoryWriterClear(WebpStructures.MemoryWriter writer);

        int WebPConfigInitInternal(WebpStructures.Config config, int preset, float quality, int abi);

        int WebPConfigLosslessPreset(WebpStructures.Config config, int level);

        int WebPPictureInitInternal(WebpStructures.Picture picture, int abi);

        void WebPFree(Pointer memory);
    }

    /** The functions of demux.h that this package calls. */
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

    /** The functions of mux.h that this package calls. */
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

    /** Returns the libraries, or empty if one is missing. Which one is logged once. */
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

    /**
     * Returns the file name of the library version whose structures are declared here. Only Linux has versions in file
     * names.
     */
    private static String name(String library, int version) {
        return Platform.isLinux() ? "lib" + library + ".so." + version : library;
    }
}
