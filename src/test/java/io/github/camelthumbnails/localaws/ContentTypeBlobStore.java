// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Restores the content type of an object from a user metadata entry, in which {@link AwsFront} has hidden it. S3Proxy's HTTP server
 * would parse the body of a form, the content type that curl sends for any file, and reject types with an unknown charset.
 */
final class ContentTypeBlobStore extends ForwardingBlobStore {

    private static final String ENTRY = "local-content-type";

    /** HTTP header of the metadata entry. */
    static final String HEADER = "x-amz-meta-" + ENTRY;

    ContentTypeBlobStore(BlobStore store) {
        super(store);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        Map<String, String> metadata = new HashMap<>(request.metadata());
        String contentType = metadata.remove(ENTRY);
        return super.putBlob(
                request.toBuilder().metadata(metadata).contentType(contentType).build(), payload);
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        Map<String, String> metadata = new HashMap<>(request.metadata());
        String contentType = metadata.remove(ENTRY);
        return super.copyBlob(
                request.toBuilder().metadata(metadata).contentType(contentType).build());
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        Map<String, String> metadata = new HashMap<>(request.metadata());
        String contentType = metadata.remove(ENTRY);
        return super.initiateMultipartUpload(
                request.toBuilder().metadata(metadata).contentType(contentType).build());
    }
}
