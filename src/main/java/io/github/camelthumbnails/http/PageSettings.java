// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.image.OriginalFormat;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * Creates the file {@code settings.json}, which tells the web pages what this process accepts and does: buckets, limits, formats,
 * renditions and reasons of failures. It contains nothing secret, because everybody can read it.
 */
public final class PageSettings {

    private final UnaryOperator<String> settings;
    private final List<String> renditions;

    /**
     * @param settings returns the value of a setting
     * @param renditions names of the renditions of an original
     */
    public PageSettings(UnaryOperator<String> settings, List<String> renditions) {
        this.settings = settings;
        this.renditions = List.copyOf(renditions);
    }

    /** Returns whether this process has a role. */
    boolean hasRole(String role) {
        return roles().contains(role);
    }

    private List<String> roles() {
        return List.of(settings.apply("app.roles").split(","));
    }

    /** Returns the file. Loads the native libraries that a format needs. */
    JsonObject toJson() {
        return new JsonObject()
                .put("stage", settings.apply("api.stage"))
                .put("originals", settings.apply("originals.bucket"))
                .put("thumbnails", settings.apply("thumbnails.bucket"))
                .put("roles", new JsonArray(roles()))
                .put("keyRequired", !settings.apply("api.keyRequired").equals("false"))
                .put(
                        "operatorKeyRequired",
                        !settings.apply("operate.keyRequired").equals("false"))
                .put("maxBytes", Math.min(number("upload.maxBytes"), number("image.maxBytes")))
                .put("maxPixels", number("image.maxPixels"))
                .put(
                        "formats",
                        OriginalFormat.all().stream().map(PageSettings::format).collect(toArray()))
                .put("renditions", new JsonArray(renditions))
                .put(
                        "reasons",
                        List.of(FailureReason.values()).stream()
                                .map(PageSettings::reason)
                                .collect(toArray()));
    }

    private long number(String setting) {
        return Long.parseLong(settings.apply(setting));
    }

    private static JsonObject format(OriginalFormat format) {
        return new JsonObject()
                .put("name", format.name())
                .put("extensions", new JsonArray(format.extensions()))
                .put("contentTypes", new JsonArray(format.contentTypes()))
                .put("available", format.available());
    }

    private static JsonObject reason(FailureReason reason) {
        return new JsonObject().put("name", reason.name()).put("pictureAtFault", reason.isPictureAtFault());
    }

    private static Collector<JsonObject, ?, JsonArray> toArray() {
        return Collectors.collectingAndThen(Collectors.toList(), JsonArray::new);
    }
}
