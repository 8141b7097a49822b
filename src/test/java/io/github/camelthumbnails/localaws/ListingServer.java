// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camelthumbnails.rendition.Renditions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Simulates AWS for reconciles of millions of originals, which local AWS would list too slowly. It computes the responses of S3 and
 * DynamoDB instead of storing objects and items, and counts the events that it receives as SQS. It knows the operations that a reconcile
 * uses, and answers others with an error. {@code GET /-/} returns what has happened so far.
 */
public final class ListingServer implements AutoCloseable {

    private static final String ORIGINALS = "originals";
    private static final String THUMBNAILS = "thumbnails";

    /** The text before the key of an original. */
    private static final String TEXT = "resized-";

    private static final int MAX_KEYS = 1000;

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final PlantedGaps gaps;
    private final long latencyMillis;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newFixedThreadPool(8);
    private final Map<String, Integer> operations = new ConcurrentHashMap<>();
    private final ComputedTables tables;
    private final CountedEvents events;

    private ListingServer(PlantedGaps gaps, String renditionsHash, int port, long latencyMillis) throws IOException {
        this.gaps = gaps;
        this.latencyMillis = latencyMillis;
        tables = new ComputedTables(gaps, renditionsHash, TEXT);
        events = new CountedEvents(gaps);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(executor);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Starts a server.
     *
     * @param renditionsHash hash of the settings with which all renditions were made, except outdated ones
     * @param port the port, or 0 for any free one
     * @param latencyMillis how long each answer takes at least
     */
    public static ListingServer start(PlantedGaps gaps, String renditionsHash, int port, long latencyMillis)
            throws IOException {
        return new ListingServer(gaps, renditionsHash, port, latencyMillis);
    }

    /**
     * Starts a server for the settings of the application, and runs it until the process is killed.
     *
     * @param args number of keys, port, and milliseconds that each answer takes
     */
    public static void main(String[] args) throws IOException {
        Properties settings = new Properties();
        try (InputStream file = Files.newInputStream(Path.of("application.properties"))) {
            settings.load(file);
        }
        Renditions renditions = Renditions.parse(
                settings.getProperty("renditions"), name -> Optional.ofNullable(settings.getProperty(name)));
        PlantedGaps gaps = new PlantedGaps(Integer.parseInt(args[0]));
        ListingServer server = start(gaps, renditions.hash(), Integer.parseInt(args[1]), Long.parseLong(args[2]));
        System.out.println("Listening on " + server.endpoint());
    }

    /** Returns the address of the server. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Returns how often each operation was called. */
    public Map<String, Integer> operations() {
        return new TreeMap<>(operations);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            TimeUnit.MILLISECONDS.sleep(latencyMillis);
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (target != null) {
                JsonObject request = new JsonObject(new String(body, StandardCharsets.UTF_8));
                answerJson(exchange, target.substring(target.lastIndexOf('.') + 1), request);
            } else if (exchange.getRequestURI().getPath().equals("/-/")) {
                JsonObject happened = events.statistics().put("operations", new JsonObject(Map.copyOf(operations())));
                send(exchange, 200, "application/json", happened.encodePrettily());
            } else {
                answerS3(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerJson(HttpExchange exchange, String operation, JsonObject request) throws IOException {
        operations.merge(operation, 1, Integer::sum);
        JsonObject answer = tables.answer(operation, request);
        if (answer == null) {
            answer = events.answer(operation, request, endpoint());
        }
        boolean isKnown = answer != null;
        send(
                exchange,
                isKnown ? 200 : 400,
                "application/x-amz-json-1.0",
                isKnown ? answer.encode() : "{\"__type\":\"com.amazonaws#UnknownOperationException\"}");
    }

    private void answerS3(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI());
        String bucket = exchange.getRequestURI().getPath().replace("/", "");
        if (!exchange.getRequestMethod().equals("GET") || !query.containsKey("list-type")) {
            operations.merge(exchange.getRequestMethod() + " of S3", 1, Integer::sum);
            exchange.sendResponseHeaders(501, -1);
            return;
        }
        operations.merge("ListObjectsV2 " + bucket, 1, Integer::sum);
        send(exchange, 200, "application/xml", list(bucket, query));
    }

    private String list(String bucket, Map<String, String> query) {
        boolean isOriginals = bucket.equals(ORIGINALS);
        String text = isOriginals ? "" : TEXT;
        String prefix = query.getOrDefault("prefix", "");
        String token = query.get("continuation-token");
        String after = token == null ? query.getOrDefault("start-after", "") : key(token);
        int maxKeys = Math.min(MAX_KEYS, Integer.parseInt(query.getOrDefault("max-keys", "1000")));
        StringBuilder xml = new StringBuilder("<ListBucketResult><Name>" + bucket + "</Name>"
                + "<EncodingType>url</EncodingType><Prefix>" + encode(prefix) + "</Prefix>");
        int index = Math.max(firstAfter(text, prefix, true), firstAfter(text, after, false));
        int listed = 0;
        String last = "";
        boolean isTruncated = false;
        for (; index < gaps.count() && !isTruncated; index++) {
            String key = text + gaps.key(index);
            if (!key.startsWith(prefix)) {
                break;
            }
            if (isOriginals ? gaps.hasOriginal(index) : gaps.hasRendition(index)) {
                isTruncated = listed++ == maxKeys;
                if (!isTruncated) {
                    xml.append("<Contents><Key>").append(encode(key)).append("</Key><LastModified>");
                    xml.append(isOriginals ? PlantedGaps.STORED_AT : gaps.renditionStoredAt(index));
                    xml.append("</LastModified><ETag>&quot;").append(gaps.eTag(index));
                    xml.append("&quot;</ETag><Size>12345</Size><StorageClass>STANDARD</StorageClass></Contents>");
                    last = key;
                }
            }
        }
        xml.append("<IsTruncated>").append(isTruncated).append("</IsTruncated>");
        if (isTruncated) {
            xml.append("<NextContinuationToken>").append(token(last)).append("</NextContinuationToken>");
        }
        return xml.append("</ListBucketResult>").toString();
    }

    /** Returns the index of the first key that comes after a text, which may be the start of a rendition's key. */
    private int firstAfter(String text, String key, boolean orEqual) {
        if (text.startsWith(key)) {
            return 0;
        }
        return key.startsWith(text) ? gaps.firstAfter(key.substring(text.length()), orEqual) : gaps.count();
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String parameter :
                Objects.requireNonNullElse(uri.getRawQuery(), "").split("&")) {
            String[] pair = parameter.split("=", 2);
            String value = pair.length > 1 ? pair[1] : "";
            query.put(pair[0], URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
        return query;
    }

    private static String encode(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    /** Returns a token that looks like those of S3, which are in Base64 and do not show a key. */
    private static String token(String key) {
        return Base64.getEncoder().encodeToString(("after " + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String token) {
        return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8).substring("after ".length());
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
    }
}
