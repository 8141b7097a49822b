// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import com.sun.net.httpserver.HttpServer;
import io.github.camelthumbnails.observe.ProtobufMessage.Field;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Collects the spans that a process sends with OTLP/HTTP.
 *
 * @see <a href="https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto">Protocol</a>
 */
public final class TraceReceiver implements AutoCloseable {

    /**
     * A received span.
     *
     * @param parent id of the parent, empty if it has none
     * @param kind 1 is internal
     * @param start in nanoseconds since 1970
     * @param links trace id and span id of each linked span, with a slash between them
     * @param failed whether its status is an error
     */
    public record ReceivedSpan(
            String trace,
            String id,
            String parent,
            String name,
            long kind,
            long start,
            long end,
            Map<String, String> attributes,
            List<String> links,
            boolean failed) {

        /** Returns how another span names this one in {@link #links}. */
        public String link() {
            return trace + "/" + id;
        }

        public boolean isRoot() {
            return parent.isEmpty();
        }
    }

    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final Queue<ReceivedSpan> spans = new ConcurrentLinkedQueue<>();

    private TraceReceiver(HttpServer server) {
        this.server = server;
        server.createContext("/v1/traces", exchange -> {
            spans.addAll(read(exchange.getRequestBody().readAllBytes()));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
    }

    /** Starts a receiver on a free port. */
    public static TraceReceiver start() throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        TraceReceiver receiver = new TraceReceiver(HttpServer.create(address, 0));
        receiver.server.start();
        return receiver;
    }

    /** Returns the value of the variable {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns all spans so far, in the order of their starts. */
    public List<ReceivedSpan> spans() {
        return spans.stream()
                .sorted(Comparator.comparingLong(ReceivedSpan::start))
                .toList();
    }

    /** Returns the spans of one trace so far, in the order of their starts. */
    public List<ReceivedSpan> trace(String id) {
        return spans().stream().filter(span -> span.trace().equals(id)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static List<ReceivedSpan> read(byte[] request) {
        List<ReceivedSpan> read = new ArrayList<>();
        for (ProtobufMessage resource : new ProtobufMessage(request).messages(1)) {
            Map<String, String> common = attributes(resource.messages(1).get(0).messages(1));
            for (ProtobufMessage scope : resource.messages(2)) {
                for (ProtobufMessage span : scope.messages(2)) {
                    read.add(span(span, common));
                }
            }
        }
        return read;
    }

    private static ReceivedSpan span(ProtobufMessage span, Map<String, String> common) {
        Map<String, String> attributes = attributes(span.messages(9));
        attributes.put("service.name", common.get("service.name"));
        return new ReceivedSpan(
                HEX.formatHex(span.bytes(1)),
                HEX.formatHex(span.bytes(2)),
                HEX.formatHex(span.bytes(4)),
                span.text(5),
                span.number(6),
                span.number(7),
                span.number(8),
                attributes,
                span.messages(13).stream()
                        .map(link -> HEX.formatHex(link.bytes(1)) + "/" + HEX.formatHex(link.bytes(2)))
                        .toList(),
                span.messages(15).stream().anyMatch(status -> status.number(3) == 2));
    }

    private static Map<String, String> attributes(List<ProtobufMessage> pairs) {
        Map<String, String> attributes = new TreeMap<>();
        for (ProtobufMessage pair : pairs) {
            Field value = pair.messages(2).get(0).fields().get(0);
            attributes.put(pair.text(1), value.isBytes() ? value.text() : String.valueOf(value.number()));
        }
        return attributes;
    }
}
