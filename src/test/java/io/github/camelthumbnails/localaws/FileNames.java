// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Converts object keys to file paths that every file system supports, and back. Lower-case letters, digits, {@code _}, {@code -}
 * and dots that do not start a name are kept; all other bytes become {@code %xx}. {@code ~/} splits long names.
 */
final class FileNames {

    /** Maximum length of a name: below the usual 255, because the store appends a suffix while it writes a file. */
    private static final int MAX_LENGTH = 150;

    private static final Pattern FULL_SEGMENT = Pattern.compile(".{" + MAX_LENGTH + "}(?!$)");

    /** Matches the name that the store gives to a part of a multipart upload. S3Proxy uses it to verify checksums. */
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
        return FULL_SEGMENT.matcher(name).replaceAll("$0~/");
    }

    static String decode(String path) {
        return URLDecoder.decode(path.replace("~/", ""), StandardCharsets.UTF_8);
    }
}
