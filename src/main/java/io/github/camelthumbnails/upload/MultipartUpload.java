// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import io.github.camelthumbnails.http.RequestRefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Stores a body of unknown length in S3, in parts if it is large. A single PUT needs the length in advance, so a body
 * of {@link #PART_BYTES} or more becomes an S3 multipart upload, part by part as the bytes arrive. S3 stores the object
 * only when the last part has arrived.
 */
public final class MultipartUpload {

    /** Size of a part: the minimum that S3 accepts for all parts but the last. */
    public static final int PART_BYTES = 5 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);
    private static final String OCTET_STREAM = "application/octet-stream";

    private final S3Client s3;
    private final UploadSlots bufferSlots;

    /**
     * @param s3 the client that stores the parts
     * @param bufferSlots limits the number of uploads that hold a part in memory
     */
    public MultipartUpload(S3Client s3, UploadSlots bufferSlots) {
        this.s3 = s3;
        this.bufferSlots = bufferSlots;
    }

    /**
     * Stores a body as an S3 object, and sets the message header of its entity tag as the S3 component does.
     *
     * @param ifNoneMatch {@code *} if an existing object must not be replaced, otherwise null
     * @param headers the message headers that {@link UploadHeaders} sets
     * @throws RequestRefusedException if too many uploads hold a part in memory
     * @throws IOException if the body is incomplete or not as announced; then nothing is stored
     */
    public void store(
            @ExchangeProperty("upload") RequestStream body,
            @ExchangeProperty("bucket") String bucket,
            @ExchangeProperty("objectKey") String key,
            @ExchangeProperty("ifNoneMatch") String ifNoneMatch,
            @Headers Map<String, Object> headers)
            throws RequestRefusedException, IOException {
        bufferSlots.acquire(body);
        try {
            byte[] part = new byte[PART_BYTES];
            int length = body.readNBytes(part, 0, PART_BYTES);
            PutObjectRequest whole = request(bucket, key, ifNoneMatch, headers);
            String eTag = length < PART_BYTES
                    ? s3.putObject(whole, body(part, length)).eTag()
                    : storeParts(body, part, whole);
            headers.put(AWS2S3Constants.E_TAG, eTag);
        } finally {
            bufferSlots.release(body);
        }
    }

    @SuppressWarnings("unchecked") // the type of the metadata in the S3 component
    private static PutObjectRequest request(
            String bucket, String key, String ifNoneMatch, Map<String, Object> headers) {
        return PutObjectRequest.builder()
                .bucket(bucket)
                .key(key)
                .ifNoneMatch(ifNoneMatch)
                .contentType((String) headers.get(AWS2S3Constants.CONTENT_TYPE))
                .cacheControl((String) headers.get(AWS2S3Constants.CACHE_CONTROL))
                .contentDisposition((String) headers.get(AWS2S3Constants.CONTENT_DISPOSITION))
                .metadata((Map<String, String>) headers.get(AWS2S3Constants.METADATA))
                .build();
    }

    private String storeParts(InputStream body, byte[] part, PutObjectRequest whole) throws IOException {
        String bucket = whole.bucket();
        String key = whole.key();
        String upload = s3.createMultipartUpload(request -> request.bucket(bucket)
                        .key(key)
                        .contentType(whole.contentType())
                        .cacheControl(whole.cacheControl())
                        .contentDisposition(whole.contentDisposition())
                        .metadata(whole.metadata()))
                .uploadId();
        boolean stored = false;
        try {
            List<CompletedPart> parts = new ArrayList<>();
            for (int length = PART_BYTES; length > 0; length = body.readNBytes(part, 0, PART_BYTES)) {
                int number = parts.size() + 1;
                String eTag = s3.uploadPart(
                                request -> request.bucket(bucket)
                                        .key(key)
                                        .uploadId(upload)
                                        .partNumber(number),
                                body(part, length))
                        .eTag();
                parts.add(CompletedPart.builder().partNumber(number).eTag(eTag).build());
            }
            String eTag = s3.completeMultipartUpload(request -> request.bucket(bucket)
                            .key(key)
                            .uploadId(upload)
                            .ifNoneMatch(whole.ifNoneMatch())
                            .multipartUpload(completed -> completed.parts(parts)))
                    .eTag();
            stored = true;
            return eTag;
        } finally {
            if (!stored) {
                abort(bucket, key, upload);
            }
        }
    }

    /** Returns a request body that does not copy the array, as {@code RequestBody.fromBytes} would. */
    private static RequestBody body(byte[] part, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(part, 0, length), length, OCTET_STREAM);
    }

    /**
     * Deletes the parts that were stored. If that fails, the bucket's lifecycle rule for incomplete uploads deletes
     * them.
     */
    private void abort(String bucket, String key, String upload) {
        try {
            s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            LOG.warn(
                    "Could not abort a multipart upload. Its parts remain in the bucket {}: {}",
                    bucket,
                    e.getMessage());
        }
    }

    /** Returns whether the length of the body is unknown, so that it has to be stored in parts. */
    public static boolean isNeeded(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof RequestStream stream && stream.length() < 0;
    }
}
