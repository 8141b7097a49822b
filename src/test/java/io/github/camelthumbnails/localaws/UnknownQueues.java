// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Corrects ElasticMQ's responses for queues that do not exist. ElasticMQ responds with 500 if it cannot parse the queue URL, and its
 * header for clients of the older SQS protocol lacks the error code.
 */
final class UnknownQueues implements ProxyInterceptor {

    private static final String TYPE = "com.amazonaws.sqs#QueueDoesNotExist";
    private static final String CODE = "AWS.SimpleQueueService.NonExistentQueue";
    private static final String MESSAGE = "The specified queue does not exist.";
    private static final String CODE_HEADER = "x-amzn-query-error";

    /** Matches a queue URL: scheme, host and port, an optional account, and the name. */
    private static final Pattern QUEUE_URL =
            Pattern.compile("https?://[A-Za-z0-9.:-]+(/[A-Za-z0-9]+)?/[A-Za-z0-9_-]{1,80}(\\.fifo)?");

    private static final Pattern FORM_QUEUE_URL = Pattern.compile("(?:^|&)QueueUrl=([^&]*)");

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        ProxyRequest request = context.request();
        HttpServerRequest received = request.proxiedRequest();
        if (!AwsFront.service(received).equals("sqs")) {
            return context.sendRequest();
        }
        boolean json = received.getHeader("X-Amz-Target") != null;
        Future<Buffer> read = received.body();
        received.resume();
        return read.compose(body -> {
            String url = json ? jsonQueueUrl(body) : formQueueUrl(received.query() + "&" + body);
            if (url == null || QUEUE_URL.matcher(url).matches()) {
                request.setBody(Body.body(body));
                return context.sendRequest();
            }
            return Future.succeededFuture(unknown(request, json));
        });
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
        if (TYPE.equals(context.response().headers().get(CODE_HEADER))) {
            context.response().putHeader(CODE_HEADER, CODE + ";Sender");
        }
        return context.sendResponse();
    }

    private static String jsonQueueUrl(Buffer body) {
        try {
            return body.toJsonObject().getString("QueueUrl");
        } catch (DecodeException | ClassCastException e) {
            return null; // ElasticMQ reports what is wrong with the body
        }
    }

    private static String formQueueUrl(String form) {
        Matcher url = FORM_QUEUE_URL.matcher(form);
        try {
            return url.find() ? URLDecoder.decode(url.group(1), StandardCharsets.UTF_8) : null;
        } catch (IllegalArgumentException e) {
            return ""; // not a valid URL
        }
    }

    private static ProxyResponse unknown(ProxyRequest request, boolean json) {
        String body = json
                ? JsonObject.of("__type", TYPE, "message", MESSAGE).encode()
                : "<ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type><Code>"
                        + CODE
                        + "</Code><Message>" + MESSAGE + "</Message><Detail/></Error>"
                        + "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>";
        ProxyResponse response = request.response()
                .setStatusCode(400)
                .putHeader("Content-Type", json ? "application/x-amz-json-1.0" : "text/xml")
                .setBody(Body.body(Buffer.buffer(body)));
        return json ? response.putHeader(CODE_HEADER, CODE + ";Sender") : response;
    }
}
