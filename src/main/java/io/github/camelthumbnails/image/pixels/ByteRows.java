// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/** The bytes of an image with one byte per sample, and the index at which each row starts. */
final class ByteRows {
    final byte[] data;
    private final int start;
    private final int stride;

    ByteRows(Raster raster) {
        ComponentSampleModel model = (ComponentSampleModel) raster.getSampleModel();
        data = ((DataBufferByte) raster.getDataBuffer()).getData();
        stride = model.getScanlineStride();
        start = raster.getDataBuffer().getOffset()
                - raster.getSampleModelTranslateY() * stride
                - raster.getSampleModelTranslateX() * model.getPixelStride();
    }

    int row(int y) {
        return start + y * stride;
    }
}
