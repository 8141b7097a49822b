// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/** A stub of an HTTP request and the headers of its response, for tests without a server. */
public final class StubRequest {

    private final String method;
    private final String uri;
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private final MultiMap responseHeaders = MultiMap.caseInsensitiveMultiMap();

    private StubRequest(String method, String uri) {
        this.method = method;
        this.uri = uri;
    }

    /** Creates a stub. Each header is a line such as {@code Range: bytes=0-1}. */
    public static StubRequest of(String method, String uri, String... headers) {
        return of(method, uri, List.of(headers));
    }

    /** Creates a stub. Each header is a line such as {@code Range: bytes=0-1}. */
    public static StubRequest of(String method, String uri, List<String> headers) {
        StubRequest request = new StubRequest(method, uri);
        for (String header : headers) {
            String[] parts = header.split(": ?", 2);
            request.headers.add(parts[0], parts[1]);
        }
        return request;
    }

    MultiMap responseHeaders() {
        return responseHeaders;
    }

    /** Returns the stub as a request of the HTTP server. */
    public HttpServerRequest request() {
        return proxy(HttpServerRequest.class, (proxy, called, arguments) -> switch (called.getName()) {
            case "method" -> HttpMethod.valueOf(method);
            case "uri" -> uri;
            case "query" -> uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : null;
            case "headers" -> headers;
            case "getHeader" -> headers.get(arguments[0].toString());
            case "response" -> response();
            case "toString" -> method + " " + uri + " " + headers;
            default -> throw new UnsupportedOperationException(called.toString());
        });
    }

    private HttpServerResponse response() {
        return proxy(HttpServerResponse.class, (proxy, called, arguments) -> switch (called.getName()) {
            case "putHeader" -> {
                responseHeaders.set(arguments[0].toString(), arguments[1].toString());
                yield proxy;
            }
            case "headersEndHandler", "closeHandler" -> proxy;
            case "closed" -> false;
            default -> throw new UnsupportedOperationException(called.toString());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
