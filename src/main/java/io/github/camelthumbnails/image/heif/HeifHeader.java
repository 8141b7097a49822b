// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.TooManyPixelsException;
import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.heif.HeifItem.Step;
import io.github.camelthumbnails.image.limits.Memory;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The header of a HEIC or AVIF file, read in Java so that malicious files are rejected before native code sees them.
 *
 * @param kind whether the file is HEIC or AVIF
 * @param width width of the upright, cropped picture in pixels
 * @param height height of the upright, cropped picture in pixels
 * @param alpha whether the picture has an alpha channel
 * @param maxSide the longest side of any picture in the file, in pixels
 * @param maxPixels the size of the largest picture in the file, including tiles, alpha channels and embedded thumbnails
 * @param decodedPixels total number of pixels to decode: alpha channels, and tiles as often as they are used
 * @param pairBytes size of two decoded pixels in bytes: 3 for 8 bits with 4:2:0 chroma subsampling, up to 12
 * @param codec name of the codec of the picture, for error messages
 */
public record HeifHeader(
        Kind kind,
        int width,
        int height,
        boolean alpha,
        int maxSide,
        long maxPixels,
        long decodedPixels,
        int pairBytes,
        String codec) {

    /** The formats as users know them. */
    public enum Kind {
        HEIC,
        AVIF
    }

    /**
     * Maximum number of bytes read of the first box: its header, the major brand, its version, and 64 compatible
     * brands.
     */
    private static final int MAX_TYPE_BYTES = 16 + 64 * 4;

    private static final Set<String> AVIF_BRANDS = Set.of("avif", "avis");
    private static final Set<String> HEIC_BRANDS = Set.of("heic", "heix", "heim", "heis", "hevc", "hevx");
    private static final Set<String> GENERAL_BRANDS = Set.of("mif1", "mif2", "msf1");

    /**
     * Maximum number of decoded pixels per pixel of the largest picture. More than one is normal: the alpha channel,
     * tiles that are cropped at the edge, the picture below an overlay. A file that needs many more is made to keep the
     * decoder busy.
     */
    private static final int MAX_DECODED_PER_PIXEL = 4;

    /** Additional pixels that are allowed because encoders pad pictures to whole blocks and tiles. */
    private static final int PADDING_PIXELS = 64 * 1024;

    /**
     * Number of decoded pixels that is always allowed: those of a few tiles, out of which a small picture may be
     * cropped.
     */
    private static final int MIN_DECODED_PIXELS = 4 * 1024 * 1024;

    /**
     * Detects from the brands of a file whether it is HEIC or AVIF.
     *
     * @param file the file, or at least its first {@link Codec#START_BYTES}
     * @return empty if the file is neither HEIC nor AVIF
     */
    public static Optional<Kind> detectKind(byte[] file) {
        BoxReader reader = new BoxReader(file, 0, file.length);
        try {
            int size = reader.smallNumber(4);
            if (!reader.fourCharacters().equals("ftyp")) {
                return Optional.empty();
            }
            Set<String> brands = new HashSet<>(Set.of(reader.fourCharacters()));
            reader.skip(Math.min(4, reader.remaining()));
            int end = Math.min(Math.min(size, MAX_TYPE_BYTES), file.length);
            while (reader.position() + 4 <= end) {
                brands.add(reader.fourCharacters());
            }
            if (brands.stream().anyMatch(AVIF_BRANDS::contains)) {
                return Optional.of(Kind.AVIF);
            }
            boolean known = brands.stream().anyMatch(b -> HEIC_BRANDS.contains(b) || GENERAL_BRANDS.contains(b));
            return known ? Optional.of(Kind.HEIC) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the header.
     *
     * @param file the whole file
     * @throws UnsupportedImageException if the file has no still picture, or stores it in an unsupported way
     * @throws IOException if the file is damaged
     */
    public static HeifHeader read(byte[] file) throws IOException {
        Kind kind = detectKind(file).orElseThrow(() -> new IOException("The file is neither HEIC nor AVIF."));
        HeifItems items = HeifItems.read(file);
        HeifItem primary = items.primary();
        int maxSide = 0;
        long maxPixels = 0;
        for (HeifItem item : items.all()) {
            maxSide = Math.max(maxSide, Math.max(item.width, item.height));
            maxPixels = Math.max(maxPixels, item.pixels());
        }
        HeifWork work = new HeifWork(items);
        long decoded = work.decodedPixels(primary);
        int width = primary.width;
        int height = primary.height;
        for (Step step : primary.steps) {
            int before = width;
            switch (step.transformation()) {
                case QUARTER_TURN -> {
                    width = height;
                    height = before;
                }
                case CROP -> {
                    width = step.width();
                    height = step.height();
                }
            }
        }
        if (width <= 0 || height <= 0) {
            throw new IOException("The " + kind + " file does not say how large its picture is.");
        }
        return new HeifHeader(
                kindOf(work.codec(), kind),
                width,
                height,
                work.hasAlpha(primary),
                maxSide,
                Math.max(maxPixels, work.maxPixels()),
                decoded,
                work.pairBytes(),
                codecName(work.codec()));
    }

    /**
     * Checks the sizes of the picture and of all its parts.
     *
     * @param limit maximum number of pixels of the picture; each of its parts may have an eighth more
     * @throws TooManyPixelsException if a size exceeds the limit
     */
    public void checkPixels(long limit) throws TooManyPixelsException {
        long shown = (long) width * height;
        if (shown > limit || maxPixels > limit + limit / 8 + PADDING_PIXELS) {
            throw new TooManyPixelsException(String.format(
                    Locale.ROOT,
                    "The %s file has a picture of %d pixels. At most %d are allowed.",
                    kind,
                    shown > limit ? shown : maxPixels,
                    limit));
        }
        if (decodedPixels > Math.max(MIN_DECODED_PIXELS, MAX_DECODED_PER_PIXEL * Math.min(limit, maxPixels))) {
            throw new TooManyPixelsException(String.format(
                    Locale.ROOT,
                    "The %s picture of %d x %d pixels is composed of %d pixels, which is far too many.",
                    kind,
                    width,
                    height,
                    decodedPixels));
        }
    }

    /**
     * Estimates the memory that a decode needs.
     *
     * @param fileLength length of the file in bytes; it is copied for the decoder, and parts of it to read the header
     */
    public Memory memory(int fileLength) {
        return HeifMemory.estimate(maxPixels, (long) width * height, alpha, pairBytes)
                .plus(new Memory(fileLength, fileLength));
    }

    private static Kind kindOf(String type, Kind otherwise) {
        return switch (type) {
            case "hvc1", "hev1" -> Kind.HEIC;
            case "av01" -> Kind.AVIF;
            default -> otherwise;
        };
    }

    private static String codecName(String type) {
        return switch (type) {
            case "hvc1", "hev1" -> "HEVC";
            case "av01" -> "AV1";
            case "avc1" -> "H.264";
            case "vvc1" -> "VVC";
            case "jpeg" -> "JPEG";
            case "j2k1" -> "JPEG 2000";
            case "unci" -> "uncompressed pixels";
            default -> BoxReader.printable(type);
        };
    }
}
