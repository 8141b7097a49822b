// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.logging;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Layout;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the log layouts of production and of the tests: each rendered event is one line without unsafe characters. */
class LogLayoutTest {

    private static final String NEW_LINE = System.lineSeparator();

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

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
        private final Layout<String> json;

        LogConfiguration(String file) {
            LoggerContext context = new LoggerContext(name());
            Configuration configuration = ConfigurationFactory.getInstance()
                    .getConfiguration(context, name(), Path.of(file).toUri());
            configuration.initialize();
            layout = (StringLayout) configuration.getAppender("out").getLayout();
            json = LogLines.create(configuration, "json", "", "classpath:log-ecs.json", true);
        }

        String log(String message, Throwable thrown) {
            return log("report-failure", message, thrown);
        }

        String log(String logger, String message, Throwable thrown) {
            return layout.toSerializable(event(logger, message, thrown, Map.of()));
        }

        String logFields(String message, Map<String, String> fields) {
            return layout.toSerializable(event("outcomes", message, null, fields));
        }

        JsonObject json(String message, Throwable thrown, Map<String, String> fields) {
            String line = json.toSerializable(event("outcomes", message, thrown, fields));
            assertThat(line).endsWith("}\n");
            assertThat(UNSAFE).noneMatch(line.stripTrailing()::contains);
            return new JsonObject(line);
        }

        private static LogEvent event(String logger, String message, Throwable thrown, Map<String, String> fields) {
            return Log4jLogEvent.newBuilder()
                    .setLoggerName(logger)
                    .setLevel(Level.WARN)
                    .setMessage(new SimpleMessage(message))
                    .setThrown(thrown)
                    .setContextData(new SortedArrayStringMap(fields))
                    .setThreadName("main")
                    .setTimeMillis(1)
                    .build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void printableCharactersAreNotEscaped(LogConfiguration configuration) {
        String key = "2026/한국어 사진 👨‍👩‍👧 a+b=c&d 100% \"q\" \\ é.jpg";

        assertThat(configuration.log("No thumbnail of " + key, null))
                .matches(TIME + " WARN  report-failure           No thumbnail of \\Q" + key + "\\E\\R");
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

    @ParameterizedTest
    @EnumSource
    void fieldsFollowTheMessageInAFixedOrder(LogConfiguration configuration) {
        Map<String, String> fields = Map.of("ms", "123", "key", "2026/photo.jpg", "outcome", "created", "other", "x");

        assertThat(configuration.logFields("Thumbnail", fields))
                .isEqualTo("1970-01-01T00:00:00.001Z WARN  outcomes                 Thumbnail"
                        + "\toutcome=created key=2026/photo.jpg ms=123" + NEW_LINE);
    }

    @ParameterizedTest
    @EnumSource
    void keyCannotForgeAField(LogConfiguration configuration) {
        String key = "a\tms=1\" ms=2 b\\\u202E.jpg";

        assertThat(configuration.logFields("No thumbnail of " + key, Map.of("key", key)))
                .endsWith("No thumbnail of a\\tms=1\" ms=2 b\\\\u202E.jpg"
                        + "\tkey=\"a\\tms=1\\\" ms=2 b\\\\\\u202E.jpg\"" + NEW_LINE);
    }

    @ParameterizedTest
    @EnumSource
    void jsonHasFieldsOfEcsAndNumbers(LogConfiguration configuration) {
        Map<String, String> fields = Map.ofEntries(
                Map.entry("outcome", "rejected"),
                Map.entry("result", "failure"),
                Map.entry("method", "PUT"),
                Map.entry("path", "/dev/originals/a.jpg"),
                Map.entry("status", "413"),
                Map.entry("received", "5000000000"),
                Map.entry("bucket", "originals"),
                Map.entry("key", "a.jpg"),
                Map.entry("exchangeId", "E1"),
                Map.entry("traceId", "0af7651916cd43dd8448eb211c80319c"),
                Map.entry("ms", "12"));

        assertThat(configuration.json("Rejected", null, fields).getMap())
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("@timestamp", "1970-01-01T00:00:00.001Z"),
                        Map.entry("log.level", "WARN"),
                        Map.entry("log.logger", "outcomes"),
                        Map.entry("message", "Rejected"),
                        Map.entry("ecs.version", "8.11.0"),
                        Map.entry("process.thread.name", "main"),
                        Map.entry("service.name", "camel-thumbnails"),
                        Map.entry("event.action", "rejected"),
                        Map.entry("event.outcome", "failure"),
                        Map.entry("event.duration", 12_000_000),
                        Map.entry("http.request.method", "PUT"),
                        Map.entry("http.request.body.bytes", 5_000_000_000L),
                        Map.entry("http.response.status_code", 413),
                        Map.entry("url.path", "/dev/originals/a.jpg"),
                        Map.entry("aws.s3.bucket.name", "originals"),
                        Map.entry("aws.s3.object.key", "a.jpg"),
                        Map.entry("labels.exchangeId", "E1"),
                        Map.entry("trace.id", "0af7651916cd43dd8448eb211c80319c")));
    }

    @ParameterizedTest
    @EnumSource
    void jsonKeepsUnsafeCharactersAsEscapes(LogConfiguration configuration) {
        String key = "\"\\ 한국어 👨‍👩‍👧" + String.join("", UNSAFE);

        JsonObject line = configuration.json("No thumbnail of " + key, problem(key), Map.of("key", key));

        assertThat(line.getString("message")).isEqualTo("No thumbnail of " + key);
        assertThat(line.getString("aws.s3.object.key")).isEqualTo(key);
        assertThat(line.getString("error.type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(line.getString("error.message")).isEqualTo("making " + key + "a.jpg");
        assertThat(line.getString("error.stack_trace")).contains("\n\tat ", "Caused by: ", "reading " + key + "a.jpg");
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
