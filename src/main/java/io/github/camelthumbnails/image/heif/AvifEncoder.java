// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.JnaLibrary;
import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.heif.LibHeifApi.Status;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes AVIF with the native library libheif, if it and its plugin for libaom are installed. Can be used by several
 * threads at the same time.
 */
final class AvifEncoder {

    /** Tells users how to install the library and the encoder, for messages. */
    static final String HOW_TO_INSTALL = "Install libheif and its plugin for libaom's encoder"
            + " (Debian, Ubuntu: libheif1 and, with libheif 1.16 or later, libheif-plugin-aomenc).";

    /** Maximum number of pixels: that of the highest level of AV1. Decoders need not accept more. */
    static final int MAX_PIXELS = 8192 * 4352;

    /** Maximum width and height: the larger one of the highest level of AV1. */
    static final int MAX_SIDE = 16384;

    /**
     * Speed of libaom, from 0 (slowest) to 9. Takes a third of the time of the default, 6, for a file that is 8 % larger
     * at the same structural similarity (SSIM). The files of speed 9 are larger by another 8 %.
     */
    private static final int SPEED = 8;

    /**
     * Minimum of libheif's quality for the alpha channel. In the test picture, alpha is off by up to 55 at a quality of 60
     * and by up to 20 at 90, where the file is still smaller than the WebP.
     */
    private static final int MIN_ALPHA_QUALITY = 90;

    private static final int AV1 = 4;
    private static final int BITS = 8;

    /** Offset of {@code full_range_flag} in the structure of a coded colour profile, behind one byte and three enums. */
    private static final int FULL_RANGE_OFFSET = 16;

    private static final short BT_709_PRIMARIES = 1;
    private static final short SRGB_TRANSFER = 13;
    private static final short UNSPECIFIED = 2;

    /** The matrix of ITU-R BT.601, as in JPEG. */
    private static final short BT_601_MATRIX = 6;

    private static final String LIBRARY = "heif";
    private static final Logger LOG = LoggerFactory.getLogger(AvifEncoder.class);
    private static final Optional<AvifEncoder> FOUND = load(() -> load(LIBRARY));

    private final LibHeifEncoderApi api;
    private final HeifWriter writer = HeifWriter.create();

    AvifEncoder(LibHeifEncoderApi api) {
        this.api = api;
    }

    /** Returns the encoder; empty if it is not installed. The result is logged once. */
    static Optional<AvifEncoder> find() {
        return FOUND;
    }

    static LibHeifEncoderApi load(String library) {
        return JnaLibrary.load(library, LibHeifEncoderApi.class);
    }

    static Optional<AvifEncoder> load(Supplier<LibHeifEncoderApi> library) {
        try {
            AvifEncoder encoder = new AvifEncoder(library.get());
            LOG.info("AVIF encoder: {}", encoder.name());
            return Optional.of(encoder);
        } catch (LinkageError | IOException e) {
            LOG.info("AVIF encoder: none. {} {}", HOW_TO_INSTALL, e.getMessage());
            return Optional.empty();
        }
    }

    private String name() throws IOException {
        Pointer context = allocateContext();
        try {
            Pointer encoder = createEncoder(context);
            try {
                configure(encoder, heifQuality(1)); // fails if it is not libaom's
                return "libheif " + api.heif_get_version() + " with " + api.heif_encoder_get_name(encoder);
            } finally {
                api.heif_encoder_release(encoder);
            }
        } finally {
            api.heif_context_free(context);
        }
    }

    /**
     * Encodes a picture with half the chroma resolution in each direction. {@link BufferedImage#TYPE_BYTE_GRAY} stays
     * grey, an alpha channel is kept, and images in other colour spaces than sRGB are converted.
     *
     * @param image the picture; at most {@link #MAX_PIXELS} pixels and {@link #MAX_SIDE} on each side
     * @param quality quality, 0 to 1; the picture resembles the original as much as a WebP of this quality does
     * @param profile ICC profile of the samples, empty for sRGB; left out if it is for neither RGB nor grey, or for grey
     *     only and the picture is not grey
     * @return the file
     * @throws UnsupportedImageException if the picture is too large
     * @throws IOException if libheif reports an error
     * @throws OutOfMemoryError if there is not enough memory on the heap or off it
     * @see AvifMemory
     */
    byte[] encode(BufferedImage image, double quality, Optional<byte[]> profile) throws IOException {
        checkSize(image.getWidth(), image.getHeight());
        AvifSamples samples = AvifSamples.fitting(image);
        String colors = profile.map(AvifEncoder::colorSpace).orElse("");
        if (samples == AvifSamples.GREY && colors.equals("RGB ")) {
            samples = AvifSamples.RGB; // a grey picture must not have a profile for RGB
        }
        boolean fits = colors.equals(samples == AvifSamples.GREY ? "GRAY" : "RGB ");
        Pointer context = allocateContext();
        try {
            encode(context, image, samples, heifQuality(quality), profile.filter(p -> fits));
            return write(context);
        } finally {
            api.heif_context_free(context);
        }
    }

    static void checkSize(int width, int height) throws UnsupportedImageException {
        if (Math.max(width, height) > MAX_SIDE || (long) width * height > MAX_PIXELS) {
            throw new UnsupportedImageException("The picture has " + width + " x " + height + " pixels. AVIF allows "
                    + MAX_SIDE + " on each side and " + MAX_PIXELS + " in total.");
        }
    }

    private static String colorSpace(byte[] profile) {
        return profile.length > 20 ? new String(profile, 16, 4, StandardCharsets.US_ASCII) : "";
    }

    /**
     * Returns libheif's quality, 0 to 100. Chosen by measurement so that a photo has about the same SSIM as a WebP of the
     * given quality.
     */
    static int heifQuality(double quality) {
        return (int) Math.round(quality < 0.8 ? 30 + 37.5 * quality : 200 * quality - 100);
    }

    private Pointer allocateContext() {
        Pointer context = api.heif_context_alloc();
        if (context == null) {
            throw new OutOfMemoryError("libheif has no memory for a context");
        }
        return context;
    }

    private Pointer createEncoder(Pointer context) throws IOException {
        PointerByReference encoder = new PointerByReference();
        Status status = api.heif_context_get_encoder_for_format(context, AV1, encoder);
        if (status.code != 0) {
            api.heif_encoder_release(encoder.getValue());
            AvifErrors.checkMemory(status);
            throw new IOException("libheif " + api.heif_get_version() + " has no encoder for AV1.");
        }
        return encoder.getValue();
    }

    private void configure(Pointer encoder, int quality) throws IOException {
        AvifErrors.check(api.heif_encoder_set_lossy_quality(encoder, quality));
        AvifErrors.check(
                api.heif_encoder_set_parameter_integer(encoder, "alpha-quality", Math.max(MIN_ALPHA_QUALITY, quality)));
        AvifErrors.check(api.heif_encoder_set_parameter_integer(encoder, "speed", SPEED));
        AvifErrors.check(api.heif_encoder_set_parameter_integer(encoder, "threads", 1));
    }

    private void encode(
            Pointer context, BufferedImage image, AvifSamples samples, int quality, Optional<byte[]> profile)
            throws IOException {
        PointerByReference copy = new PointerByReference();
        AvifErrors.check(
                api.heif_image_create(image.getWidth(), image.getHeight(), samples.colorSpace, samples.chroma, copy));
        try {
            copyPixels(image, samples, copy.getValue());
            setColors(copy.getValue(), profile);
            Pointer encoder = createEncoder(context);
            try {
                configure(encoder, quality);
                AvifErrors.check(api.heif_context_encode_image(context, copy.getValue(), encoder, Pointer.NULL, null));
            } finally {
                api.heif_encoder_release(encoder);
            }
        } finally {
            api.heif_image_release(copy.getValue());
        }
    }

    private void copyPixels(BufferedImage image, AvifSamples samples, Pointer copy) throws IOException {
        AvifErrors.check(api.heif_image_add_plane(copy, samples.channel, image.getWidth(), image.getHeight(), BITS));
        IntByReference stride = new IntByReference();
        Pointer plane = api.heif_image_get_plane(copy, samples.channel, stride);
        if (plane == null || stride.getValue() < image.getWidth() * samples.bytes) {
            throw new IOException("libheif did not allocate the picture.");
        }
        samples.copy(image, plane, stride.getValue());
    }

    /** Sets the colour profile. With an ICC profile, the coded profile only says how to convert the samples to RGB. */
    private void setColors(Pointer copy, Optional<byte[]> profile) throws IOException {
        if (profile.isPresent()) {
            byte[] icc = profile.get();
            AvifErrors.check(api.heif_image_set_raw_color_profile(copy, "prof", icc, new NativeLong(icc.length)));
        }
        Pointer coded = api.heif_nclx_color_profile_alloc();
        if (coded == null) {
            throw new OutOfMemoryError("libheif has no memory for a colour profile");
        }
        try {
            AvifErrors.check(api.heif_nclx_color_profile_set_color_primaries(
                    coded, profile.isPresent() ? UNSPECIFIED : BT_709_PRIMARIES));
            AvifErrors.check(api.heif_nclx_color_profile_set_transfer_characteristics(
                    coded, profile.isPresent() ? UNSPECIFIED : SRGB_TRANSFER));
            AvifErrors.check(api.heif_nclx_color_profile_set_matrix_coefficients(coded, BT_601_MATRIX));
            coded.setByte(FULL_RANGE_OFFSET, (byte) 1);
            AvifErrors.check(api.heif_image_set_nclx_color_profile(copy, coded));
        } finally {
            api.heif_nclx_color_profile_free(coded);
        }
    }

    private byte[] write(Pointer context) throws IOException {
        Status status = api.heif_context_write(context, writer.pointer(), context);
        byte[] file = writer.remove(context);
        AvifErrors.check(status);
        if (file == null) {
            throw new IOException("libheif wrote no file.");
        }
        return file;
    }
}
