// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Checks status requests, and describes in JSON whether the thumbnail of an original is pending, ready or failed. */
public final class KeyStatus {

    /** Longest wait. It is shorter than the timeout of proxies and load balancers, which is 60 seconds for most. */
    private static final int MAX_WAIT_SECONDS = 30;

    private final String stage;
    private final String originals;

    /**
     * @param stage the API stage, for the address of a thumbnail
     * @param originals the bucket of the originals
     */
    public KeyStatus(String stage, String originals) {
        this.stage = stage;
        this.originals = originals;
    }

    /**
     * Checks that a status request is for an original and has a valid {@code wait}. Sets the exchange property
     * {@code status} if {@link StatusWait} has already found the status.
     *
     * @throws RequestRefusedException if the object is not in the bucket of the originals, or {@code wait} is not a
     *     valid number
     */
    public void check(
            Exchange exchange,
            @ExchangeProperty("request") HttpServerRequest request,
            @ExchangeProperty("bucket") String bucket)
            throws RequestRefusedException {
        if (!bucket.equals(originals)) {
            throw RequestRefusedException.badRequest("Only originals have a status. Use the bucket " + originals + ".");
        }
        secondsToWait(request);
        exchange.setProperty("status", StatusWait.foundStatus());
        request.response().putHeader("Cache-Control", "no-store"); // Camel does not copy this header from messages
    }

    /**
     * Returns the number of seconds for which a status request may be held: the query parameter {@code wait}, or 0
     * without it.
     *
     * @throws RequestRefusedException if the parameter is not a number from 0 to 30
     */
    static int secondsToWait(HttpServerRequest request) throws RequestRefusedException {
        String wait = QueryParameters.of(request).getOrDefault("wait", "0");
        if (!wait.matches("\\d{1,2}") || Integer.parseInt(wait) > MAX_WAIT_SECONDS) {
            throw RequestRefusedException.badRequest("The query parameter wait is not a number of seconds from 0 to "
                    + MAX_WAIT_SECONDS + ". Use it as ?status&wait=30.");
        }
        return Integer.parseInt(wait);
    }

    /**
     * Returns the status of an original as JSON.
     *
     * @param original response to a HEAD request for the current original
     * @param item table item of the renditions, empty if there is none
     * @param failure table item of the last failure, empty if there is none
     */
    public JsonObject describe(
            @ExchangeProperty("objectKey") String objectKey,
            @Variable("original") HeadObjectResponse original,
            @Variable("header:item.CamelAwsDdbAttributes") Map<String, AttributeValue> item,
            @Variable("header:failure.CamelAwsDdbAttributes") Map<String, AttributeValue> failure) {
        JsonObject status = new JsonObject().put("key", objectKey);
        String eTag = original.eTag().replace("\"", "");
        if (eTag.equals(text(item, "sourceETag"))) {
            String bucket = text(item, "thumbnailBucket");
            JsonObject thumbnail = rendition(bucket, text(item, "thumbnailKey"), item);
            JsonObject renditions = new JsonObject();
            if (item.containsKey("renditions")) { // items of earlier versions have none
                new TreeMap<>(item.get("renditions").m())
                        .forEach((name, rendition) ->
                                renditions.put(name, rendition(bucket, text(rendition.m(), "key"), rendition.m())));
            }
            return status.put("state", "ready")
                    .put("thumbnail", thumbnail.put("createdAt", text(item, "createdAt")))
                    .put("renditions", renditions);
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

    private JsonObject rendition(String bucket, String key, Map<String, AttributeValue> attributes) {
        return new JsonObject()
                .put("href", ObjectAddress.path(stage, bucket, key))
                .put("bucket", bucket)
                .put("key", key)
                .put("contentType", text(attributes, "contentType"))
                .put("width", number(attributes, "width"))
                .put("height", number(attributes, "height"))
                .put("bytes", number(attributes, "bytes"));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item == null ? null : item.get(name);
        return value == null ? null : value.s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(item.get(name).n());
    }
}
