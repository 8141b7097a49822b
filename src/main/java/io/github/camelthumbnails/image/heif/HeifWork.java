// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the pixels that a decoder has to decode for a picture: every tile, layer and alpha channel, as often as it is
 * used.
 */
final class HeifWork {

    /**
     * Maximum nesting of items. The deepest real case, a grid of derived pictures with an alpha channel, needs four
     * levels.
     */
    private static final int MAX_DEPTH = 8;

    private static final Long IN_PROGRESS = -1L;

    private final HeifItems items;
    private final Map<Integer, Long> pixelsByItem = new HashMap<>();
    private String codec = "";
    private long maxPixels;
    private int pairBytes = HeifMemory.DEFAULT_PAIR_BYTES;

    HeifWork(HeifItems items) {
        this.items = items;
    }

    /** Returns the type of the first coded item visited so far; empty if there was none. */
    String codec() {
        return codec;
    }

    /** Returns the number of pixels of the largest picture visited so far. */
    long maxPixels() {
        return maxPixels;
    }

    /** Returns the size of two decoded pixels in bytes, before the conversion to RGB. */
    int pairBytes() {
        return pairBytes;
    }

    /**
     * Counts the pixels that are decoded for an item.
     *
     * @throws UnsupportedImageException if an item is stored in an unsupported way
     * @throws IOException if the file is damaged
     */
    long decodedPixels(HeifItem item) throws IOException {
        return decodedPixels(item, 0);
    }

    private long decodedPixels(HeifItem item, int depth) throws IOException {
        Long known = pixelsByItem.get(item.id);
        if (IN_PROGRESS.equals(known) || depth > MAX_DEPTH) {
            throw new IOException("The file has a picture that is composed of itself, or of too many layers.");
        }
        if (known != null) {
            return known;
        }
        pixelsByItem.put(item.id, IN_PROGRESS);
        long pixels = item.isComposed() ? 0 : codedPixels(item);
        if (item.isComposed()) {
            maxPixels = Math.max(maxPixels, canvasPixels(item));
            for (int part : item.parts) {
                pixels = SaturatedMath.sum(pixels, decodedPixels(items.get(part), depth + 1));
            }
        }
        for (int auxiliary : item.auxiliaries) {
            if (items.get(auxiliary).alpha) {
                pixels = SaturatedMath.sum(pixels, decodedPixels(items.get(auxiliary), depth + 1));
            }
        }
        pixelsByItem.put(item.id, pixels);
        return pixels;
    }

    boolean hasAlpha(HeifItem item) throws IOException {
        for (int auxiliary : item.auxiliaries) {
            if (items.get(auxiliary).alpha) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the number of pixels of the canvas of a grid or an overlay, whose size is stored in addition to the
     * item's size.
     */
    private long canvasPixels(HeifItem item) throws IOException {
        if (item.type.equals("iden")) {
            return 0;
        }
        byte[] data = items.data(item);
        BoxReader reader = new BoxReader(data, 0, data.length);
        reader.skip(1);
        int numberSize = (reader.smallNumber(1) & 1) == 0 ? 2 : 4;
        reader.skip(item.type.equals("grid") ? 2 : 8); // rows and columns, or the background's colour
        return SaturatedMath.product(reader.number(numberSize), reader.number(numberSize));
    }

    private long codedPixels(HeifItem item) throws IOException {
        if (codec.isEmpty()) {
            codec = item.type;
        }
        if (!item.isHevc() && !item.isAv1()) {
            return item.pixels(); // leave it to libheif to reject unsupported types
        }
        if (item.configuration == null) {
            throw new IOException("The file does not say how its picture is coded.");
        }
        byte[] data = items.data(item);
        CodedPicture picture = item.isHevc()
                ? CodedPicture.hevc(item.configuration, data)
                : CodedPicture.av1(item.configuration, data);
        if (picture.maxPixels() == 0 || picture.pictures() == 0) {
            throw new IOException("The file has no picture in its data.");
        }
        maxPixels = Math.max(maxPixels, picture.maxPixels());
        pairBytes = Math.max(pairBytes, picture.pairBytes());
        return SaturatedMath.product(picture.maxPixels(), picture.pictures());
    }
}
