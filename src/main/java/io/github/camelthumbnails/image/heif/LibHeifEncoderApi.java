// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.Callback;
import com.sun.jna.Library;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.heif.LibHeifApi.Status;

/**
 * JNA declarations of the libheif functions that {@link AvifEncoder} calls, as in version 1.15.1 (Debian 12), the only
 * one tested. Separate from {@link LibHeifApi}, so that a library without these functions can still decode.
 */
interface LibHeifEncoderApi extends Library {

    /** Receives the complete file from {@link #heif_context_write}. */
    interface Write extends Callback {
        Status invoke(Pointer context, Pointer data, NativeLong size, Pointer userData);
    }

    /** The C structure {@code heif_writer}, version 1. */
    @Structure.FieldOrder({"version", "write"})
    class Writer extends Structure {
        public int version = 1;
        public Write write;
    }

    String heif_get_version();

    Pointer heif_context_alloc();

    void heif_context_free(Pointer context);

    Status heif_context_get_encoder_for_format(Pointer context, int format, PointerByReference encoder);

    String heif_encoder_get_name(Pointer encoder);

    void heif_encoder_release(Pointer encoder);

    Status heif_encoder_set_lossy_quality(Pointer encoder, int quality);

    Status heif_encoder_set_parameter_integer(Pointer encoder, String name, int value);

    Status heif_image_create(int width, int height, int colorSpace, int chroma, PointerByReference image);

    Status heif_image_add_plane(Pointer image, int channel, int width, int height, int bits);

    Pointer heif_image_get_plane(Pointer image, int channel, IntByReference stride);

    Status heif_image_set_raw_color_profile(Pointer image, String type, byte[] profile, NativeLong size);

    Status heif_image_set_nclx_color_profile(Pointer image, Pointer profile);

    void heif_image_release(Pointer image);

    Pointer heif_nclx_color_profile_alloc();

    void heif_nclx_color_profile_free(Pointer profile);

    Status heif_nclx_color_profile_set_color_primaries(Pointer profile, short primaries);

    Status heif_nclx_color_profile_set_transfer_characteristics(Pointer profile, short transfer);

    Status heif_nclx_color_profile_set_matrix_coefficients(Pointer profile, short matrix);

    Status heif_context_encode_image(
            Pointer context, Pointer image, Pointer encoder, Pointer options, PointerByReference handle);

    Status heif_context_write(Pointer context, Pointer writer, Pointer userData);
}
