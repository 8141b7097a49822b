// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes an object key as the path of a file, for any file system: lower case letters, digits, {@code _} and {@code -} as they
 * are, a dot too unless it comes first, everything else as {@code %xx}, and {@code ~/} after every so many characters.
 */
final class FileNames {

    /** Room is left of the usual 255 for what the store appends to a name while it writes. */
    private static final int MAX_LENGTH = 150;

    private static final Pattern PIECE = Pattern.compile(".{" + MAX_LENGTH + "}(?!$)");

    /** What the store of files calls a part of a multipart upload, and S3Proxy asks for when it verifies checksums. */
    private static final Pattern PART = Pattern.compile("(\\.mpus-[0-9a-f-]{36}-)(.*)(-\\d+)", Pattern.DOTALL);

    private FileNames() {}

    static String encode(String key) {
        Matcher part = PART.matcher(key);
        if (part.matches()) {
            return part.group(1) + encode(part.group(2)) + part.group(3);
        }
        StringBuilder name = new StringBuilder();
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '_' || b == '-';
            if (plain || b == '.' && name.length() % MAX_LENGTH != 0) {
                name.append((char) b);
            } else {
                name.append(String.format("%%%02x", b));
            }
        }
        return PIECE.matcher(name).replaceAll("$0~/");
    }

    static String decode(String path) {
        return URLDecoder.decode(path.replace("~/", ""), StandardCharsets.UTF_8);
    }
}
