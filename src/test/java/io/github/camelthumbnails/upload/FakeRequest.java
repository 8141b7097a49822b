// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** A fake of a paused HTTP request. The test acts as its client. */
final class FakeRequest {

    final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    final AtomicLong fetched = new AtomicLong();
    boolean closed;
    boolean continued;

    private Handler<Buffer> onBytes;
    private Handler<Void> onEnd;
    private Handler<Throwable> onError;

    void send(byte[] bytes) {
        onBytes.handle(Buffer.buffer(bytes));
    }

    void end() {
        onEnd.handle(null);
    }

    void fail() {
        onError.handle(new IllegalStateException("connection lost"));
    }

    /** Returns the fake as a request of the HTTP server. */
    HttpServerRequest request() {
        HttpServerResponse response = (HttpServerResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServerResponse.class}, (proxy, method, args) -> {
                    switch (method.getName()) {
                        case "closed":
                            return closed;
                        case "writeContinue":
                            continued = true;
                            return proxy;
                        default:
                            throw new UnsupportedOperationException(method.toString());
                    }
                });
        return (HttpServerRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, args) -> answer(proxy, method.getName(), args, response));
    }

    @SuppressWarnings("unchecked")
    private Object answer(Object proxy, String method, Object[] args, HttpServerResponse response) {
        switch (method) {
            case "exceptionHandler":
                onError = (Handler<Throwable>) args[0];
                return proxy;
            case "endHandler":
                onEnd = (Handler<Void>) args[0];
                return proxy;
            case "handler":
                onBytes = (Handler<Buffer>) args[0];
                return proxy;
            case "fetch":
                fetched.addAndGet((long) args[0]);
                return proxy;
            case "getHeader":
                return headers.get((String) args[0]);
            case "response":
                return response;
            default:
                throw new UnsupportedOperationException(method);
        }
    }
}
