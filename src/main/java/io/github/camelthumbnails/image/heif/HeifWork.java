// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Adds up what a decoder has to do for a picture: every tile, layer and alpha channel, as often as it is used. */
final class HeifWork {

    /** Grids of pictures that are copies of pictures with an alpha channel need four; this is far more. */
    private static final int MAX_DEPTH = 8;

    private static final Long IN_PROGRESS = -1L;

    private final HeifItems items;
    private final Map<Integer, Long> known = new HashMap<>();
    private String codec = "";
    private long maxPixels;
    private int pairBytes = HeifMemory.USUAL_PAIR_BYTES;

    HeifWork(HeifItems items) {
        this.items = items;
    }

    /** Returns the type of the first coded item that was met; empty if there was none. */
    String codec() {
        return codec;
    }

    /** Returns the size of the largest picture in the bit streams that were met. */
    long maxPixels() {
        return maxPixels;
    }

    /** Returns the bytes of two decoded pixels before they become RGB. */
    int pairBytes() {
        return pairBytes;
    }

    /**
     * Returns how many pixels are decoded for an item.
     *
     * @throws UnsupportedImageException if an item is stored in a way that is not read
     * @throws IOException if the file is damaged
     */
    long decodedPixels(HeifItem item) throws IOException {
        return decodedPixels(item, 0);
    }

    private long decodedPixels(HeifItem item, int depth) throws IOException {
        Long before = known.get(item.id);
        if (IN_PROGRESS.equals(before) || depth > MAX_DEPTH) {
            throw new IOException("The file has a picture that is composed of itself, or of too many layers.");
        }
        if (before != null) {
            return before;
        }
        known.put(item.id, IN_PROGRESS);
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
        known.put(item.id, pixels);
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

    /** Returns the size of what a grid or an overlay is composed on, which is stored a second time besides the item's size. */
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
            return item.pixels(); // the decoder says whether it can read this type
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
