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
 * Reads the items of a HEIF file (pictures, tiles, alpha channels, metadata) from its box {@code meta}. Rejects
 * duplicate boxes and entries, because the decoder could interpret them differently and bypass the checks made here.
 */
final class HeifItems {

    /**
     * Maximum number of items. The largest possible grid has 65,536 tiles, but cameras and encoders write a few hundred
     * at most.
     */
    static final int MAX_ITEMS = 20_000;

    private static final int MAX_PROPERTIES = 20_000;

    /** Maximum number of associations between items and properties. */
    private static final int MAX_ASSOCIATIONS = 100_000;

    /** Maximum number of references from one item to another. */
    private static final int MAX_REFERENCES = 100_000;

    private static final Set<String> BOXES =
            Set.of("hdlr", "pitm", "iloc", "iinf", "iprp", "ipco", "ipma", "iref", "idat", "meta");

    private final Map<Integer, HeifItem> items = new HashMap<>();
    private final byte[] file;
    private HeifData data;
    private int primary = -1;

    private HeifItems(byte[] file) {
        this.file = file;
    }

    /**
     * Reads the items of a file.
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
     * Returns the primary item: the picture that viewers show.
     *
     * @throws IOException if there is none
     */
    HeifItem primary() throws IOException {
        return get(primary);
    }

    /**
     * Returns the item with an id.
     *
     * @throws IOException if there is none
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
     * Returns the data of an item.
     *
     * @throws IOException if some of it is missing
     */
    byte[] data(HeifItem item) throws IOException {
        return data.read(item);
    }

    /**
     * Checks that a file does not have too many entries of a kind, each of which takes far more memory on the heap than
     * in the file.
     *
     * @param entries the kind, for the error message
     * @throws IOException if there are more than the limit
     */
    static void checkCount(long count, int limit, String entries) throws IOException {
        if (count > limit) {
            throw new IOException("The file has more than " + limit + " " + entries + ".");
        }
    }

    private void readMeta(BoxReader meta) throws IOException {
        meta.skip(4);
        Map<String, BoxReader> boxes = boxes(meta);
        readInformation(required(boxes, "iinf"));
        BoxReader primaryItem = required(boxes, "pitm");
        primary = primaryItem.smallNumber(primaryItem.version() == 0 ? 2 : 4);
        Map<String, BoxReader> properties = boxes(required(boxes, "iprp"));
        readProperties(required(properties, "ipco"), required(properties, "ipma"));
        data = new HeifData(file, boxes.get("idat"), required(boxes, "iloc"));
        if (boxes.containsKey("iref")) {
            readReferences(boxes.get("iref"));
        }
    }

    private static Map<String, BoxReader> boxes(BoxReader reader) throws IOException {
        Map<String, BoxReader> boxes = new HashMap<>();
        while (reader.remaining() >= 8) {
            Box box = reader.nextBox();
            if (BOXES.contains(box.type()) && boxes.putIfAbsent(box.type(), box.content()) != null) {
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

    private void readInformation(BoxReader reader) throws IOException {
        reader.skip(reader.version() == 0 ? 2 : 4); // the number of the boxes that follow
        while (reader.remaining() >= 8) {
            Box box = reader.nextBox();
            if (!box.type().equals("infe")) {
                continue;
            }
            BoxReader entry = box.content();
            int version = entry.version();
            if (version < 2) {
                continue; // these versions have no item type
            }
            int id = entry.smallNumber(version == 2 ? 2 : 4);
            entry.skip(2);
            if (items.putIfAbsent(id, new HeifItem(id, entry.fourCharacters())) != null) {
                throw new IOException("The file has two items with the same id.");
            }
            checkCount(items.size(), MAX_ITEMS, "items");
        }
    }

    private void readProperties(BoxReader container, BoxReader associations) throws IOException {
        List<Box> properties = new ArrayList<>();
        while (container.remaining() >= 8) {
            properties.add(container.nextBox());
            checkCount(properties.size(), MAX_PROPERTIES, "properties");
        }
        long versionAndFlags = associations.number(4);
        Set<Integer> seen = new HashSet<>();
        long count = associations.number(4);
        checkCount(count, MAX_ITEMS, "lists of properties");
        int total = 0;
        for (long i = 0; i < count; i++) {
            int id = associations.smallNumber(versionAndFlags >> 24 == 0 ? 2 : 4);
            if (!seen.add(id)) {
                throw new IOException("The file lists the properties of an item twice.");
            }
            HeifItem item = items.get(id);
            boolean large = (versionAndFlags & 1) != 0;
            int left = associations.smallNumber(1);
            total += left;
            checkCount(total, MAX_ASSOCIATIONS, "uses of properties");
            for (; left > 0; left--) {
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

    private void readReferences(BoxReader reader) throws IOException {
        int idSize = reader.version() == 0 ? 2 : 4;
        int total = 0;
        while (reader.remaining() >= 8) {
            Box box = reader.nextBox();
            BoxReader references = box.content();
            HeifItem from = items.get(references.smallNumber(idSize));
            int left = references.smallNumber(2);
            total += left;
            checkCount(total, MAX_REFERENCES, "references between items");
            for (; left > 0; left--) {
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
