// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import com.sun.jna.Function;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where the output of a command goes.
 *
 * @param out receives the report
 * @param err receives progress and errors
 * @param isInteractive whether a person looks at {@code err}, so that a line can be rewritten
 */
record Terminal(PrintWriter out, PrintWriter err, boolean isInteractive) {

    private static final int STANDARD_ERROR = 2;

    /** Returns the standard output and error of this process. Keys are written in UTF-8, whatever the locale is. */
    static Terminal ofProcess() {
        return new Terminal(
                writer(new FileOutputStream(FileDescriptor.out)),
                writer(new FileOutputStream(FileDescriptor.err)),
                isTerminal());
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** System.console() tells nothing about standard error. */
    private static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return Function.getFunction("c", "isatty").invokeInt(new Object[] {STANDARD_ERROR}) == 1;
        } catch (LinkageError e) {
            return false; // without it, as on Windows, progress is shown in plain lines
        }
    }
}
