// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.apache.camel.ExchangeProperty;

/**
 * Rejects S3 multipart uploads, with an error message that tells users of AWS clients how to send a file in one
 * request.
 */
public final class S3Multipart {

    static final String SUMMARY = "S3's multipart uploads are not supported. Send the whole file in one PUT.";

    /** Error message that names the alternative for each client that switches to multipart uploads automatically. */
    public static final String REFUSAL = SUMMARY
            + " AWS CLI: use `aws s3api put-object`, or raise s3.multipart_threshold above the size of the file for"
            + " `aws s3 cp`."
            + " boto3: raise multipart_threshold of TransferConfig, or use put_object."
            + " JavaScript: use PutObjectCommand, not Upload. Java: use S3Client.putObject, not the transfer manager.";

    private S3Multipart() {}

    /**
     * Rejects a request that is part of a multipart upload.
     *
     * @throws RequestRefusedException if its query parameters are those of a multipart upload
     */
    public static void refuse(@ExchangeProperty("request") HttpServerRequest request) throws RequestRefusedException {
        Map<String, String> parameters = QueryParameters.of(request);
        if (parameters.containsKey("uploads") || parameters.containsKey("uploadId")) {
            throw RequestRefusedException.notImplemented(REFUSAL);
        }
    }
}
