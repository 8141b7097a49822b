// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.UnsupportedImageException;
import io.github.camelthumbnails.image.heif.BoxReader.Box;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the items of a HEIF file from its box {@code meta}. It is strict where a file could mean one thing here and another thing to the
 * decoder: there is one box of each kind and one entry for each item.
 */
final class HeifItems {

    /** Far more than the pieces into which an encoder divides a picture. */
    private static final int MAX_EXTENTS = 1024;

    private static final int MAX_TOTAL_EXTENTS = 20_000;

    private static final Set<String> SINGLE_BOXES =
            Set.of("hdlr", "pitm", "iloc", "iinf", "iprp", "ipco", "ipma", "iref", "idat", "meta");

    /** Items may share data, such as tiles of one colour. More than this would keep the reader busy. */
    private static final long MAX_DATA_FACTOR = 16;

    private static final long MIN_DATA_LIMIT = 1024 * 1024;

    private final Map<Integer, HeifItem> items = new HashMap<>();
    private final byte[] file;
    private BoxReader itemData;
    private int primary = -1;
    private long dataBytes;

    private HeifItems(byte[] file) {
        this.file = file;
    }

    /**
     * Reads the items.
     *
     * @throws UnsupportedImageException if there is no still picture
     * @throws IOException if the file is damaged
     */
    static HeifItems read(byte[] file) throws IOException {
        HeifItems items = new HeifItems(file);
        BoxReader meta = boxes(new BoxReader(file, 0, file.length)).get("meta");
        if (meta == null) {
            throw new UnsupportedImageException("The file is an image sequence or a video without a still picture.");
        }
        items.readMeta(meta);
        return items;
    }

    /**
     * Returns the item that is shown.
     *
     * @throws IOException if there is none
     */
    HeifItem primary() throws IOException {
        return get(primary);
    }

    /**
     * Returns an item.
     *
     * @throws IOException if there is none of this number
     */
    HeifItem get(int id) throws IOException {
        HeifItem item = items.get(id);
        if (item == null) {
            throw new IOException("The file refers to an item that it does not have.");
        }
        return item;
    }

    Iterable<HeifItem> all() {
        return items.values();
    }

    /**
     * Returns the bytes of a coded item.
     *
     * @throws IOException if they are not all there
     */
    byte[] data(HeifItem item) throws IOException {
        boolean inItemData = item.constructionMethod == 1;
        if (item.constructionMethod > 1 || inItemData && itemData == null) {
            throw new UnsupportedImageException("The file stores its picture within another item.");
        }
        int start = inItemData ? itemData.position() : 0;
        int available = inItemData ? itemData.remaining() : file.length;
        long total = 0;
        for (HeifItem.Extent extent : item.extents) {
            if (extent.offset() > available || extent.length() > available - extent.offset()) {
                throw new IOException("The file is cut off: the data of the picture is not all there.");
            }
            total += extent.length();
        }
        dataBytes += total;
        if (total == 0 || total > file.length || dataBytes > MAX_DATA_FACTOR * file.length + MIN_DATA_LIMIT) {
            throw new IOException("The file has no data for a picture, or refers to the same data again and again.");
        }
        byte[] data = new byte[(int) total];
        int position = 0;
        for (HeifItem.Extent extent : item.extents) {
            System.arraycopy(file, start + (int) extent.offset(), data, position, (int) extent.length());
            position += (int) extent.length();
        }
        return data;
    }

    private void readMeta(BoxReader meta) throws IOException {
        meta.skip(4);
        Map<String, BoxReader> boxes = boxes(meta);
        itemData = boxes.get("idat");
        readInformation(required(boxes, "iinf"));
        BoxReader primaryItem = required(boxes, "pitm");
        primary = primaryItem.smallNumber(version(primaryItem) == 0 ? 2 : 4);
        Map<String, BoxReader> properties = boxes(required(boxes, "iprp"));
        readProperties(required(properties, "ipco"), required(properties, "ipma"));
        readLocations(required(boxes, "iloc"));
        if (boxes.containsKey("iref")) {
            readReferences(boxes.get("iref"));
        }
    }

    private static Map<String, BoxReader> boxes(BoxReader reader) throws IOException {
        Map<String, BoxReader> boxes = new HashMap<>();
        while (reader.remaining() >= 8) {
            Box box = reader.nextBox();
            if (boxes.putIfAbsent(box.type(), box.content()) != null && SINGLE_BOXES.contains(box.type())) {
                throw new IOException("The file has two boxes " + BoxReader.printable(box.type()) + ".");
            }
        }
        return boxes;
    }

    private static BoxReader required(Map<String, BoxReader> boxes, String type) throws IOException {
        BoxReader box = boxes.get(type);
        if (box == null) {
            throw new IOException("The file has no box \"" + type + "\".");
        }
        return box;
    }

    private static int version(BoxReader reader) throws IOException {
        return (int) (reader.number(4) >> 24);
    }

    private void readInformation(BoxReader reader) throws IOException {
        reader.skip(version(reader) == 0 ? 2 : 4); // the count, which the boxes tell as well
        while (reader.remaining() >= 8) {
            Box box = reader.nextBox();
            if (!box.type().equals("infe")) {
                continue;
            }
            BoxReader entry = box.content();
            int version = version(entry);
            if (version < 2) {
                continue; // it has no type
            }
            int id = entry.smallNumber(version == 2 ? 2 : 4);
            entry.skip(2);
            if (items.putIfAbsent(id, new HeifItem(id, entry.fourCharacters())) != null) {
                throw new IOException("The file has two items of one number.");
            }
        }
    }

    private void readProperties(BoxReader container, BoxReader associations) throws IOException {
        List<Box> properties = new ArrayList<>();
        while (container.remaining() >= 8) {
            properties.add(container.nextBox());
        }
        long versionAndFlags = associations.number(4);
        Set<Integer> seen = new HashSet<>();
        long count = associations.number(4);
        for (long i = 0; i < count; i++) {
            int id = associations.smallNumber(versionAndFlags >> 24 == 0 ? 2 : 4);
            if (!seen.add(id)) {
                throw new IOException("The file lists the properties of an item twice.");
            }
            HeifItem item = items.get(id);
            boolean large = (versionAndFlags & 1) != 0;
            for (int left = associations.smallNumber(1); left > 0; left--) {
                int index = associations.smallNumber(large ? 2 : 1) & (large ? 0x7FFF : 0x7F);
                if (index > properties.size()) {
                    throw new IOException("The file refers to a property that it does not have.");
                }
                if (index > 0 && item != null) {
                    HeifProperties.apply(properties.get(index - 1), item);
                }
            }
        }
    }

    private void readLocations(BoxReader reader) throws IOException {
        int version = version(reader);
        int sizes = reader.smallNumber(2);
        int offsetSize = sizes >> 12;
        int lengthSize = sizes >> 8 & 15;
        int baseSize = sizes >> 4 & 15;
        int indexSize = version == 0 ? 0 : sizes & 15;
        if (Math.max(Math.max(offsetSize, lengthSize), Math.max(baseSize, indexSize)) > 8 || version > 2) {
            throw new IOException("The file's list of locations cannot be read.");
        }
        Set<Integer> seen = new HashSet<>();
        int total = 0;
        long count = reader.number(version < 2 ? 2 : 4);
        for (long i = 0; i < count; i++) {
            int id = reader.smallNumber(version < 2 ? 2 : 4);
            int method = version == 0 ? 0 : reader.smallNumber(2) & 15;
            reader.skip(2);
            long base = reader.number(baseSize);
            int extents = reader.smallNumber(2);
            total += extents;
            boolean empty = extents > 1 && offsetSize + lengthSize == 0;
            if (extents > MAX_EXTENTS || total > MAX_TOTAL_EXTENTS || empty || !seen.add(id)) {
                throw new IOException("The file has too many locations of an item.");
            }
            HeifItem item = items.getOrDefault(id, new HeifItem(id, ""));
            item.constructionMethod = method;
            for (int j = 0; j < extents; j++) {
                reader.skip(indexSize);
                long offset = reader.number(offsetSize);
                long length = reader.number(lengthSize);
                boolean overflow = base > Long.MAX_VALUE - offset;
                item.extents.add(new HeifItem.Extent(overflow ? Long.MAX_VALUE : base + offset, length));
            }
        }
    }

    private void readReferences(BoxReader reader) throws IOException {
        int idSize = version(reader) == 0 ? 2 : 4;
        while (reader.remaining() >= 8) {
            Box box = reader.nextBox();
            BoxReader references = box.content();
            HeifItem from = items.get(references.smallNumber(idSize));
            for (int left = references.smallNumber(2); left > 0; left--) {
                int to = references.smallNumber(idSize);
                if (from != null && box.type().equals("dimg")) {
                    from.parts.add(to);
                } else if (from != null && box.type().equals("auxl") && items.containsKey(to)) {
                    items.get(to).auxiliaries.add(from.id);
                }
            }
        }
    }
}
