// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the lines of requests and events, as a process writes them in both formats with the application's own log configuration. */
class LogsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .withoutApplication()
            // A poll of a process that has ended would receive the next event, and hide it until the visibility
            // timeout.
            .with("events.waitTimeSeconds", "1");

    private static final String API_KEY = "SECRET-api-key-of-a-test";

    /** Breaks lines, controls terminals, turns the reading direction around, and ends quoted text. */
    private static final String HOSTILE = "\n\r\t\u001B[31m\u007F\u0085\u009B\u2028\u202E\" ms=1\\";

    private static final Pattern TEXT = Pattern.compile(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (?<level>[A-Z]+) +(?<logger>\\S+) +(?<message>[^\t]*)(\t(?<fields>.*))?");
    private static final Pattern FIELD = Pattern.compile("(\\w+)=(\"(?:[^\"\\\\]|\\\\.)*\"|[^\" ]\\S*)(?: |$)");

    private static final Map<String, String> ECS = Map.ofEntries(
            Map.entry("log.level", "level"),
            Map.entry("log.logger", "logger"),
            Map.entry("message", "message"),
            Map.entry("event.action", "outcome"),
            Map.entry("event.reason", "reason"),
            Map.entry("event.duration", "ms"),
            Map.entry("http.request.method", "method"),
            Map.entry("http.request.body.bytes", "received"),
            Map.entry("http.response.status_code", "status"),
            Map.entry("http.response.body.bytes", "sent"),
            Map.entry("url.path", "path"),
            Map.entry("aws.s3.bucket.name", "bucket"),
            Map.entry("aws.s3.object.key", "key"),
            Map.entry("thumbnails.bytes", "bytes"),
            Map.entry("thumbnails.queue_delay_ms", "delayMs"),
            Map.entry("labels.eTag", "eTag"),
            Map.entry("labels.messageId", "messageId"),
            Map.entry("labels.exchangeId", "exchangeId"));

    @TempDir
    static Path directory;

    private static Command start(String format, String access) throws Exception {
        Command process = PIPELINE.process(
                directory,
                Map.of(
                        "LOG_FORMAT", format,
                        "LOG_ACCESS", access,
                        "API_KEYREQUIRED", "true",
                        "API_KEYS", API_KEY,
                        "UPLOAD_MAXBYTES", "100000"),
                "-Dlog4j2.configurationFile="
                        + Path.of("src/main/resources/log4j2.properties").toUri());
        Pipeline.await()
                .ignoreExceptions()
                .until(() -> PIPELINE.observe(PIPELINE.managementPort, "health/ready")
                                .statusCode()
                        == 200);
        return process;
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void eachRequestAndEachEventHasOneLine(String format) throws Exception {
        String originals = PIPELINE.resources.originals();
        String hostile = format + "/한국어" + HOSTILE + ".jpg";
        byte[] photo = Pictures.quarters(ImageFormat.JPEG, 20, 10);
        List<Map<String, String>> lines;
        try (Command process = start(format, "debug")) {
            String eTag = put(format + "/photo.jpg", photo, 200);
            put(format + "/animation.gif", Pictures.frames(ImageFormat.GIF, 20, 10, 3), 200);
            put(format + "/broken.jpg", "no picture".getBytes(StandardCharsets.UTF_8), 200);
            put(format + "/large.jpg", new byte[100_001], 413);
            assertThat(PIPELINE.put(PIPELINE.path(format + "/keyless.jpg"), photo)
                            .statusCode())
                    .isEqualTo(401);
            String photoPath = PIPELINE.path(format + "/photo.jpg");
            PIPELINE.awaitItem(format + "/photo.jpg");
            assertThat(PIPELINE.read("GET", photoPath, "x-api-key", API_KEY).statusCode())
                    .isEqualTo(200);
            PIPELINE.read("GET", photoPath + "?X-Amz-Signature=SECRET&X-Amz-Credential=SECRET", "x-api-key", API_KEY);
            PIPELINE.read("DELETE", photoPath, "x-api-key", API_KEY, "Authorization", "SECRET");
            send("PROPFIND /dev/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true);
            send("GET /dev/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true);
            send("PUT /dev/two-hosts HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", true);
            send("GET /dev/\u001B[31m\u009B\u0085 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true);
            send("GET /" + "a".repeat(4000) + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", true);
            send(
                    "PUT " + PIPELINE.path(format + "/aborted.jpg") + " HTTP/1.1\r\nHost: a\r\nx-api-key: " + API_KEY
                            + "\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n",
                    false);
            PIPELINE.store(hostile, "no picture".getBytes(StandardCharsets.UTF_8));
            PIPELINE.send("{\"Event\":\"s3:TestEvent\",\"Bucket\":\"" + format + "/\"}");
            PIPELINE.send("{\"Records\":["
                    + PIPELINE.record("ObjectCreated:Put", originals, format + "/gone.jpg")
                            .replace("\"e\"", "\"f\"")
                    + "," + PIPELINE.record("ObjectRemoved:Delete", originals, format + "/removed.jpg") + "]}");
            PIPELINE.awaitNoEvents();
            Pipeline.await().until(() -> process.output().contains("aborted"));
            process.stop();
            lines = lines(process.output(), format);

            assertThat(process.output()).doesNotContain("SECRET");
            assertThat(process.output().replaceAll("[\n\t]", ""))
                    .doesNotContainPattern("[\\p{Cntrl}\u0080-\u009F\u2028\u202E]");
            assertThat(find(lines, "access", "uploaded", format + "/photo.jpg"))
                    .containsEntry("level", "INFO")
                    .containsEntry("method", "PUT")
                    .containsEntry("status", "200")
                    .containsEntry("bucket", originals)
                    .containsEntry("eTag", eTag)
                    .containsEntry("received", String.valueOf(photo.length))
                    .containsKeys("exchangeId", "ms");
        }
        assertThat(find(lines, "outcomes", "created", format + "/photo.jpg"))
                .containsEntry("message", "Thumbnail of " + format + "/photo.jpg: [thumbnail 10x5]")
                .containsEntry("bucket", originals)
                .containsKeys("bytes", "delayMs", "eTag", "messageId", "exchangeId", "ms");
        find(lines, "outcomes", "created", format + "/animation.gif");
        find(lines, "access", "uploaded", format + "/broken.jpg");
        for (String key : List.of(format + "/broken.jpg", shown(hostile, format))) {
            assertThat(find(lines, "outcomes", "failed", key))
                    .containsEntry("level", "WARN")
                    .containsEntry("reason", "UnsupportedFormat");
        }
        assertThat(find(lines, "outcomes", "failed", format + "/gone.jpg")).containsEntry("reason", "ObjectNotFound");
        find(lines, "outcomes", "removed", format + "/removed.jpg");
        assertThat(lines)
                .filteredOn(line -> line.get("logger").equals("outcomes")
                        && line.get("message").contains(format + "/")) // not the test event of the bucket itself
                .hasSize(7)
                .filteredOn(line -> line.get("outcome").equals("ignored"))
                .singleElement()
                .satisfies(line -> assertThat(line.get("message"))
                        .startsWith("Ignored the S3 test event of bucket " + format + "/: "));

        assertThat(find(lines, "access", "rejected", format + "/large.jpg")).containsEntry("status", "413");
        find(lines, "access", "aborted", format + "/aborted.jpg");
        assertThat(find(lines, "access", "read", format + "/photo.jpg")).containsEntry("level", "DEBUG");
        assertThat(lines)
                .filteredOn(line -> "rejected".equals(line.get("outcome")))
                .extracting(line -> line.get("status") + " " + line.get("method"))
                .containsExactlyInAnyOrder(
                        "413 PUT",
                        "401 PUT",
                        "501 GET",
                        "405 DELETE",
                        "405 PROPFIND",
                        "400 GET",
                        "400 PUT",
                        "401 GET",
                        "401 GET");
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.getOrDefault("path", "")).hasSizeLessThan(1100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"info", "off"})
    void linesOfRequestsCanBeSwitchedOff(String access) throws Exception {
        try (Command process = start("text", access)) {
            put("access-" + access + ".jpg", Pictures.quarters(ImageFormat.JPEG, 20, 10), 200);
            PIPELINE.read("GET", "/", "x-api-key", API_KEY);
            process.awaitOutput("Thumbnail of access-" + access + ".jpg");
            process.stop();

            assertThat(lines(process.output(), "text"))
                    .filteredOn(line -> line.get("logger").equals("access"))
                    .extracting(line -> line.get("outcome"))
                    .isEqualTo(access.equals("off") ? List.of() : List.of("uploaded"));
        }
    }

    private static String put(String key, byte[] body, int status) throws Exception {
        var response = PIPELINE.put(PIPELINE.path(key), body, "x-api-key", API_KEY);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response.headers().firstValue("ETag").orElse("").replace("\"", "");
    }

    /** Sends bytes that no HTTP client would send, and waits for the end of the response, or disconnects when the server asks for the body. */
    private static void send(String request, boolean waits) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            int bytes = waits ? Integer.MAX_VALUE : 1; // the first one of "100 Continue"
            assertThat(socket.getInputStream().readNBytes(bytes)).isNotEmpty();
        }
    }

    /** Parses each line. The names of the fields are those of the text. */
    private static List<Map<String, String>> lines(String output, String format) {
        return output.lines()
                .map(line -> format.equals("json") ? json(line) : text(line))
                .toList();
    }

    private static Map<String, String> json(String line) {
        Map<String, String> fields = new HashMap<>();
        new JsonObject(line).forEach(field -> {
            if (ECS.containsKey(field.getKey())) {
                fields.put(ECS.get(field.getKey()), field.getValue().toString());
            }
        });
        return fields;
    }

    private static Map<String, String> text(String line) {
        Matcher parts = TEXT.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        Map<String, String> fields = new HashMap<>();
        List.of("level", "logger", "message").forEach(name -> fields.put(name, parts.group(name)));
        if (parts.group("fields") != null) {
            FIELD.matcher(parts.group("fields")).results().forEach(field -> {
                assertThat(fields.put(field.group(1), field.group(2))).as(line).isNull();
            });
        }
        return fields;
    }

    /** Returns a key as the format shows it after it was parsed. */
    private static String shown(String key, String format) {
        return format.equals("json")
                ? key
                : "\"" + key.replace(HOSTILE, "\\n\\r\\t\\u001B[31m\\u007F\\u0085\\u009B\\u2028\\u202E\\\" ms=1\\\\")
                        + "\"";
    }

    private static Map<String, String> find(
            List<Map<String, String>> lines, String logger, String outcome, String key) {
        List<Map<String, String>> found = lines.stream()
                .filter(line -> line.get("logger").equals(logger)
                        && outcome.equals(line.get("outcome"))
                        && key.equals(line.get("key")))
                .toList();
        assertThat(found).as("%s %s %s in %s", logger, outcome, key, lines).hasSize(1);
        return found.get(0);
    }
}
