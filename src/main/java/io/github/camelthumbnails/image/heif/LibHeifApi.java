// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.Library;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * JNA declarations of the libheif functions that {@link LibHeif} calls, as in version 1.15.1 (Debian 12), the only one
 * tested.
 */
interface LibHeifApi extends Library {

    /** The C structure {@code heif_error}: the result of a function. */
    @Structure.FieldOrder({"code", "subcode", "message"})
    class Status extends Structure implements Structure.ByValue {
        public int code;
        public int subcode;
        public Pointer message;
    }

    String heif_get_version();

    int heif_have_decoder_for_format(int format);

    Pointer heif_context_alloc();

    void heif_context_free(Pointer context);

    void heif_context_set_maximum_image_size_limit(Pointer context, int side);

    void heif_context_set_max_decoding_threads(Pointer context, int threads);

    Status heif_context_read_from_memory_without_copy(
            Pointer context, Pointer file, NativeLong length, Pointer options);

    Status heif_context_get_primary_image_handle(Pointer context, PointerByReference handle);

    void heif_image_handle_release(Pointer handle);

    int heif_image_handle_get_width(Pointer handle);

    int heif_image_handle_get_height(Pointer handle);

    int heif_image_handle_has_alpha_channel(Pointer handle);

    int heif_image_handle_is_premultiplied_alpha(Pointer handle);

    NativeLong heif_image_handle_get_raw_color_profile_size(Pointer handle);

    Status heif_image_handle_get_raw_color_profile(Pointer handle, byte[] profile);

    Pointer heif_decoding_options_alloc();

    void heif_decoding_options_free(Pointer options);

    Status heif_decode_image(
            Pointer handle, PointerByReference image, int colorSpace, int chroma, Pointer decodingOptions);

    int heif_image_get_width(Pointer image, int channel);

    int heif_image_get_height(Pointer image, int channel);

    Pointer heif_image_get_plane_readonly(Pointer image, int channel, IntByReference stride);

    void heif_image_release(Pointer image);
}
