// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.exif.TiffDirectory;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Detects features of a TIFF that cannot be decoded, so that the error can name them. Few programs support all features
 * of TIFF.
 */
final class TiffSupport {

    private static final int BITS_PER_SAMPLE = 258;
    private static final int COMPRESSION = 259;
    private static final int SAMPLE_FORMAT = 339;

    /** Maximum number of bits per sample. */
    private static final int MAX_BITS = 16;

    /** The sample format of unsigned integers. */
    private static final int UNSIGNED = 1;

    /** The sample format that is read like unsigned integers. */
    private static final int UNDEFINED = 4;

    /** The names of sample formats that are not supported. */
    private static final Map<Long, String> SAMPLE_FORMATS =
            Map.of(2L, "signed integers", 3L, "floating-point numbers", 5L, "complex integers", 6L, "complex numbers");

    /** The names of compressions that are in use but not supported. */
    private static final Map<Long, String> COMPRESSIONS = Map.ofEntries(
            Map.entry(9L, "JBIG (T.85)"),
            Map.entry(10L, "JBIG (T.43)"),
            Map.entry(32766L, "NeXT"),
            Map.entry(32771L, "CCITT RLE with word alignment"),
            Map.entry(32809L, "ThunderScan"),
            Map.entry(32908L, "PixarFilm"),
            Map.entry(32909L, "PixarLog"),
            Map.entry(32947L, "Kodak DCS"),
            Map.entry(33003L, "JPEG 2000 (Aperio)"),
            Map.entry(33005L, "JPEG 2000 (Aperio)"),
            Map.entry(34661L, "JBIG"),
            Map.entry(34676L, "SGI LogL"),
            Map.entry(34677L, "SGI LogLuv"),
            Map.entry(34712L, "JPEG 2000"),
            Map.entry(34887L, "LERC"),
            Map.entry(34892L, "lossy JPEG (DNG)"),
            Map.entry(34925L, "LZMA"),
            Map.entry(34926L, "Zstandard"),
            Map.entry(34927L, "WebP"),
            Map.entry(34933L, "PNG"),
            Map.entry(34934L, "JPEG XR"),
            Map.entry(50000L, "Zstandard"),
            Map.entry(50001L, "WebP"),
            Map.entry(50002L, "JPEG XL"),
            Map.entry(52546L, "JPEG XL (DNG)"));

    private TiffSupport() {}

    /**
     * Checks the first page.
     *
     * @throws UnsupportedImageException if the page uses a feature that cannot be decoded
     */
    static void check(ByteBuffer tiff) throws UnsupportedImageException {
        long compression = TiffDirectory.find(tiff, COMPRESSION);
        if (COMPRESSIONS.containsKey(compression)) {
            throw unsupported("the compression " + COMPRESSIONS.get(compression), "Use LZW or Deflate");
        }
        long format = TiffDirectory.findFirst(tiff, SAMPLE_FORMAT);
        if (format > UNSIGNED && format != UNDEFINED) {
            String name = SAMPLE_FORMATS.getOrDefault(format, "an unknown format");
            throw unsupported("samples that are " + name, "Use unsigned integers of 8 or 16 bits");
        }
        long bits = TiffDirectory.findFirst(tiff, BITS_PER_SAMPLE);
        if (bits > MAX_BITS) {
            throw unsupported("samples of " + bits + " bits", "Use 8 or 16 bits");
        }
    }

    private static UnsupportedImageException unsupported(String feature, String advice) {
        return new UnsupportedImageException("The TIFF has " + feature + ", which is not supported. " + advice + ".");
    }
}
