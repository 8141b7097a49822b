// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** Sends random malicious requests: with unusual methods, paths, encodings, headers, lengths and framing. */
class HostileRequestsIT {

    private static final int REQUESTS = Integer.getInteger("hostile.requests", 3000);
    private static final long SEED = Long.getLong("hostile.seed", 1);
    private static final int CLIENTS = 8;
    private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.[01] (\\d{3}) ");

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("app.roles", "upload")
            .with("upload.idleSeconds", "1")
            .with("upload.maxBytes", "100000");

    private static final String[] METHODS = {
        "PUT",
        "PUT",
        "PUT",
        "PUT",
        "GET",
        "GET",
        "HEAD",
        "POST",
        "DELETE",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PATCH",
        "put",
        "P@T",
        "",
        "PUT PUT",
        "X".repeat(5000)
    };
    private static final String[] STARTS = {
        "/dev/BUCKET/",
        "/dev/BUCKET/",
        "/dev/BUCKET/",
        "/dev/BUCKET/",
        "/dev/THUMBNAILS/",
        "/dev/other/",
        "/prod/BUCKET/",
        "//dev/BUCKET/",
        "/dev//BUCKET/",
        "/dev/BUCKET",
        "/",
        "",
        "*",
        "http://evil.example/dev/BUCKET/",
        "/../dev/BUCKET/",
        "/dev/%42UCKET/",
        "/dev/BUCKET%2F",
        "/ui/",
        "/ui/../",
        "dev/BUCKET/"
    };
    private static final String[] PIECES = {
        "a",
        "b.jpg",
        "/",
        "//",
        "..",
        ".",
        "/../",
        "%2e%2e",
        "%2F",
        "%5C",
        "\\",
        "%00",
        "%0d%0a",
        "%ff",
        "%C0%AF",
        "%",
        "%2",
        "%zz",
        "+",
        "%20",
        " ",
        "\t",
        "é",
        "한",
        "%ED%95%9C",
        "${env:HOME}",
        "${bean:s3Client?method=close}",
        "$%7Bbody%7D",
        "{{aws.region}}",
        "#",
        "?",
        ";a=b",
        "~",
        "'",
        "\"",
        "<script>",
        "x".repeat(300),
        "%41".repeat(400),
        "resized-",
        "\u0001"
    };
    private static final String[] QUERIES = {
        "",
        "",
        "",
        "?",
        "?status",
        "?status&wait=0",
        "?status&wait=99",
        "?wait=-1&status",
        "?objectKey=stolen",
        "?bucket=other",
        "?CamelAwsS3Key=stolen",
        "?x=%",
        "?" + "q".repeat(3000),
        "?status=%00&status"
    };
    private static final String[] HEADERS = {
        "Content-Length: 5",
        "Content-Length: 5",
        "Content-Length: 5",
        "Content-Length: 0",
        "Content-Length: -1",
        "Content-Length: five",
        "Content-Length: 5, 5",
        "Content-Length: 99999",
        "Content-Length: 100001",
        "Content-Length: 99999999999999999999",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: \u000bchunked",
        "Expect: 100-continue",
        "Expect: the-unexpected",
        "Content-Encoding: gzip",
        "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "Connection: close",
        "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "Range: bytes=9-1",
        "Range: bytes=0-99999999999999999999",
        "If-None-Match: *",
        "If-None-Match: W/\"",
        "If-Match: *",
        "If-Modified-Since: never",
        "Content-MD5: x",
        "x-amz-checksum-sha256: AAAA",
        "x-amz-checksum-crc32: AAAAAA==",
        "x-amz-meta-: empty",
        "x-amz-meta-a b: c",
        "x-amz-meta-${env:HOME}: ${env:HOME}",
        "x-amz-meta-e: \u00e9\u00ff",
        "Content-Type: ${env:HOME}",
        "Content-Type: text/html; charset=no-such",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: application/x-www-form-urlencoded",
        "CamelAwsS3Key: stolen",
        "CamelAwsS3BucketName: other",
        "CamelAwsS3OverrideBucketName: other",
        "CamelHttpUri: /dev/BUCKET/stolen",
        "CamelHttpResponseCode: 500",
        "objectKey: stolen",
        "bucket: other",
        "request: none",
        "X-HTTP-Method-Override: DELETE",
        "Host: ",
        "Host: a\r\nHost: b",
        "no colon",
        ": no name",
        " folded",
        "A: " + "a".repeat(9000),
        "Authorization: Basic \u0000",
        "Cookie: " + "c=d; ".repeat(500),
        "x-api-key: x"
    };
    private static final String[] VERSIONS = {
        "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.9", "http/1.1", ""
    };
    private static final String[] BODIES = {
        "12345",
        "12345",
        "",
        "1",
        "123456789",
        "5\r\n12345\r\n0\r\n\r\n",
        "5\r\n12345\r\n",
        "ffffffffffffffff\r\n",
        "-1\r\n\r\n",
        "5;ext=\"\r\n\r\n12345\r\n0\r\n\r\n",
        "0\r\nTrailer: x\r\n\r\n",
        "PUT /dev/BUCKET/smuggled HTTP/1.1\r\nHost: x\r\n\r\n",
        "5\r\n12345\r\n0\r\n\r\nPUT /dev/BUCKET/second HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx",
        "\u0000".repeat(200)
    };

    private final Set<String> possibleKeys = ConcurrentHashMap.newKeySet();
    private final Map<Integer, AtomicInteger> statuses = new ConcurrentSkipListMap<>();

    @Test
    void everyRequestIsAnsweredOrClosedAndOnlyValidKeysAreStored() throws Exception {
        // A second request after the first one counts as a request, unless it is declared as part of the body.
        possibleKeys.add("second");
        Map<String, String> failures = new TreeMap<>();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                String request = request(new Random(SEED * 1_000_003 + i));
                work.add(() -> {
                    String answer = send(request);
                    Matcher status = STATUS.matcher(answer);
                    int code = status.find() ? Integer.parseInt(status.group(1)) : 0;
                    statuses.computeIfAbsent(code, none -> new AtomicInteger()).incrementAndGet();
                    if (code >= 500 && code != 501 && code != 505
                            || answer.contains("Exception")
                            || answer.contains("\tat ")) {
                        synchronized (failures) {
                            failures.put(request, answer);
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : clients.invokeAll(work)) {
                done.get();
            }
        } finally {
            clients.shutdownNow();
        }
        LoggerFactory.getLogger(HostileRequestsIT.class).info("Answers by status, 0 for none: {}", statuses);

        assertThat(failures).as("requests answered as server errors").isEmpty();
        assertThat(statuses.keySet())
                .as("successful requests, which the generator must create, too")
                .contains(200, 400, 404, 413);
        List<String> stored = PIPELINE.keys(PIPELINE.resources.originals());
        assertThat(possibleKeys).as("keys as the requests have them").containsAll(stored);
        assertThat(stored).noneMatch(key -> key.matches("(.*/)?\\.\\.?(/.*)?") || key.matches(".*\\p{Cntrl}.*"));
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails())).isEmpty();
        Pipeline.await().until(() -> PIPELINE.camel().getInflightRepository().size() == 0);
        PIPELINE.upload("afterwards", new byte[] {1});
        assertThat(PIPELINE.read("GET", PIPELINE.path("afterwards")).body()).containsExactly(1);
    }

    /** Returns a valid request in which some parts are replaced. */
    private String request(Random random) {
        StringBuilder path = new StringBuilder(one(random, "/dev/BUCKET/", STARTS));
        path.append(one(random, "key" + random.nextInt(50), PIECES));
        for (int i = random.nextInt(8); i > 5; i--) {
            path.append(one(random, PIECES));
        }
        String target = named(path.toString());
        addPossibleKey(target);
        StringBuilder request = new StringBuilder(one(random, "PUT", METHODS))
                .append(' ')
                .append(target)
                .append(named(one(random, "", QUERIES)))
                .append(' ')
                .append(one(random, "HTTP/1.1", VERSIONS))
                .append("\r\n")
                .append(one(random, "Host: x", HEADERS))
                .append("\r\n")
                .append(one(random, "Content-Length: 5", HEADERS))
                .append("\r\n");
        for (int i = random.nextInt(6); i > 3; i--) {
            request.append(named(one(random, HEADERS))).append("\r\n");
        }
        return request.append("\r\n")
                .append(named(one(random, "12345", BODIES)))
                .toString();
    }

    /** Adds the key that a request with this target may store. */
    private void addPossibleKey(String target) {
        String start = named("/dev/BUCKET/");
        String path = target.replaceFirst("(?s)[? \\t].*", ""); // whitespace ends the target, too
        if (path.startsWith(start)) {
            try {
                possibleKeys.add(
                        URLDecoder.decode(path.substring(start.length()).replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                // Invalid percent-encoding must not be stored.
            }
        }
    }

    private static String named(String text) {
        return text.replace("BUCKET", PIPELINE.resources.originals())
                .replace("THUMBNAILS", PIPELINE.resources.thumbnails());
    }

    private static String one(Random random, String good, String[] others) {
        return random.nextInt(100) < 70 ? good : one(random, others);
    }

    private static String one(Random random, String[] of) {
        return of[random.nextInt(of.length)];
    }

    private static String send(String request) {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            byte[] answer = new byte[8192];
            int length = Math.max(0, socket.getInputStream().read(answer));
            return new String(answer, 0, length, StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            return "HTTP/1.1 599 no answer at all";
        } catch (IOException e) {
            return ""; // connection closed
        }
    }
}
