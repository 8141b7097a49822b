// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads boxes, numbers and text from a range of bytes of an ISO base media file, the container of HEIC and AVIF. */
final class BoxReader {

    /** The type and the content of a box. */
    record Box(String type, BoxReader content) {}

    private final byte[] bytes;
    private final int end;
    private int position;

    /**
     * Creates a reader of a range of bytes.
     *
     * @param bytes the file
     * @param start index of the first byte
     * @param end index after the last byte
     */
    BoxReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /** Creates a reader of the bytes that another reader has not read yet. */
    BoxReader(BoxReader other) {
        this(other.bytes, other.position, other.end);
    }

    int position() {
        return position;
    }

    int remaining() {
        return end - position;
    }

    /**
     * Reads the next box. This reader continues after it.
     *
     * @throws IOException if the box does not end within the range
     */
    Box nextBox() throws IOException {
        int start = position;
        long size = number(4);
        String type = fourCharacters();
        if (size == 1) {
            size = number(8);
        } else if (size == 0) {
            size = end - start;
        }
        if (type.equals("uuid")) {
            skip(16);
        }
        if (size < position - start || size > end - start) {
            throw new IOException("The box " + printable(type) + " is longer than the file or the box around it.");
        }
        BoxReader content = new BoxReader(bytes, position, (int) (start + size));
        position = content.end;
        return new Box(type, content);
    }

    /** Reads four characters as Latin-1, so that any four bytes can be compared. */
    String fourCharacters() throws IOException {
        skip(4);
        return new String(bytes, position - 4, 4, StandardCharsets.ISO_8859_1);
    }

    /** Reads the text up to a zero byte or the end. */
    String text() {
        int start = position;
        while (position < end && bytes[position] != 0) {
            position++;
        }
        String text = new String(bytes, start, position - start, StandardCharsets.ISO_8859_1);
        position = Math.min(end, position + 1);
        return text;
    }

    /**
     * Reads an unsigned big-endian number. A number that is larger than {@link Long#MAX_VALUE} is read as that value.
     *
     * @param length length of the number in bytes, 0 to 8; a number of 0 bytes is 0
     */
    long number(int length) throws IOException {
        skip(length);
        long value = 0;
        for (int i = position - length; i < position; i++) {
            value = value << 8 | bytes[i] & 0xFF;
        }
        return value < 0 ? Long.MAX_VALUE : value;
    }

    /** Reads a {@link #number}. A number that is larger than {@link Integer#MAX_VALUE} is read as that value. */
    int smallNumber(int length) throws IOException {
        return (int) Math.min(Integer.MAX_VALUE, number(length));
    }

    /** Reads the version of a box and skips its flags. */
    int version() throws IOException {
        return (int) (number(4) >> 24);
    }

    /** Reads bytes. */
    byte[] bytes(int length) throws IOException {
        skip(length);
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /** Reads a LEB128 number: seven bits per byte, the least significant first. */
    long littleEndianBase128() throws IOException {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            long next = number(1);
            value |= (next & 0x7F) << 7 * i;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IOException("The picture's data has a number that is too large.");
    }

    void skip(int length) throws IOException {
        if (length < 0 || length > end - position) {
            throw new IOException("The file ends within a box of its header.");
        }
        position += length;
    }

    /** Formats the type of a box or item for an error message. */
    static String printable(String type) {
        return type.chars().allMatch(c -> c >= ' ' && c < 127) ? "\"" + type + "\"" : "of an unreadable type";
    }
}
