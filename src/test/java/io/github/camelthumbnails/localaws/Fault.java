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
 * What {@link FaultProxy} does to a request. They differ in what the client is told and in whether the target has done what was
 * asked, which is what an application that tries again must bear.
 */
public final class Fault {

    private final String name;
    private final BiConsumer<FaultProxy, HttpServerRequest> effect;

    private Fault(String name, BiConsumer<FaultProxy, HttpServerRequest> effect) {
        this.name = name;
        this.effect = effect;
    }

    /** The connection is reset as soon as the request's head has come. Nothing reaches the target. */
    public static Fault refuse() {
        return new Fault("refuse", (proxy, request) -> reset(request));
    }

    /** The request is read and never answered. Nothing reaches the target. */
    public static Fault hang() {
        return new Fault("hang", (proxy, request) -> FaultProxy.continueIfExpected(request));
    }

    /** The request is passed on later, unless its client has gone by then. */
    public static Fault delay(Duration duration) {
        return new Fault("delay " + duration, (proxy, request) -> proxy.passLater(request, duration));
    }

    /**
     * The service answers with an error, in its own format, once the request is read. Nothing reaches the target.
     *
     * @param code as AWS documents it, such as {@code SlowDown}; the SDK makes its exception from it
     */
    public static Fault error(int status, String code) {
        return new Fault("error " + status + " " + code, (proxy, request) -> {
            FaultProxy.continueIfExpected(request);
            request.end().onSuccess(read -> answer(request, status, code));
        });
    }

    /** Half of the request's body is read, then the connection is reset. Nothing reaches the target. */
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

    /** The target's answer comes with its whole head and half of its body, then a reset. One without a body is lost. */
    public static Fault cutResponse() {
        return new Fault("cutResponse", (proxy, request) -> proxy.pass(request, instead(Fault::half)));
    }

    /** The target does what is asked, but the connection is reset instead of its answer. */
    public static Fault loseAnswer() {
        return new Fault(
                "loseAnswer", (proxy, request) -> proxy.pass(request, instead((answer, body) -> reset(request))));
    }

    void apply(FaultProxy proxy, HttpServerRequest request) {
        effect.accept(proxy, request);
    }

    private static void reset(HttpServerRequest request) {
        request.connection().close();
    }

    private static void answer(HttpServerRequest request, int status, String code) {
        Service service = FaultProxy.service(request);
        String message = "Made by a test";
        String body;
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

    /** Reads the answer to its end, when the target has surely done its part, and does something else with it. */
    private static Function<ProxyContext, Future<Void>> instead(BiConsumer<ProxyResponse, Buffer> action) {
        return context -> {
            ProxyResponse answer = context.response();
            Buffer body = Buffer.buffer();
            answer.getBody().stream()
                    .handler(body::appendBuffer)
                    .endHandler(end -> action.accept(answer, body))
                    .exceptionHandler(e -> reset(context.request().proxiedRequest()))
                    .resume();
            return Promise.<Void>promise().future(); // never done: the proxy is to send nothing
        };
    }

    private static void half(ProxyResponse answer, Buffer body) {
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

    /** Names the fault in a test's report. */
    @Override
    public String toString() {
        return name;
    }
}
