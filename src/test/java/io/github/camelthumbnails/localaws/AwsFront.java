// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.localaws.BucketNotifications.InvalidConfigurationException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one port for all services. A request goes to the service that it was signed for; what is signed for none, such as a
 * download by curl, goes to S3. The notification configuration of a bucket is answered here.
 */
final class AwsFront implements AutoCloseable {

    /** The service in a credential scope: {@code AKID/date/region/service/aws4_request}, its slashes encoded in a query. */
    private static final Pattern SCOPE =
            Pattern.compile("Credential=[^,&]*?(?:/|%2F)(s3|sqs|dynamodb)(?:/|%2F)aws4_request");

    private static final Pattern NOTIFICATION = Pattern.compile("/([^/?]+)/?\\?(.*&)?notification(=?|[=&].*)");

    /** What is behind the port. */
    record Services(int s3, int sqs, int dynamoDb, BucketNotifications notifications) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final Promise<Services> opened = Promise.promise();

    /**
     * Listens on the port. Requests wait until {@link #open} is called.
     *
     * @param port 0 for a free one
     * @throws IOException if the port is taken
     */
    AwsFront(int port) throws IOException {
        HttpProxy proxy = HttpProxy.reverseProxy(vertx.createHttpClient(clientOptions()))
                .origin(OriginRequestProvider.selector(context ->
                        Future.succeededFuture(origin(context.request().proxiedRequest()))))
                .addInterceptor(new Forward())
                .addInterceptor(new UnknownQueues());
        server = vertx.createHttpServer(options(port).setHandle100ContinueAutomatically(true))
                .requestHandler(request -> whenOpen(request, () -> {
                    Matcher notification = NOTIFICATION.matcher(request.uri());
                    if (notification.matches()) {
                        notification(request, notification.group(1));
                    } else {
                        proxy.handle(request);
                    }
                }));
        try {
            server.listen().toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException e) {
            vertx.close();
            if (e.getCause() instanceof BindException) {
                throw new IOException(
                        "Port " + port + " is taken, perhaps by another local AWS. Stop that one, or have it used: set"
                                + " AWS_ENDPOINT_URL=http://127.0.0.1:" + port,
                        e);
            }
            throw e;
        }
    }

    /** On this machine only, with room for long keys and for the metadata of objects. */
    static HttpServerOptions options(int port) {
        return new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMaxInitialLineLength(16 * 1024)
                .setMaxHeaderSize(64 * 1024);
    }

    /**
     * Options of a client for the servers behind. It needs many connections, because each long poll holds one. It keeps idle ones
     * for a shorter time than the servers, which close them after 30 seconds or more.
     */
    static HttpClientOptions clientOptions() {
        return new HttpClientOptions().setMaxPoolSize(500).setKeepAliveTimeout(10);
    }

    /** Starts to pass requests on, first those that have waited. */
    void open(Services behind) {
        opened.complete(behind);
    }

    private void whenOpen(HttpServerRequest request, Runnable action) {
        request.pause();
        Context context = vertx.getOrCreateContext();
        opened.future().onSuccess(services -> context.runOnContext(open -> action.run()));
    }

    int port() {
        return server.actualPort();
    }

    private SocketAddress origin(HttpServerRequest request) {
        Services services = opened.future().result();
        int port =
                switch (service(request)) {
                    case "sqs" -> services.sqs();
                    case "dynamodb" -> services.dynamoDb();
                    default -> services.s3();
                };
        return SocketAddress.inetSocketAddress(port, "127.0.0.1");
    }

    /** The service that a request is for: {@code s3}, {@code sqs} or {@code dynamodb}. */
    static String service(HttpServerRequest request) {
        Matcher scope = SCOPE.matcher(request.getHeader("Authorization") + "&" + request.query());
        String target = String.valueOf(request.getHeader("X-Amz-Target"));
        if (scope.find()) {
            return scope.group(1);
        }
        return target.startsWith("AmazonSQS") ? "sqs" : target.startsWith("DynamoDB") ? "dynamodb" : "s3";
    }

    /** Keeps the Host, which is signed and which answers are made from. */
    static void passOn(ProxyRequest request) {
        request.setAuthority(request.proxiedRequest().authority());
        request.headers().remove("Expect"); // already answered
    }

    private void notification(HttpServerRequest request, String bucket) {
        request.body()
                .onSuccess(body -> vertx.executeBlocking(() -> answer(request.method(), bucket, body))
                        .onSuccess(xml -> request.response()
                                .putHeader("Content-Type", "application/xml")
                                .end(xml))
                        .onFailure(e -> {
                            boolean invalid = e instanceof InvalidConfigurationException;
                            request.response()
                                    .setStatusCode(invalid ? 400 : 500)
                                    .putHeader("Content-Type", "application/xml")
                                    .end("<Error><Code>" + (invalid ? "InvalidArgument" : "InternalError")
                                            + "</Code><Message>"
                                            + String.valueOf(e.getMessage())
                                                    .replace("&", "&amp;")
                                                    .replace("<", "&lt;")
                                            + "</Message></Error>");
                        }));
        request.resume();
    }

    private String answer(HttpMethod method, String bucket, Buffer body)
            throws IOException, InvalidConfigurationException {
        BucketNotifications notifications = opened.future().result().notifications();
        if (method.equals(HttpMethod.PUT)) {
            notifications.put(bucket, body.getBytes());
            return "";
        }
        return notifications.get(bucket);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Passes a request on, its media type in a header that S3's server behind does not judge. */
    private final class Forward implements ProxyInterceptor {

        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            ProxyRequest request = context.request();
            passOn(request);
            String contentType = request.headers().get("Content-Type");
            boolean form = contentType != null && contentType.startsWith("multipart/form-data"); // a browser's POST
            if (contentType != null
                    && !form
                    && service(request.proxiedRequest()).equals("s3")) {
                request.headers()
                        .set("Content-Type", "application/octet-stream")
                        .set(ContentTypeBlobStore.HEADER, contentType);
            }
            return context.sendRequest();
        }
    }
}
