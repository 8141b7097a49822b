// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import java.util.Locale;

/** Writes names of counters as words. */
final class Words {

    private Words() {}

    /** Returns a name such as {@code listRequests} as words: {@code list requests}. */
    static String separate(String counter) {
        return counter.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
