// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads a message in the encoding of Protocol Buffers without its schema: the caller knows the number and the type of a field. */
final class ProtobufMessage {

    /** A field: its bytes if it has a length, otherwise its number. */
    record Field(int id, byte[] bytes, long number) {

        boolean isBytes() {
            return bytes != null;
        }

        String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private final List<Field> fields = new ArrayList<>();

    ProtobufMessage(byte[] encoded) {
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            int id = (int) (tag >> 3);
            switch ((int) (tag & 7)) {
                case 0 -> fields.add(new Field(id, null, varint(in)));
                case 1 -> fields.add(new Field(id, null, in.getLong()));
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(in)];
                    in.get(bytes);
                    fields.add(new Field(id, bytes, 0));
                }
                case 5 -> fields.add(new Field(id, null, in.getInt()));
                default -> throw new IllegalArgumentException("Wire type " + (tag & 7));
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("A number has more than ten bytes");
    }

    List<Field> fields() {
        return fields;
    }

    private Stream<Field> fields(int id) {
        return fields.stream().filter(field -> field.id() == id);
    }

    List<ProtobufMessage> messages(int id) {
        return fields(id).map(field -> new ProtobufMessage(field.bytes())).toList();
    }

    /** Returns the bytes of a field, none if it is absent. */
    byte[] bytes(int id) {
        return fields(id).map(Field::bytes).findFirst().orElse(new byte[0]);
    }

    String text(int id) {
        return new String(bytes(id), StandardCharsets.UTF_8);
    }

    /** Returns the number in a field, 0 if it is absent. */
    long number(int id) {
        return fields(id).mapToLong(Field::number).findFirst().orElse(0);
    }
}
