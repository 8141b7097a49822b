// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Receives the output of a command.
 *
 * @param out receives the report
 * @param err receives progress and errors
 * @param isInteractive whether a person looks at {@code err}, so that a line can be rewritten
 * @param columns the number of columns of {@code err}, if a person looks at it
 */
record Terminal(PrintWriter out, PrintWriter err, boolean isInteractive, int columns) {

    private static final int STANDARD_ERROR = 2;

    /** Number of columns if the terminal does not report it. Hardly any terminal has fewer. */
    private static final int STANDARD_COLUMNS = 80;

    /** Number of the request TIOCGWINSZ on Linux, which returns rows and columns as two 16-bit numbers, and two more numbers. */
    private static final long GET_WINDOW_SIZE = 0x5413;

    private static final int WINDOW_SIZE_BYTES = 8;
    private static final int COLUMNS_OFFSET = 2;

    /** Returns the standard output and error of this process. Keys are written in UTF-8, whatever the locale is. */
    static Terminal ofProcess() {
        return new Terminal(
                writer(new FileOutputStream(FileDescriptor.out)),
                writer(new FileOutputStream(FileDescriptor.err)),
                isTerminal(),
                findColumns());
    }

    private static PrintWriter writer(OutputStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static int findColumns() {
        if (!Platform.isLinux()) {
            return STANDARD_COLUMNS;
        }
        try (Memory size = new Memory(WINDOW_SIZE_BYTES)) {
            size.clear();
            Function.getFunction("c", "ioctl")
                    .invokeInt(new Object[] {STANDARD_ERROR, new NativeLong(GET_WINDOW_SIZE), size});
            int columns = Short.toUnsignedInt(size.getShort(COLUMNS_OFFSET));
            return columns == 0 ? STANDARD_COLUMNS : columns;
        } catch (LinkageError e) {
            return STANDARD_COLUMNS;
        }
    }

    /** Returns whether standard error is a terminal, which System.console() does not tell. */
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
