// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import io.github.camelthumbnails.image.Box;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Preset;
import io.github.camelthumbnails.rendition.Renditions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the settings of the renditions, and checks them at start-up. */
final class RenditionSettings {

    private static final Logger LOG = LoggerFactory.getLogger(RenditionSettings.class);

    /** Settings of earlier versions. */
    private static final List<String> REMOVED = List.of("thumbnail.scale", "thumbnail.quality", "thumbnail.format");

    private RenditionSettings() {}

    /**
     * Parses the settings of the renditions.
     *
     * @throws IllegalArgumentException if one of them is invalid
     */
    static Renditions of(CamelContext context) {
        return Renditions.parse(
                context.resolvePropertyPlaceholders("{{renditions}}"),
                name -> Optional.of(context.resolvePropertyPlaceholders("{{" + name + ":}}"))
                        .filter(line -> !line.isEmpty()));
    }

    /**
     * Checks the settings.
     *
     * @param makes whether this process makes renditions, so that it needs their encoders
     * @throws IllegalArgumentException if a setting is invalid or no longer exists, or if an encoder is missing
     */
    static void check(CamelContext context, boolean makes) {
        for (String removed : REMOVED) {
            require(
                    value(context, removed).isEmpty(),
                    removed + " is no longer read: remove it and describe the thumbnail in renditions.thumbnail, for"
                            + " example as scale:0.5 format:webp quality:0.8");
        }
        require(
                !value(context, "thumbnails.cacheControl").isBlank(),
                "thumbnails.cacheControl is empty: set it to a value of Cache-Control, such as public, max-age=3600");
        Renditions renditions = of(context);
        warnOfUnlisted(renditions, context);
        if (makes) {
            long maxPixels = Long.parseLong(value(context, "image.maxPixels"));
            for (Preset preset : renditions.presets()) {
                checkEncoder(preset);
                checkSize(preset, maxPixels);
            }
        }
    }

    /** A box to fill has always the same size, so that no picture would fit into the memory. */
    private static void checkSize(Preset preset, long maxPixels) {
        if (preset.sizing() instanceof Box box && box.fill()) {
            require(
                    (long) box.width() * box.height() <= maxPixels,
                    "renditions." + preset.name() + ": fill:" + box.width() + "x" + box.height() + " has more than "
                            + maxPixels + " pixels (image.maxPixels). Set it to a smaller box");
        }
    }

    private static void checkEncoder(Preset preset) {
        preset.format().flatMap(ImageFormat::missingLibrary).ifPresent(howToInstall -> {
            throw new IllegalArgumentException("renditions." + preset.name() + ": The format "
                    + preset.format().get().name().toLowerCase(Locale.ROOT) + " cannot be encoded on this machine. "
                    + howToInstall + " Or use another format.");
        });
    }

    private static void warnOfUnlisted(Renditions renditions, CamelContext context) {
        Set<String> properties = new TreeSet<>();
        context.getPropertiesComponent().loadProperties().keySet().forEach(name -> properties.add(name.toString()));
        for (String name : findUnlisted(renditions, properties, System.getenv().keySet())) {
            LOG.warn(
                    "{} is set, but this rendition is not made: add its name to renditions (RENDITIONS), or remove the setting",
                    name);
        }
    }

    /**
     * Returns the settings that describe renditions which are not made, because the setting {@code renditions} does not list
     * them. Ignores the property that comes with the application.
     */
    static Set<String> findUnlisted(Renditions renditions, Set<String> properties, Set<String> environment) {
        Set<String> unlisted = new TreeSet<>(properties);
        unlisted.remove("renditions.thumbnail");
        unlisted.addAll(environment);
        unlisted.removeIf(name -> !variable(name).startsWith("RENDITIONS_"));
        renditions
                .presets()
                .forEach(preset ->
                        unlisted.removeIf(name -> variable(name).equals(variable("renditions." + preset.name()))));
        return unlisted;
    }

    /** Returns the name of the environment variable that overrides a setting. */
    private static String variable(String setting) {
        return setting.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String value(CamelContext context, String setting) {
        return context.resolvePropertyPlaceholders("{{" + setting + ":}}");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
