// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Settings for three renditions of each original, and the expected objects and items. */
final class ThreeRenditions {

    /** The default thumbnail, a card in another format, and an avatar under keys of another pattern. */
    static final Map<String, String> SETTINGS = Map.of(
            "renditions", "thumbnail,card,avatar",
            "renditions.card", "fit:30x20 format:webp",
            "renditions.avatar", "fill:20x20 key:avatars/{key} format:jpeg background:3366cc");

    private ThreeRenditions() {}

    /** Makes an application use the settings. */
    static Pipeline in(Pipeline pipeline) {
        SETTINGS.forEach(pipeline::with);
        return pipeline;
    }

    /** Returns the keys of the renditions of an original, in the order of the settings. */
    static List<String> keys(String key) {
        return List.of("resized-" + key, "card/" + key, "avatars/" + key);
    }

    /** Returns the keys of the renditions of several originals. */
    static List<String> keys(Collection<String> keys) {
        return keys.stream().flatMap(key -> keys(key).stream()).toList();
    }

    /** Describes the renditions and the item of a key in the format of {@link #expected}. */
    static String outcome(Pipeline pipeline, String key) {
        List<String> lines = new ArrayList<>();
        for (String rendition : keys(key)) {
            try {
                ResponseBytes<GetObjectResponse> object = pipeline.s3.getObjectAsBytes(request ->
                        request.bucket(pipeline.resources.thumbnails()).key(rendition));
                lines.add(describe(
                        rendition,
                        Original.describe(object.asByteArray()),
                        Pictures.format(object.asByteArray()).orElseThrow(),
                        object.response().metadata().get("source-etag")));
            } catch (NoSuchKeyException e) {
                // The missing line tells.
            }
        }
        Map<String, AttributeValue> item = pipeline.item(key);
        if (!item.isEmpty()) {
            List<String> listed = item.get("renditions").m().values().stream()
                    .map(rendition -> rendition.m().get("key").s())
                    .sorted()
                    .toList();
            lines.add(describe(
                    item.getOrDefault("sourceETag", AttributeValue.fromS("nothing"))
                            .s(),
                    listed));
        }
        return String.join("\n", lines);
    }

    /** Describes what there is of an original after all events are processed: three renditions and an item, or nothing. */
    static String expected(String key, Original original) {
        if (!original.isPicture()) {
            return "";
        }
        String[] thumbnail = original.thumbnail().split("[x ]"); // half the width, half the height, colour
        int width = 2 * Integer.parseInt(thumbnail[0]);
        int height = 2 * Integer.parseInt(thumbnail[1]);
        double factor = Math.min(1, Math.min(30.0 / width, 20.0 / height));
        String card = Math.round(width * factor) + "x" + Math.round(height * factor);
        List<String> keys = keys(key);
        return String.join(
                "\n",
                describe(
                        keys.get(0),
                        original.thumbnail(),
                        Pictures.format(original.bytes()).orElseThrow(),
                        original.eTag()),
                describe(keys.get(1), card + " " + thumbnail[2], ImageFormat.WEBP, original.eTag()),
                describe(keys.get(2), "20x20 " + thumbnail[2], ImageFormat.JPEG, original.eTag()),
                describe(
                        original.eTag(),
                        Stream.of("avatars/", "card/", "resized-")
                                .map(prefix -> prefix + key)
                                .toList()));
    }

    private static String describe(String rendition, String picture, ImageFormat format, String eTag) {
        return "%s: %s in %s of %s".formatted(rendition, picture, format, eTag);
    }

    private static String describe(String eTag, List<String> listed) {
        return "item of %s lists %s".formatted(eTag, listed);
    }
}
