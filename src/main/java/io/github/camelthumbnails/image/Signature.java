// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.util.Arrays;

/**
 * The bytes that files of a format start with.
 *
 * @param bytes hexadecimal, with spaces in between; two dots stand for any byte
 */
public record Signature(String bytes) {

    /** Returns whether a file starts with one of several signatures. */
    public static boolean any(byte[] file, Signature... signatures) {
        return Arrays.stream(signatures).anyMatch(signature -> signature.matches(file));
    }

    private boolean matches(byte[] file) {
        String[] expected = bytes.split(" ");
        if (file.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (!expected[i].equals("..") && Integer.parseInt(expected[i], 16) != (file[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }
}
