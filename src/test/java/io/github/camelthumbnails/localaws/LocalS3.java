// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.server.Server;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;

/** Runs S3Proxy, which stores objects as files, with event notifications. */
final class LocalS3 implements AutoCloseable {

    private final S3Proxy server;

    /**
     * Starts the server on a free port.
     *
     * @param directory the directory of the objects; must be absolute and normalised, or S3Proxy does not find them
     * @param notifications sends the events
     * @param pending the journal of events that have not been sent yet
     * @throws Exception if the server does not start
     */
    LocalS3(Path directory, BucketNotifications notifications, PendingEvents pending) throws Exception {
        Files.createDirectories(directory);
        server = S3Proxy.builder()
                .blobStore(new NotifyingBlobStore(
                        new ContentTypeBlobStore(
                                new FileNameBlobStore(new FilesystemNio2BlobStore(directory.toString()))),
                        notifications,
                        pending))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.NONE, "", "")
                .v4MaxChunkSize(128 * 1024 * 1024)
                .ignoreUnknownHeaders(true)
                .build();
        jetty(server).insertHandler(new BodyDrain());
        server.start();
    }

    /** Returns the HTTP server inside S3Proxy, which has no accessor for it. */
    private static Server jetty(S3Proxy proxy) throws ReflectiveOperationException {
        Field field = S3Proxy.class.getDeclaredField("server");
        field.setAccessible(true);
        return (Server) field.get(proxy);
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    /**
     * Reads the rest of each request body after the response. S3Proxy may respond before the end of a body: it rejects an upload
     * before it reads it, and it stops reading after {@code x-amz-decoded-content-length} bytes, before the checksum that the AWS
     * SDK sends last. If the rest has not arrived by then, Jetty closes the connection without {@code Connection: close}.
     * {@link AwsFront} would lose the response, or send the next request on a connection that is about to be closed.
     * Also keeps the trace header of the request for its events.
     */
    private static final class BodyDrain extends Handler.Wrapper {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            BucketNotifications.TRACE.set(request.getHeaders().get("X-Amzn-Trace-Id"));
            try {
                return super.handle(request, response, Callback.from(() -> drain(request, callback), callback::failed));
            } finally {
                BucketNotifications.TRACE.remove();
            }
        }

        private static void drain(Request request, Callback callback) {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(() -> drain(request, callback));
                    return;
                }
                chunk.release();
                if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
                    callback.succeeded();
                    return;
                }
            }
        }
    }
}
