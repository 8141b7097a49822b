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
 * Sends the events of a bucket's notification configuration, after the change and before the response. A change whose event is not
 * accepted fails, so its client tries again. A change whose process is killed before its event is sent gets the event at the next
 * start.
 */
final class NotifyingBlobStore extends ForwardingBlobStore {

    /** S3Proxy keeps an object of such a name for each multipart upload that is going on. */
    private static final String MULTIPART_STUB = ".s3proxy-mpu-stub-";

    private final BucketNotifications notifications;
    private final PendingEvents pending;

    /**
     * @param store where the objects are
     * @param notifications sends the events
     * @param pending the journal; its changes of earlier runs are sent now
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

    /** Sends the event that says what there is of a key now. */
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
