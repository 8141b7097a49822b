// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.JnaLibrary;
import io.github.camelthumbnails.image.TooManyPixelsException;
import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.heif.LibHeifApi.Status;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes HEIC and AVIF with the native library libheif, if it is installed (Debian: {@code libheif1}).
 *
 * <p>The header must be read and its sizes checked in Java first, so that the native code never sees a file that
 * declares or contains more pixels than allowed.
 */
public final class LibHeif {

    /** Tells users how to install the library, for messages. */
    public static final String HOW_TO_INSTALL = "Install libheif (Debian, Ubuntu: libheif1).";

    /** Maximum size of a colour profile; larger ones are ignored. Real ones have a few MiB at most. */
    public static final int MAX_PROFILE_BYTES = 4 * 1024 * 1024;

    /** libheif's default limit for the width and height. */
    private static final int MAX_SIDE = 32768;

    private static final int HEVC = 1;
    private static final int AV1 = 4;
    private static final int RGB_COLOR_SPACE = 1;
    private static final int INTERLEAVED_RGB = 10;
    private static final int INTERLEAVED_RGBA = 11;
    private static final int INTERLEAVED_CHANNEL = 10;

    /**
     * Offset of {@code max_image_size_pixels} in the security limits, which version 1.15 does not have yet. Taken from
     * the heif.h of a later version and not tested with it.
     */
    private static final int PIXEL_LIMIT_OFFSET = 8;

    /** Name of the library in metrics. */
    static final String NAME = "libheif";

    private static final String LIBRARY = "heif";
    private static final Logger LOG = LoggerFactory.getLogger(LibHeif.class);
    private static final Optional<LibHeif> FOUND = load(LIBRARY);

    private final LibHeifApi api;
    private final Optional<Function> securityLimits;

    LibHeif(LibHeifApi api, Optional<Function> securityLimits) {
        this.api = api;
        this.securityLimits = securityLimits;
    }

    /** Returns the library; empty if it is not installed. The result is logged once. */
    public static Optional<LibHeif> find() {
        return FOUND;
    }

    /** Returns whether the library has a decoder for HEIC. Some builds and distributions leave it out. */
    boolean decodesHeic() {
        return hasDecoder(HEVC);
    }

    /** Returns whether the library has a decoder for AVIF. */
    boolean decodesAvif() {
        return hasDecoder(AV1);
    }

    private boolean hasDecoder(int format) {
        api.heif_context_free(api.heif_context_alloc()); // the first context loads decoders that are plugins
        return api.heif_have_decoder_for_format(format) != 0;
    }

    /**
     * Creates the exception for a picture that cannot be decoded because the library is missing.
     *
     * @param kind the format of the picture
     */
    public static UnsupportedImageException missing(HeifHeader.Kind kind) {
        return new UnsupportedImageException("To decode " + kind + ", the worker needs libheif. " + HOW_TO_INSTALL);
    }

    static Optional<LibHeif> load(String library) {
        try {
            LibHeifApi api = JnaLibrary.load(library, LibHeifApi.class);
            LOG.info("HEIC and AVIF decoder: libheif {}", api.heif_get_version());
            return Optional.of(new LibHeif(api, securityLimits(library)));
        } catch (LinkageError e) {
            LOG.info("HEIC and AVIF decoder: none. {} {}", HOW_TO_INSTALL, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Function> securityLimits(String library) {
        try {
            return Optional.of(NativeLibrary.getInstance(library).getFunction("heif_context_get_security_limits"));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty(); // older versions limit only the width and height
        }
    }

    /**
     * A decoded picture.
     *
     * @param image the upright, cropped image; {@link BufferedImage#TYPE_3BYTE_BGR}, or
     *     {@link BufferedImage#TYPE_4BYTE_ABGR} if there is an alpha channel
     * @param profile the ICC colour profile; empty if there is none or if it is larger than {@link #MAX_PROFILE_BYTES}
     */
    public record Decoded(BufferedImage image, Optional<byte[]> profile) {}

    /**
     * Decodes the primary picture.
     *
     * @param file the whole file
     * @param header the header of this file, already checked by {@link HeifHeader#checkPixels}; no larger picture is
     *     decoded
     * @param cancelled returns true to abort the decode; called between the steps, not within the native decoder
     * @throws TooManyPixelsException if a picture in the file is larger than the header says
     * @throws UnsupportedImageException if libheif cannot decode this kind of picture
     * @throws IOException if the file is damaged, or if the decode was cancelled
     * @throws OutOfMemoryError if there is not enough memory on the heap or off it
     */
    public Decoded decode(byte[] file, HeifHeader header, BooleanSupplier cancelled) throws IOException {
        Pointer context = api.heif_context_alloc();
        if (context == null) {
            throw new OutOfMemoryError("libheif has no memory for a context");
        }
        try (Memory copy = new Memory(file.length)) {
            try {
                copy.write(0, file, 0, file.length);
                setLimits(context, header);
                checkNotCancelled(cancelled);
                check(
                        api.heif_context_read_from_memory_without_copy(
                                context, copy, new NativeLong(file.length), Pointer.NULL),
                        header);
                PointerByReference handle = new PointerByReference();
                check(api.heif_context_get_primary_image_handle(context, handle), header);
                try {
                    return decode(handle.getValue(), header, cancelled);
                } finally {
                    api.heif_image_handle_release(handle.getValue());
                }
            } finally {
                api.heif_context_free(context); // before the memory that it refers to is freed
            }
        }
    }

    private void setLimits(Pointer context, HeifHeader header) {
        // In some versions the limit is exclusive, in others inclusive.
        api.heif_context_set_maximum_image_size_limit(context, Math.min(MAX_SIDE, header.maxSide()) + 1);
        securityLimits
                .map(function -> function.invokePointer(new Object[] {context}))
                .ifPresent(limits -> limits.setLong(PIXEL_LIMIT_OFFSET, header.maxPixels()));
        // Decode tile by tile on the calling thread, so that one picture neither uses all cores nor holds many tiles in
        // memory.
        api.heif_context_set_max_decoding_threads(context, 0);
    }

    private Decoded decode(Pointer handle, HeifHeader header, BooleanSupplier cancelled) throws IOException {
        checkSize(api.heif_image_handle_get_width(handle), api.heif_image_handle_get_height(handle), header);
        boolean alpha = api.heif_image_handle_has_alpha_channel(handle) != 0;
        if (alpha && !header.alpha()) {
            throw new IOException("The " + header.kind() + " file has an alpha channel that its header does not list.");
        }
        Optional<byte[]> profile = profile(handle, header);
        checkNotCancelled(cancelled);
        PointerByReference image = new PointerByReference();
        Pointer options = api.heif_decoding_options_alloc();
        try {
            // convert_hdr_to_8bit, behind two flags, padding and four pointers. JNA's pointer size is not a constant of
            // this class,
            // which is loaded without JNA, too.
            options.setByte(5L * Native.POINTER_SIZE, (byte) 1);
            check(
                    api.heif_decode_image(
                            handle, image, RGB_COLOR_SPACE, alpha ? INTERLEAVED_RGBA : INTERLEAVED_RGB, options),
                    header);
        } finally {
            api.heif_decoding_options_free(options);
        }
        try {
            checkNotCancelled(cancelled);
            boolean premultiplied = alpha && api.heif_image_handle_is_premultiplied_alpha(handle) != 0;
            return new Decoded(pixels(image.getValue(), header, alpha, premultiplied), profile);
        } finally {
            api.heif_image_release(image.getValue());
        }
    }

    private Optional<byte[]> profile(Pointer handle, HeifHeader header) throws IOException {
        long length = api.heif_image_handle_get_raw_color_profile_size(handle).longValue();
        if (length <= 0 || length > MAX_PROFILE_BYTES) {
            return Optional.empty();
        }
        byte[] profile = new byte[(int) length];
        check(api.heif_image_handle_get_raw_color_profile(handle, profile), header);
        return Optional.of(profile);
    }

    private BufferedImage pixels(Pointer image, HeifHeader header, boolean alpha, boolean premultiplied)
            throws IOException {
        int width = api.heif_image_get_width(image, INTERLEAVED_CHANNEL);
        int height = api.heif_image_get_height(image, INTERLEAVED_CHANNEL);
        checkSize(width, height, header);
        IntByReference stride = new IntByReference();
        Pointer plane = api.heif_image_get_plane_readonly(image, INTERLEAVED_CHANNEL, stride);
        if (plane == null || stride.getValue() < width * (alpha ? 4 : 3)) {
            throw new IOException("libheif did not decode the " + header.kind() + " picture to 8 bits.");
        }
        return HeifPixels.copy(plane, stride.getValue(), width, height, alpha, premultiplied);
    }

    private static void checkSize(int width, int height, HeifHeader header) throws IOException {
        if (width != header.width() || height != header.height()) {
            throw new IOException("The picture has " + width + " x " + height + " pixels, but its header says "
                    + header.width() + " x " + header.height() + ".");
        }
    }

    private static void checkNotCancelled(BooleanSupplier cancelled) throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new IOException("The decode was cancelled.");
        }
    }

    private static void check(Status status, HeifHeader header) throws IOException {
        HeifErrors.check(status.code, status.subcode, status.message, header);
    }
}
