// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonNodeParser;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORFactory;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORGenerator;

/**
 * Answers the only request to CloudWatch that the application makes: {@code GetMetricData} for the age of the oldest message of a
 * queue, in the protocol of the SDK for Java, which is RPC with CBOR. Unlike CloudWatch, it knows the present age.
 */
final class LocalMetrics {

    /** The media type of requests and responses. */
    static final String MEDIA_TYPE = "application/cbor";

    private static final CBORFactory CBOR = new CBORFactory();

    /** CBOR's tag of a time in seconds since 1970. */
    private static final int EPOCH_TAG = 1;

    private final LocalSqs queues;

    LocalMetrics(LocalSqs queues) {
        this.queues = queues;
    }

    /** Returns the response body for this request body. A metric other than the age, or of an unknown queue, has no value. */
    byte[] get(byte[] request) throws IOException {
        JsonNode read = JsonNodeParser.builder().jsonFactory(CBOR).build().parse(new ByteArrayInputStream(request));
        Instant now = Instant.now();
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        try (CBORGenerator cbor = CBOR.createGenerator(response)) {
            cbor.writeStartObject();
            cbor.writeArrayFieldStart("MetricDataResults");
            for (JsonNode query : read.field("MetricDataQueries").orElseThrow().asArray()) {
                write(cbor, query, now);
            }
            cbor.writeEndArray();
            cbor.writeEndObject();
        }
        return response.toByteArray();
    }

    private void write(CBORGenerator cbor, JsonNode query, Instant now) throws IOException {
        cbor.writeStartObject();
        cbor.writeStringField("Id", query.field("Id").orElseThrow().asString());
        cbor.writeStringField("StatusCode", "Complete");
        Double age = age(query.field("MetricStat").orElseThrow().field("Metric").orElseThrow(), now);
        cbor.writeArrayFieldStart("Timestamps");
        if (age != null) {
            cbor.writeTag(EPOCH_TAG);
            cbor.writeNumber(now.getEpochSecond());
        }
        cbor.writeEndArray();
        cbor.writeArrayFieldStart("Values");
        if (age != null) {
            cbor.writeNumber(age.doubleValue());
        }
        cbor.writeEndArray();
        cbor.writeEndObject();
    }

    private Double age(JsonNode metric, Instant now) {
        JsonNode dimension = metric.field("Dimensions").orElseThrow().asArray().get(0);
        if (!metric.field("MetricName").orElseThrow().asString().equals("ApproximateAgeOfOldestMessage")) {
            return null;
        }
        try {
            return queues.oldest(dimension.field("Value").orElseThrow().asString())
                    .map(sent -> (double) Duration.between(sent, now).toSeconds())
                    .orElse(0.0);
        } catch (SQLException e) {
            return null; // an unknown queue
        }
    }

    /** Returns the body of a response with an error. */
    static byte[] error(String code, String message) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (CBORGenerator cbor = CBOR.createGenerator(body)) {
            cbor.writeStartObject();
            cbor.writeStringField("__type", "com.amazonaws.cloudwatch#" + code);
            cbor.writeStringField("message", message);
            cbor.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return body.toByteArray();
    }
}
