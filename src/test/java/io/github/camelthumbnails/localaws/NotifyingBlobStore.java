// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;
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
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Sends an event for each change of an object, after the change and before the response. If SQS does not accept the event, the
 * request fails, so that its client retries. If the process is killed before the event is sent, the next start sends it.
 */
final class NotifyingBlobStore extends ForwardingBlobStore {

    /** Prefix of the objects that S3Proxy stores for multipart uploads in progress. */
    private static final String MULTIPART_STUB = ".s3proxy-mpu-stub-";

    private final BucketNotifications notifications;
    private final PendingEvents pending;

    /**
     * Creates a store, and sends the events that earlier runs have left in the journal.
     *
     * @param store the store of the objects
     * @param notifications sends the events
     * @param pending the journal of events that have not been sent yet
     * @throws IOException if the journal cannot be read
     */
    NotifyingBlobStore(BlobStore store, BucketNotifications notifications, PendingEvents pending) throws IOException {
        super(store);
        this.notifications = notifications;
        this.pending = pending;
        pending.replay(this::publishState);
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
        return change(request.bucket(), request.key(), () -> {
            PutObjectResponse response = super.putBlob(request, payload);
            created("ObjectCreated:Put", request.bucket(), request.key(), response.eTag());
            return response;
        });
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        return change(request.destinationBucket(), request.destinationKey(), () -> {
            CopyObjectResponse response = super.copyBlob(request);
            created(
                    "ObjectCreated:Copy",
                    request.destinationBucket(),
                    request.destinationKey(),
                    response.copyObjectResult().eTag());
            return response;
        });
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        return change(upload.containerName(), upload.blobName(), () -> {
            CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
            created(
                    "ObjectCreated:CompleteMultipartUpload",
                    upload.containerName(),
                    upload.blobName(),
                    response.eTag());
            return response;
        });
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return change(request.bucket(), request.key(), () -> {
            DeleteObjectResponse response = super.removeBlob(request);
            if (!request.key().startsWith(MULTIPART_STUB)) {
                notifications.publish("ObjectRemoved:Delete", request.bucket(), request.key(), null, null);
            }
            return response;
        });
    }

    private <T> T change(String bucket, String key, Supplier<T> change) {
        return notifications.isConfigured(bucket) && !key.startsWith(MULTIPART_STUB)
                ? pending.record(bucket, key, change)
                : change.get();
    }

    private void created(String event, String bucket, String key, String eTag) {
        if (!key.startsWith(MULTIPART_STUB)) {
            long size = head(bucket, key).contentLength();
            notifications.publish(event, bucket, key, size, eTag.replace("\"", ""));
        }
    }

    /** Sends an event about the current state of a key: created if the object exists, otherwise removed. */
    private void publishState(String bucket, String key) {
        HeadObjectResponse object;
        try {
            object = head(bucket, key);
        } catch (NoSuchKeyException e) {
            notifications.publish("ObjectRemoved:Delete", bucket, key, null, null);
            return;
        }
        created("ObjectCreated:Put", bucket, key, object.eTag());
    }

    private HeadObjectResponse head(String bucket, String key) {
        return blobMetadata(HeadObjectRequest.builder().bucket(bucket).key(key).build());
    }
}
