// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Tells the status of an original: whether its thumbnail is pending, ready or failed, as JSON. */
public final class KeyStatus {

    /** Below what proxies and load balancers wait for an answer, which is 60 seconds with most. */
    private static final int MAX_WAIT_SECONDS = 30;

    private final String stage;
    private final String originals;

    /**
     * @param stage in the address of a thumbnail
     * @param originals the bucket whose objects have a status
     */
    public KeyStatus(String stage, String originals) {
        this.stage = stage;
        this.originals = originals;
    }

    /**
     * Checks a status request, and sets the exchange property {@code status} if {@link StatusWait} has found the status already.
     *
     * @throws RequestRefusedException if the object is no original, or {@code ?wait=SECONDS} is not a valid number
     */
    public void check(
            Exchange exchange,
            @ExchangeProperty("request") HttpServerRequest request,
            @ExchangeProperty("bucket") String bucket)
            throws RequestRefusedException {
        if (!bucket.equals(originals)) {
            throw RequestRefusedException.badRequest("Only originals have a status: ask in the bucket " + originals);
        }
        secondsToWait(request);
        exchange.setProperty("status", StatusWait.foundStatus());
        request.response().putHeader("Cache-Control", "no-store"); // Camel lets no such header out
    }

    /**
     * Returns how long a status request may be held: {@code ?wait=SECONDS}, or 0 without it.
     *
     * @throws RequestRefusedException if it is not a number from 0 to 30
     */
    static int secondsToWait(HttpServerRequest request) throws RequestRefusedException {
        String wait = QueryParameters.of(request).getOrDefault("wait", "0");
        if (!wait.matches("\\d{1,2}") || Integer.parseInt(wait) > MAX_WAIT_SECONDS) {
            throw RequestRefusedException.badRequest(
                    "wait is not a number of seconds from 0 to " + MAX_WAIT_SECONDS + ". Use it as ?status&wait=30.");
        }
        return Integer.parseInt(wait);
    }

    /**
     * Returns the status of an original.
     *
     * @param original the response to a HEAD of the original
     * @param item of its thumbnail, empty if there is none
     * @param failure the item of its last failure, empty if there is none
     */
    public JsonObject of(
            @ExchangeProperty("objectKey") String objectKey,
            @Variable("original") HeadObjectResponse original,
            @Variable("header:item.CamelAwsDdbAttributes") Map<String, AttributeValue> item,
            @Variable("header:failure.CamelAwsDdbAttributes") Map<String, AttributeValue> failure) {
        JsonObject status = new JsonObject().put("key", objectKey);
        String eTag = original.eTag().replace("\"", "");
        if (eTag.equals(text(item, "sourceETag"))) {
            String bucket = text(item, "thumbnailBucket");
            String key = text(item, "thumbnailKey");
            return status.put("state", "ready")
                    .put(
                            "thumbnail",
                            new JsonObject()
                                    .put("href", ObjectAddress.path(stage, bucket, key))
                                    .put("bucket", bucket)
                                    .put("key", key)
                                    .put("contentType", text(item, "contentType"))
                                    .put("width", number(item, "width"))
                                    .put("height", number(item, "height"))
                                    .put("bytes", number(item, "bytes"))
                                    .put("createdAt", text(item, "createdAt")));
        }
        if (eTag.equals(text(failure, "eTag"))) {
            return status.put("state", "failed")
                    .put(
                            "failure",
                            new JsonObject()
                                    .put("reason", text(failure, "reason"))
                                    .put("error", text(failure, "error"))
                                    .put("failedAt", text(failure, "failedAt")));
        }
        return status.put("state", "pending");
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item == null ? null : item.get(name);
        return value == null ? null : value.s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(item.get(name).n());
    }
}
