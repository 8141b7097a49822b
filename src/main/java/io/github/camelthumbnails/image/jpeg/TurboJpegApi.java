// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import com.sun.jna.Library;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.NativeLongByReference;
import com.sun.jna.ptr.PointerByReference;

/** Declares the functions of turbojpeg.h that {@link TurboJpeg} calls. They are the same in versions 2.0 to 3.1. */
interface TurboJpegApi extends Library {

    Pointer tjInitDecompress();

    Pointer tjInitCompress();

    int tjDestroy(Pointer handle);

    int tjDecompressHeader3(
            Pointer handle,
            Pointer jpeg,
            NativeLong length,
            IntByReference width,
            IntByReference height,
            IntByReference subsampling,
            IntByReference colorSpace);

    int tjDecompress2(
            Pointer handle,
            Pointer jpeg,
            NativeLong length,
            byte[] pixels,
            int width,
            int pitch,
            int height,
            int pixelFormat,
            int flags);

    int tjDecompressToYUVPlanes(
            Pointer handle,
            Pointer jpeg,
            NativeLong length,
            Pointer[] planes,
            int width,
            int[] strides,
            int height,
            int flags);

    int tjDecodeYUVPlanes(
            Pointer handle,
            Pointer[] planes,
            int[] strides,
            int subsampling,
            byte[] pixels,
            int width,
            int pitch,
            int height,
            int pixelFormat,
            int flags);

    int tjCompress2(
            Pointer handle,
            byte[] pixels,
            int width,
            int pitch,
            int height,
            int pixelFormat,
            PointerByReference jpeg,
            NativeLongByReference length,
            int subsampling,
            int quality,
            int flags);

    int tjCompressFromYUVPlanes(
            Pointer handle,
            Pointer[] planes,
            int width,
            int[] strides,
            int height,
            int subsampling,
            PointerByReference jpeg,
            NativeLongByReference length,
            int quality,
            int flags);

    int tjPlaneWidth(int component, int width, int subsampling);

    int tjPlaneHeight(int component, int height, int subsampling);

    void tjFree(Pointer buffer);
}
