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
 * Stores a large body of unknown length, which S3 does not take in one piece: in parts, as they come in. Nothing is stored before the
 * last part has come.
 */
public final class MultipartUpload {

    /** The size of a part in bytes: the least that S3 takes, but for the last one. */
    public static final int PART_BYTES = 5 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);
    private static final String OCTETS = "application/octet-stream";

    private final S3Client s3;
    private final UploadSlots buffers;

    /**
     * @param s3 where to
     * @param buffers that parts may be kept in
     */
    public MultipartUpload(S3Client s3, UploadSlots buffers) {
        this.s3 = s3;
        this.buffers = buffers;
    }

    /**
     * Stores the body, and sets the message header of the object's entity tag as the S3 component does.
     *
     * @param ifNoneMatch {@code *} if it must not replace another object, else null
     * @param headers the message headers that {@link UploadHeaders} sets
     * @throws RequestRefusedException if too many parts are in memory
     * @throws IOException if the body does not come in as it should; then nothing is stored
     */
    public void store(
            @ExchangeProperty("upload") RequestStream body,
            @ExchangeProperty("bucket") String bucket,
            @ExchangeProperty("objectKey") String key,
            @ExchangeProperty("ifNoneMatch") String ifNoneMatch,
            @Headers Map<String, Object> headers)
            throws RequestRefusedException, IOException {
        buffers.take(body);
        try {
            byte[] part = new byte[PART_BYTES];
            int length = body.readNBytes(part, 0, PART_BYTES);
            PutObjectRequest whole = request(bucket, key, ifNoneMatch, headers);
            String eTag = length < PART_BYTES
                    ? s3.putObject(whole, body(part, length)).eTag()
                    : storeParts(body, part, whole);
            headers.put(AWS2S3Constants.E_TAG, eTag);
        } finally {
            buffers.giveBack(body);
        }
    }

    @SuppressWarnings("unchecked") // the metadata, as the S3 component has it
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

    /** Without a copy, as there would be of an array. */
    private static RequestBody body(byte[] part, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(part, 0, length), length, OCTETS);
    }

    /** What cannot be taken away now, the bucket's lifecycle rule for incomplete uploads has to. */
    private void abort(String bucket, String key, String upload) {
        try {
            s3.abortMultipartUpload(request -> request.bucket(bucket).key(key).uploadId(upload));
        } catch (SdkException e) {
            LOG.warn("Parts of an upload are left in {}: {}", bucket, e.getMessage());
        }
    }

    /** Whether the length of a body is not known. */
    public static boolean isNeeded(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof RequestStream stream && stream.length() < 0;
    }
}
