// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds and reads the data of the items of a HEIF file. The box {@code iloc} tells where it is in the file or in the
 * box {@code idat}.
 */
final class HeifData {

    /** Maximum number of extents of an item, far more than encoders write. */
    private static final int MAX_EXTENTS = 1024;

    private static final int MAX_TOTAL_EXTENTS = 20_000;

    /**
     * Maximum total size of the data of all items, as a multiple of the file's length. Items may share data, for
     * example tiles of a single colour, but a malicious file could share it so often that reading it takes very long.
     */
    private static final long MAX_DATA_FACTOR = 16;

    private static final long MIN_DATA_LIMIT = 1024 * 1024;

    /** A range of bytes in the file or in the box {@code idat}. */
    private record Extent(long offset, long length) {}

    /**
     * The location of the data of an item.
     *
     * @param method 0: in the file, 1: in the box {@code idat}, 2: in another item
     */
    private record Location(int method, List<Extent> extents) {}

    private static final Location NOWHERE = new Location(0, List.of());

    private final byte[] file;
    private final BoxReader itemData;
    private final Map<Integer, Location> locations = new HashMap<>();
    private long dataBytes;

    /**
     * Reads the locations of all items.
     *
     * @param itemData content of the box {@code idat}; null if there is none
     * @param locations content of the box {@code iloc}
     * @throws IOException if they are damaged, or if there are more than any real picture has
     */
    HeifData(byte[] file, BoxReader itemData, BoxReader locations) throws IOException {
        this.file = file;
        this.itemData = itemData;
        readLocations(locations);
    }

    /**
     * Returns the data of an item.
     *
     * @throws IOException if some of it is missing
     */
    byte[] read(HeifItem item) throws IOException {
        Location location = locations.getOrDefault(item.id, NOWHERE);
        boolean inItemData = location.method == 1;
        if (location.method > 1 || inItemData && itemData == null) {
            throw new UnsupportedImageException("The file stores its picture within another item.");
        }
        int start = inItemData ? itemData.position() : 0;
        int available = inItemData ? itemData.remaining() : file.length;
        long total = 0;
        for (Extent extent : location.extents) {
            if (extent.offset > available || extent.length > available - extent.offset) {
                throw new IOException("The file is cut off: some data of the picture is missing.");
            }
            total += extent.length;
        }
        dataBytes += total;
        if (total == 0 || total > file.length || dataBytes > MAX_DATA_FACTOR * file.length + MIN_DATA_LIMIT) {
            throw new IOException("The file has no data for a picture, or refers to the same data again and again.");
        }
        byte[] data = new byte[(int) total];
        int position = 0;
        for (Extent extent : location.extents) {
            System.arraycopy(file, start + (int) extent.offset, data, position, (int) extent.length);
            position += (int) extent.length;
        }
        return data;
    }

    private void readLocations(BoxReader reader) throws IOException {
        int version = reader.version();
        int sizes = reader.smallNumber(2);
        int offsetSize = sizes >> 12;
        int lengthSize = sizes >> 8 & 15;
        int baseSize = sizes >> 4 & 15;
        int indexSize = version == 0 ? 0 : sizes & 15;
        if (Math.max(Math.max(offsetSize, lengthSize), Math.max(baseSize, indexSize)) > 8 || version > 2) {
            throw new IOException("The file's list of locations cannot be read.");
        }
        int total = 0;
        long count = reader.number(version < 2 ? 2 : 4);
        HeifItems.checkCount(count, HeifItems.MAX_ITEMS, "locations of items");
        for (long i = 0; i < count; i++) {
            int id = reader.smallNumber(version < 2 ? 2 : 4);
            int method = version == 0 ? 0 : reader.smallNumber(2) & 15;
            reader.skip(2);
            long base = reader.number(baseSize);
            int extents = reader.smallNumber(2);
            total += extents;
            boolean empty = extents > 1 && offsetSize + lengthSize == 0;
            Location location = new Location(method, new ArrayList<>());
            if (extents > MAX_EXTENTS
                    || total > MAX_TOTAL_EXTENTS
                    || empty
                    || locations.putIfAbsent(id, location) != null) {
                throw new IOException("The file has too many locations of an item.");
            }
            for (int j = 0; j < extents; j++) {
                reader.skip(indexSize);
                long offset = reader.number(offsetSize);
                long length = reader.number(lengthSize);
                location.extents.add(new Extent(SaturatedMath.sum(base, offset), length));
            }
        }
    }
}
