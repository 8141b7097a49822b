// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** An S3 client that reads files from memory. Connections can break in the middle of a file. */
final class StoredFiles implements S3Client {

    private final Map<String, byte[]> files = new HashMap<>();
    final List<String> opened = new ArrayList<>();

    /** Number of files that end with a lost connection. */
    int lostConnections;

    void put(String bucket, String key, byte[] content) {
        files.put(bucket + "/" + key, content);
    }

    @Override
    public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        String name = request.bucket() + "/" + request.key();
        opened.add(name);
        byte[] content = files.get(name);
        if (content == null) {
            throw NoSuchKeyException.builder().message("No such key: " + name).build();
        }
        InputStream stream = new ByteArrayInputStream(content);
        if (name.endsWith(".gz") && lostConnections > 0) {
            lostConnections--;
            stream = new LostConnection(new ByteArrayInputStream(content, 0, content.length / 2));
        }
        try {
            return transformer.transform(GetObjectResponse.builder().build(), AbortableInputStream.create(stream));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class LostConnection extends FilterInputStream {

        LostConnection(InputStream start) {
            super(start);
        }

        @Override
        public int read() throws IOException {
            return lost(super.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return lost(super.read(bytes, offset, length));
        }

        private static int lost(int read) throws IOException {
            if (read < 0) {
                throw new IOException("Connection reset");
            }
            return read;
        }
    }

    @Override
    public String serviceName() {
        return "s3";
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
