// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the log layouts of production and of the tests: each rendered event is one line without unsafe characters. */
class LogLayoutTest {

    private static final String NEW_LINE = System.lineSeparator();

    /** Characters that must be escaped: control characters, line separators and bidirectional controls. */
    private static final List<String> UNSAFE = Stream.of(
                    IntStream.rangeClosed(0x00, 0x1F),
                    IntStream.rangeClosed(0x7F, 0x9F),
                    IntStream.of(0x61C, 0x200E, 0x200F, 0x2028, 0x2029),
                    IntStream.rangeClosed(0x202A, 0x202E),
                    IntStream.rangeClosed(0x2066, 0x2069))
            .flatMapToInt(codes -> codes)
            .mapToObj(Character::toString)
            .toList();

    /** Renders log events with the layout of a configuration file. */
    enum LogConfiguration {
        PRODUCTION("src/main/resources/log4j2.properties"),
        TEST("src/test/resources/log4j2-test.properties");

        private final StringLayout layout;

        LogConfiguration(String file) {
            LoggerContext context = new LoggerContext(name());
            Configuration configuration = ConfigurationFactory.getInstance()
                    .getConfiguration(context, name(), Path.of(file).toUri());
            configuration.initialize();
            layout = (StringLayout) configuration.getAppender("out").getLayout();
        }

        String log(String message, Throwable thrown) {
            return log("report-failure", message, thrown);
        }

        String log(String logger, String message, Throwable thrown) {
            return layout.toSerializable(Log4jLogEvent.newBuilder()
                    .setLoggerName(logger)
                    .setLevel(Level.WARN)
                    .setMessage(new SimpleMessage(message))
                    .setThrown(thrown)
                    .build());
        }
    }

    @ParameterizedTest
    @EnumSource
    void printableCharactersAreNotEscaped(LogConfiguration configuration) {
        String key = "2026/한국어 사진 👨‍👩‍👧 a+b=c&d 100% \"q\" \\ é.jpg";

        assertThat(configuration.log("No thumbnail of " + key, null))
                .matches("[\\d:.]{12} WARN  report-failure           No thumbnail of \\Q" + key + "\\E\\R");
    }

    @ParameterizedTest
    @EnumSource
    void unsafeCharactersOfAKeyAreEscaped(LogConfiguration configuration) {
        for (String unsafe : UNSAFE) {
            String line = configuration.log("No thumbnail of a" + unsafe + "b.jpg", null);

            assertThat(line.replace(NEW_LINE, ""))
                    .endsWith("No thumbnail of a" + escape(unsafe) + "b.jpg")
                    .doesNotContain(unsafe);
            assertThat(line).endsWith("b.jpg" + NEW_LINE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void unsafeCharactersOfALoggerNameAreEscaped(LogConfiguration configuration) {
        assertThat(configuration.log("a\u001Bb", "hello", null)).contains(" a\\u001Bb ");
    }

    @ParameterizedTest
    @EnumSource
    void stackTraceHasSeveralLines(LogConfiguration configuration) {
        Throwable problem = problem("");

        assertThat(configuration.log("failed", problem).lines().skip(1))
                .hasSizeGreaterThan(10)
                .anyMatch(line -> line.startsWith("\tat ") && line.contains("LogLayoutTest"))
                .anyMatch(line -> line.startsWith("\tSuppressed: java.io.IOException: closing a.jpg"))
                .anyMatch(line -> line.startsWith("Caused by: java.lang.IllegalArgumentException: reading a.jpg"))
                .startsWith("java.lang.IllegalStateException: making a.jpg");
    }

    @ParameterizedTest
    @EnumSource
    void unsafeCharactersOfAnExceptionMessageAreEscaped(LogConfiguration configuration) {
        long expectedLines = configuration.log("failed", problem("")).lines().count();
        String allUnsafe = String.join("", UNSAFE);

        List<String> lines = lines(configuration.log("failed", problem(allUnsafe + "\n\tat forged\r\n12:00:00 INFO ")));

        assertThat(lines).hasSize((int) expectedLines);
        String escaped = UNSAFE.stream().map(LogLayoutTest::escape).reduce("", String::concat)
                + "\\n\\tat forged\\r\\n12:00:00 INFO ";
        assertThat(lines)
                .filteredOn(line -> line.contains("forged"))
                .hasSize(3)
                .allMatch(line -> line.endsWith(escaped + "a.jpg"));
        assertThat(lines)
                .allSatisfy(line -> assertThat(UNSAFE)
                        .noneMatch(unsafe -> line.replaceFirst("^\t+", "").contains(unsafe)));
    }

    /** Splits a log into lines as a program does that knows only the system's line separator. */
    private static List<String> lines(String log) {
        return new ArrayList<>(Arrays.asList(log.split(NEW_LINE)));
    }

    private static Throwable problem(String inMessage) {
        Exception problem = new IllegalStateException(
                "making " + inMessage + "a.jpg", new IllegalArgumentException("reading " + inMessage + "a.jpg"));
        problem.addSuppressed(new IOException("closing " + inMessage + "a.jpg"));
        return problem;
    }

    private static String escape(String unsafe) {
        return switch (unsafe) {
            case "\n" -> "\\n";
            case "\r" -> "\\r";
            case "\t" -> "\\t";
            default -> String.format("\\u%04X", (int) unsafe.charAt(0));
        };
    }
}
