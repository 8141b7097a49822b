// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectAclRequest;
import software.amazon.awssdk.services.s3.model.GetObjectAclResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * Encodes object keys as file names, so that a file system can store every key that S3 accepts. As a plain path, a key would be
 * limited to 255 bytes between two slashes, {@code a//b} would equal {@code a/b}, {@code a} and {@code a/b} would exclude each
 * other, and under a POSIX locale only ASCII would be allowed.
 *
 * @see FileNames
 */
final class FileNameBlobStore extends ForwardingBlobStore {

    /** Order of keys in listings: by their UTF-8 bytes. */
    private static final Comparator<String> S3_ORDER =
            Comparator.comparing(key -> key.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    FileNameBlobStore(BlobStore files) {
        super(files);
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        String prefix = request.prefix() == null ? "" : request.prefix();
        String delimiter = request.delimiter() == null ? "" : request.delimiter();
        String after = request.continuationToken() != null ? request.continuationToken() : request.startAfter();
        TreeMap<String, S3Object> entries = new TreeMap<>(S3_ORDER); // the value is null for a common prefix
        for (S3Object file : files(request.bucket())) {
            String key = FileNames.decode(file.key());
            if (key.startsWith(prefix)) {
                int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
                if (end < 0) {
                    entries.put(key, file.toBuilder().key(key).build());
                } else {
                    entries.put(key.substring(0, end + delimiter.length()), null);
                }
            }
        }
        List<S3Object> contents = new ArrayList<>();
        List<CommonPrefix> prefixes = new ArrayList<>();
        int remaining = request.maxKeys() == null ? 1000 : request.maxKeys();
        String last = null;
        boolean more = false;
        for (var entry : (after == null ? entries : entries.tailMap(after, false)).entrySet()) {
            if (remaining-- <= 0) {
                more = true;
                break;
            }
            last = entry.getKey();
            if (entry.getValue() == null) {
                prefixes.add(CommonPrefix.builder().prefix(last).build());
            } else {
                contents.add(entry.getValue());
            }
        }
        return ListObjectsV2Response.builder()
                .contents(contents)
                .commonPrefixes(prefixes)
                .keyCount(contents.size() + prefixes.size())
                .isTruncated(more)
                .nextContinuationToken(more ? last : null)
                .build();
    }

    private List<S3Object> files(String bucket) {
        List<S3Object> files = new ArrayList<>();
        String token = null;
        do {
            ListObjectsV2Response page = super.list(ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .continuationToken(token)
                    .build());
            files.addAll(page.contents());
            token = page.nextContinuationToken();
        } while (token != null);
        return files;
    }

    @Override
    public boolean blobExists(String bucket, String key) {
        return super.blobExists(bucket, FileNames.encode(key));
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, java.io.InputStream payload) {
        return super.putBlob(
                request.toBuilder().key(FileNames.encode(request.key())).build(), payload);
    }

    @Override
    public CopyObjectResponse copyBlob(CopyObjectRequest request) {
        return super.copyBlob(request.toBuilder()
                .sourceKey(FileNames.encode(request.sourceKey()))
                .destinationKey(FileNames.encode(request.destinationKey()))
                .build());
    }

    @Override
    public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
        return super.blobMetadata(
                request.toBuilder().key(FileNames.encode(request.key())).build());
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        return super.getBlob(
                request.toBuilder().key(FileNames.encode(request.key())).build());
    }

    @Override
    public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
        return super.removeBlob(
                request.toBuilder().key(FileNames.encode(request.key())).build());
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key) {
        return super.getBlobAccess(bucket, FileNames.encode(key));
    }

    @Override
    public ObjectCannedACL getBlobAccess(String bucket, String key, String versionId) {
        return super.getBlobAccess(bucket, FileNames.encode(key), versionId);
    }

    @Override
    public GetObjectAclResponse getBlobAcl(GetObjectAclRequest request) {
        return super.getBlobAcl(
                request.toBuilder().key(FileNames.encode(request.key())).build());
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access) {
        super.setBlobAccess(bucket, FileNames.encode(key), access);
    }

    @Override
    public void setBlobAccess(String bucket, String key, ObjectCannedACL access, String versionId) {
        super.setBlobAccess(bucket, FileNames.encode(key), access, versionId);
    }

    @Override
    public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
        MultipartUpload upload = super.initiateMultipartUpload(
                request.toBuilder().key(FileNames.encode(request.key())).build());
        return new MultipartUpload(upload.id(), request, upload.response());
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, java.io.InputStream payload) {
        return super.uploadMultipartPart(encoded(upload), request, payload);
    }

    @Override
    public List<Part> listMultipartUpload(MultipartUpload upload) {
        return super.listMultipartUpload(encoded(upload));
    }

    @Override
    public void abortMultipartUpload(MultipartUpload upload) {
        super.abortMultipartUpload(encoded(upload));
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        return super.completeMultipartUpload(
                encoded(upload),
                request.toBuilder().key(FileNames.encode(request.key())).build());
    }

    @Override
    public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(String bucket) {
        return super.listMultipartUploads(bucket).stream()
                .map(upload ->
                        upload.toBuilder().key(FileNames.decode(upload.key())).build())
                .toList();
    }

    private static MultipartUpload encoded(MultipartUpload upload) {
        return new MultipartUpload(
                upload.id(),
                upload.request().toBuilder()
                        .key(FileNames.encode(upload.blobName()))
                        .build());
    }
}
