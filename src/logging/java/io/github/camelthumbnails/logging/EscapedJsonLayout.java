// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;

/**
 * Escapes what JSON allows but a log line must not have: DEL and the control characters above it, line separators and
 * bidirectional controls. They can only be in strings, where JSON has the same escapes as Java.
 */
final class EscapedJsonLayout extends AbstractStringLayout {

    private final StringLayout json;

    /** @param json a layout that writes each event as a JSON object and a line feed */
    EscapedJsonLayout(StringLayout json) {
        super(StandardCharsets.UTF_8);
        this.json = json;
    }

    @Override
    public String getContentType() {
        return json.getContentType();
    }

    @Override
    public String toSerializable(LogEvent event) {
        String line = json.toSerializable(event);
        int end = line.length() - 1;
        if (line.chars().limit(end).noneMatch(c -> Escapes.isUnsafe((char) c))) {
            return line;
        }
        StringBuilder escaped = new StringBuilder(line.length() + 100);
        Escapes.append(line, 0, end, escaped);
        return escaped.append('\n').toString();
    }
}
