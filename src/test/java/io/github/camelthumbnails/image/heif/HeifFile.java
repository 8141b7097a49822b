// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a HEIF file from the encoded pictures of other files. The first item is the primary one; the others are
 * hidden.
 */
final class HeifFile {

    private record Item(String type, byte[] data, List<byte[]> properties) {}

    /** An encoded picture: its decoder configuration (a property) and its data. */
    record Coded(String type, byte[] configuration, byte[] data) {

        /** Extracts the primary picture of a file. */
        static Coded of(byte[] file) throws IOException {
            HeifItems items = HeifItems.read(file);
            HeifItem item = items.primary();
            BoxReader configuration = new BoxReader(item.configuration);
            byte[] content = configuration.bytes(configuration.remaining());
            return new Coded(item.type, box(item.isHevc() ? "hvcC" : "av1C", content), items.data(item));
        }
    }

    private final List<Item> items = new ArrayList<>();
    private final ByteArrayOutputStream references = new ByteArrayOutputStream();

    /** Reads a file from the test resources. */
    static byte[] resource(String name) {
        try (InputStream file = HeifFile.class.getResourceAsStream("/heif/" + name)) {
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds an item and returns its id. */
    int add(String type, byte[] data, byte[]... properties) {
        items.add(new Item(type, data, List.of(properties)));
        return items.size();
    }

    /** Adds an encoded picture, with its configuration before the other properties. */
    int add(Coded coded, byte[]... properties) {
        List<byte[]> all = new ArrayList<>(List.of(coded.configuration));
        all.addAll(List.of(properties));
        items.add(new Item(coded.type, coded.data, all));
        return items.size();
    }

    /** Adds a reference from one item to others. */
    HeifFile refer(String type, int from, int... to) {
        byte[][] numbers = new byte[to.length][];
        for (int i = 0; i < to.length; i++) {
            numbers[i] = number(2, to[i]);
        }
        references.writeBytes(box(type, number(2, from), number(2, to.length), concat(numbers)));
        return this;
    }

    static byte[] size(int width, int height) {
        return box("ispe", number(4, 0), number(4, width), number(4, height));
    }

    /** Returns a rotation property. */
    static byte[] rotation(int quartersAnticlockwise) {
        return box("irot", number(1, quartersAnticlockwise));
    }

    /** Returns a property that crops to the centre. */
    static byte[] crop(int width, int height) {
        return box(
                "clap",
                number(4, width),
                number(4, 1),
                number(4, height),
                number(4, 1),
                number(4, 0),
                number(4, 1),
                number(4, 0),
                number(4, 1));
    }

    static byte[] grid(int rows, int columns, int width, int height) {
        return concat(number(2, 0), number(1, rows - 1), number(1, columns - 1), number(2, width), number(2, height));
    }

    byte[] build() {
        byte[] type = box("ftyp", ascii("mif1"), number(4, 0), ascii("mif1"), ascii("miaf"));
        byte[] meta = meta(0);
        meta = meta(type.length + meta.length + 8);
        byte[][] data = items.stream().map(Item::data).toArray(byte[][]::new);
        return concat(type, meta, box("mdat", data));
    }

    /** Returns the file followed by additional bytes. */
    byte[] append(byte[] bytes) {
        return concat(build(), bytes);
    }

    private byte[] meta(int dataStart) {
        ByteArrayOutputStream entries = new ByteArrayOutputStream();
        ByteArrayOutputStream locations = new ByteArrayOutputStream();
        ByteArrayOutputStream properties = new ByteArrayOutputStream();
        ByteArrayOutputStream associations = new ByteArrayOutputStream();
        int offset = dataStart;
        int property = 0;
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            entries.writeBytes(box(
                    "infe",
                    number(4, 2 << 24 | (i == 0 ? 0 : 1)),
                    number(2, i + 1),
                    number(2, 0),
                    ascii(item.type),
                    number(1, 0)));
            locations.writeBytes(concat(
                    number(2, i + 1), number(2, 0), number(2, 1), number(4, offset), number(4, item.data.length)));
            associations.writeBytes(concat(number(2, i + 1), number(1, item.properties.size())));
            for (byte[] content : item.properties) {
                properties.writeBytes(content);
                associations.writeBytes(number(2, 0x8000 | ++property));
            }
            offset += item.data.length;
        }
        byte[] count = number(2, items.size());
        return box(
                "meta",
                number(4, 0),
                box("hdlr", number(8, 0), ascii("pict"), new byte[13]),
                box("pitm", number(4, 0), number(2, 1)),
                box("iloc", number(4, 0), number(2, 0x4400), count, locations.toByteArray()),
                box("iinf", number(4, 0), count, entries.toByteArray()),
                box(
                        "iprp",
                        box("ipco", properties.toByteArray()),
                        box("ipma", number(4, 1), number(4, items.size()), associations.toByteArray())),
                references.size() == 0 ? new byte[0] : box("iref", number(4, 0), references.toByteArray()));
    }

    static byte[] box(String type, byte[]... content) {
        byte[] joined = concat(content);
        return concat(number(4, joined.length + 8), ascii(type), joined);
    }

    static byte[] number(int length, long value) {
        byte[] bytes = ByteBuffer.allocate(8).putLong(value).array();
        return java.util.Arrays.copyOfRange(bytes, 8 - length, 8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
