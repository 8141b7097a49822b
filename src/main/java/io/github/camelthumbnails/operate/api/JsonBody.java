// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.api;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Receives the body of a request, a small JSON object. */
final class JsonBody {

    /** Maximum size of a body. It has room for several hundred keys. */
    static final int MAX_BYTES = 64 * 1024;

    private static final long TIMEOUT_SECONDS = 10;

    private JsonBody() {}

    /** Rejects a body of a request that has none. */
    static void requireNone(HttpServerRequest request) throws RequestRefusedException {
        if (isChunked(request) || announcedBytes(request) > 0) {
            throw RequestRefusedException.badRequest(
                    "The request has a body, which " + request.method() + " does not use. Remove the body.");
        }
    }

    /**
     * Receives the body.
     *
     * @param request a paused request
     * @throws RequestRefusedException if it is too large, too slow, or not a JSON object
     */
    static JsonObject read(HttpServerRequest request) throws RequestRefusedException {
        String type = request.getHeader("Content-Type");
        // A page of another origin cannot send this media type without the permission of this server (CORS).
        if (type == null || !type.matches("(?i)application/json\\s*(;.*)?")) {
            throw RequestRefusedException.of(
                    415, "The body is not declared as JSON. Send it with Content-Type: application/json.");
        }
        if (request.getHeader("Content-Encoding") != null) {
            throw RequestRefusedException.of(415, "The body is encoded. Send it without Content-Encoding.");
        }
        if (announcedBytes(request) > MAX_BYTES) {
            throw tooLarge();
        }
        if (!isChunked(request) && announcedBytes(request) == 0) {
            throw RequestRefusedException.badRequest("The body is empty. Send an object in JSON, such as {}.");
        }
        try {
            return new JsonObject(receive(request));
        } catch (DecodeException | ClassCastException e) {
            throw RequestRefusedException.badRequest("The body is not a valid object in JSON. Send one, such as {}.");
        }
    }

    private static Buffer receive(HttpServerRequest request) throws RequestRefusedException {
        CompletableFuture<Buffer> whole = new CompletableFuture<>();
        Buffer received = Buffer.buffer();
        request.exceptionHandler(whole::completeExceptionally);
        request.handler(next -> {
            if (received.length() + next.length() > MAX_BYTES) {
                whole.complete(null);
            } else if (!whole.isDone()) {
                received.appendBuffer(next);
            }
        });
        request.endHandler(end -> whole.complete(received));
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.resume();
        try {
            Buffer body = whole.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (body == null) {
                throw tooLarge();
            }
            return body;
        } catch (TimeoutException e) {
            throw RequestRefusedException.timeout(
                    "The body was not received within " + TIMEOUT_SECONDS + " s. Send it again.");
        } catch (ExecutionException e) {
            throw RequestRefusedException.incompleteBody(
                    "The connection was lost before the end of the body. Send it again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RequestRefusedException.busy("The server stops. Try again later.");
        }
    }

    private static boolean isChunked(HttpServerRequest request) {
        return request.getHeader("Transfer-Encoding") != null;
    }

    private static long announcedBytes(HttpServerRequest request) throws RequestRefusedException {
        String length = request.getHeader("Content-Length");
        if (length == null) {
            return 0;
        }
        if (!length.matches("\\d{1,18}")) {
            throw RequestRefusedException.badRequest(
                    "The announced length of the body is not a number. Send the length in bytes.");
        }
        return Long.parseLong(length);
    }

    private static RequestRefusedException tooLarge() {
        return RequestRefusedException.contentTooLarge(
                "The body has more than " + MAX_BYTES + " bytes, the maximum. Send several smaller requests.");
    }
}
