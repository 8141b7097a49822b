// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import io.github.camelthumbnails.localaws.PlantedGaps.Gap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Answers SQS requests. Counts the events about originals instead of keeping them, so the queue is always empty. */
final class CountedEvents {

    private static final int PAGE_SIZE = 1000;

    private final PlantedGaps gaps;
    private final Set<String> seen = new HashSet<>();
    private final Map<Gap, Integer> found = new EnumMap<>(Gap.class);
    private final JsonObject planted = new JsonObject();
    private final int maxEventsOfPage;
    private int messages;
    private int falseOnes;
    private int repeated;

    CountedEvents(PlantedGaps gaps) {
        this.gaps = gaps;
        gaps.counts().forEach((gap, count) -> planted.put(gap.name(), count));
        maxEventsOfPage = gaps.maxEventsOfPage(PAGE_SIZE);
    }

    /** Returns the answer to a request, or null if the operation is unknown. */
    JsonObject answer(String operation, JsonObject request, URI endpoint) {
        return switch (operation) {
            case "GetQueueUrl" ->
                new JsonObject().put("QueueUrl", endpoint + "/000000000000/" + request.getString("QueueName"));
            case "GetQueueAttributes" ->
                new JsonObject()
                        .put(
                                "Attributes",
                                new JsonObject()
                                        .put("ApproximateNumberOfMessages", "0")
                                        .put("ApproximateNumberOfMessagesNotVisible", "0")
                                        .put("ApproximateNumberOfMessagesDelayed", "0"));
            case "SendMessageBatch" -> sendBatch(request.getJsonArray("Entries"));
            case "SendMessage" -> send(request);
            default -> null;
        };
    }

    private JsonObject sendBatch(JsonArray entries) {
        JsonArray successful = new JsonArray();
        for (int i = 0; i < entries.size(); i++) {
            JsonObject entry = entries.getJsonObject(i);
            successful.add(send(entry).put("Id", entry.getString("Id")));
        }
        return new JsonObject().put("Successful", successful).put("Failed", new JsonArray());
    }

    private JsonObject send(JsonObject entry) {
        String body = entry.getString("MessageBody");
        JsonObject event = new JsonObject(body).getJsonArray("Records").getJsonObject(0);
        String key = event.getJsonObject("s3").getJsonObject("object").getString("key");
        count(event.getString("eventName").startsWith("ObjectRemoved"), URLDecoder.decode(key, StandardCharsets.UTF_8));
        return new JsonObject().put("MessageId", UUID.randomUUID().toString()).put("MD5OfMessageBody", md5(body));
    }

    private synchronized void count(boolean isRemoval, String key) {
        messages++;
        if (!seen.add(isRemoval + key)) {
            repeated++;
            return;
        }
        int index = gaps.index(key);
        Gap gap = index < 0 ? Gap.NONE : gaps.gap(index);
        if (gap == Gap.NONE || gap == Gap.UNUSABLE || (gap == Gap.ORPHAN) != isRemoval) {
            falseOnes++;
        } else {
            found.merge(gap, 1, Integer::sum);
        }
    }

    /** Returns the numbers of planted gaps, of gaps that got an event, and of false and repeated events, and the most events of a page. */
    synchronized JsonObject statistics() {
        JsonObject events = new JsonObject();
        found.forEach((gap, count) -> events.put(gap.name(), count));
        return new JsonObject()
                .put("planted", planted.copy())
                .put("maxEventsOfPage", maxEventsOfPage)
                .put("found", events)
                .put("false", falseOnes)
                .put("repeated", repeated)
                .put("messages", messages);
    }

    private static String md5(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
