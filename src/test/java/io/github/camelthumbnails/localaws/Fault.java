// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.localaws.FaultProxy.Service;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyResponse;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Describes how {@link FaultProxy} disturbs a request. Faults differ in what the client sees and in whether the target executes the
 * request: an application that retries must handle both.
 */
public final class Fault {

    private final String name;
    private final BiConsumer<FaultProxy, HttpServerRequest> effect;

    private Fault(String name, BiConsumer<FaultProxy, HttpServerRequest> effect) {
        this.name = name;
        this.effect = effect;
    }

    /** Resets the connection after the request headers. The target gets nothing. */
    public static Fault refuse() {
        return new Fault("refuse", (proxy, request) -> reset(request));
    }

    /** Reads the request and never responds. The target gets nothing. */
    public static Fault hang() {
        return new Fault("hang", (proxy, request) -> FaultProxy.continueIfExpected(request));
    }

    /** Forwards the request after a delay, unless its client has disconnected by then. */
    public static Fault delay(Duration duration) {
        return new Fault("delay " + duration, (proxy, request) -> proxy.forwardLater(request, duration));
    }

    /**
     * Reads the request and responds with an error in the format of the service. The target gets nothing.
     *
     * @param code an AWS error code, such as {@code SlowDown}, from which the SDK derives its exception
     */
    public static Fault error(int status, String code) {
        return new Fault("error " + status + " " + code, (proxy, request) -> {
            FaultProxy.continueIfExpected(request);
            request.end().onSuccess(read -> sendError(request, status, code));
        });
    }

    /** Resets the connection after half of the request body. The target gets nothing. */
    public static Fault cutRequest() {
        return new Fault("cutRequest", (proxy, request) -> {
            String length = request.getHeader("Content-Length");
            long half = length == null ? 0 : Long.parseLong(length) / 2;
            if (half == 0) {
                reset(request);
                return;
            }
            FaultProxy.continueIfExpected(request);
            long[] read = {0};
            request.handler(part -> {
                read[0] += part.length();
                if (read[0] >= half) {
                    reset(request);
                }
            });
        });
    }

    /** Forwards the request, and resets the connection after half of the response body. A response without a body is lost. */
    public static Fault cutResponse() {
        return new Fault("cutResponse", (proxy, request) -> proxy.forward(request, replaceResponse(Fault::sendHalf)));
    }

    /** Forwards the request, and resets the connection instead of returning the response. */
    public static Fault loseResponse() {
        return new Fault(
                "loseResponse",
                (proxy, request) -> proxy.forward(request, replaceResponse((response, body) -> reset(request))));
    }

    void apply(FaultProxy proxy, HttpServerRequest request) {
        effect.accept(proxy, request);
    }

    private static void reset(HttpServerRequest request) {
        request.connection().close();
    }

    private static void sendError(HttpServerRequest request, int status, String code) {
        Service service = FaultProxy.service(request);
        String message = "Injected by a test";
        String body;
        if (service == Service.MONITORING) {
            AwsFront.sendCbor(request.response().setStatusCode(status), LocalMetrics.error(code, message));
            return;
        }
        if (service != Service.S3) {
            body = JsonObject.of("__type", service.namespace + code, "message", message)
                    .encode();
        } else if (request.method() != HttpMethod.HEAD) {
            body = "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>";
        } else {
            body = "";
        }
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", service == Service.S3 ? "application/xml" : "application/x-amz-json-1.0")
                .end(body);
    }

    /** Reads the whole response, so that the target has certainly executed the request, and passes it to the action. */
    private static Function<ProxyContext, Future<Void>> replaceResponse(BiConsumer<ProxyResponse, Buffer> action) {
        return context -> {
            ProxyResponse answer = context.response();
            Buffer body = Buffer.buffer();
            answer.getBody().stream()
                    .handler(body::appendBuffer)
                    .endHandler(end -> action.accept(answer, body))
                    .exceptionHandler(e -> reset(context.request().proxiedRequest()))
                    .resume();
            return Promise.<Void>promise().future(); // never completed, so that the proxy sends nothing
        };
    }

    private static void sendHalf(ProxyResponse answer, Buffer body) {
        HttpServerRequest request = answer.request().proxiedRequest();
        if (body.length() == 0) {
            reset(request);
            return;
        }
        HttpServerResponse response = request.response().setStatusCode(answer.getStatusCode());
        response.headers().addAll(answer.headers()).remove("Transfer-Encoding");
        response.putHeader("Content-Length", String.valueOf(body.length()))
                .write(body.slice(0, body.length() / 2))
                .onComplete(written -> reset(request));
    }

    /** Returns the name of the fault for test reports. */
    @Override
    public String toString() {
        return name;
    }
}
