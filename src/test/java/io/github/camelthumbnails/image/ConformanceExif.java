// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Writes pictures with an EXIF orientation. */
final class ConformanceExif {

    private ConformanceExif() {}

    static byte[] withOrientation(BufferedImage stored, ImageFormat format, ByteOrder order, int orientation) {
        Map<Integer, Object> tags =
                Map.of(ConformanceTiff.MAKE, "Maker of cameras", ConformanceTiff.ORIENTATION, new int[] {orientation});
        byte[] exif = ConformanceTiff.file(order, List.of(tags));
        return switch (format) {
            case JPEG ->
                Pictures.insert(
                        ConformanceJpeg.write(stored, ConformanceJpeg.Color.YCC),
                        ConformanceJpeg.segment(0xE1, concat(ascii("Exif\0\0"), exif)));
            case PNG -> ConformancePng.write(stored, ConformancePng.RGB, 8, false, Pictures.chunk("eXIf", exif));
            case WEBP -> ConformanceWebp.extended(stored, ConformanceWebp.write(stored, true), null, exif, null);
            default -> {
                Map<Integer, Object> page = ConformanceTiff.page(
                        order, stored, ConformanceTiff.RGB, 8, ConformanceTiff.Layout.STRIPS, ConformancePng.RGB);
                page.putAll(tags);
                yield ConformanceTiff.file(order, List.of(page));
            }
        };
    }
}
