// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** S3: S3Proxy over a directory. */
final class LocalS3 implements AutoCloseable {

    private final S3Proxy server;

    /**
     * @param directory absolute and normalised, or S3Proxy finds nothing in it
     * @param notifications hears of every object
     * @throws Exception if the server does not start
     */
    LocalS3(Path directory, BucketNotifications notifications) throws Exception {
        Files.createDirectories(directory);
        server = S3Proxy.builder()
                .blobStore(new NotifyingBlobStore(
                        new ContentTypeBlobStore(
                                new FileNameBlobStore(new FilesystemNio2BlobStore(directory.toString()))),
                        notifications))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.NONE, "", "")
                .v4MaxChunkSize(128 * 1024 * 1024)
                .ignoreUnknownHeaders(true)
                .build();
        server.start();
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
