// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.io.InputStream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Tells the queues of a bucket's notification configuration what has been written and removed, once it has. */
final class NotifyingBlobStore extends ForwardingBlobStore {

    /** S3Proxy keeps an object of such a name for each multipart upload that is going on. */
    private static final String MULTIPART_STUB = ".s3proxy-mpu-stub-";

    private final BucketNotifications notifications;

    NotifyingBlobStore(BlobStore store, BucketNotifications notifications) {
        super(store);
        this.notifications = notifications;
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        PutObjectResponse response = super.putBlob(request, payload);
        if (!request.key().startsWith(MULTIPART_STUB)) {
            created("ObjectCreated:Put", request.bucket(), request.key(), response.eTag());
        }
        return response;
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        CopyObjectResponse response = super.copyBlob(request);
        created(
                "ObjectCreated:Copy",
                request.destinationBucket(),
                request.destinationKey(),
                response.copyObjectResult().eTag());
        return response;
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
        created("ObjectCreated:CompleteMultipartUpload", upload.containerName(), upload.blobName(), response.eTag());
        return response;
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        DeleteObjectResponse response = super.removeBlob(request);
        if (!request.key().startsWith(MULTIPART_STUB)) {
            notifications.publish("ObjectRemoved:Delete", request.bucket(), request.key(), null, null);
        }
        return response;
    }

    private void created(String event, String bucket, String key, String eTag) {
        long size = blobMetadata(
                        HeadObjectRequest.builder().bucket(bucket).key(key).build())
                .contentLength();
        notifications.publish(event, bucket, key, size, eTag.replace("\"", ""));
    }
}
