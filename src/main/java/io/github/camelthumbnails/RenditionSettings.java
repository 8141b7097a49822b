// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

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
            renditions.presets().forEach(RenditionSettings::checkEncoder);
        }
    }

    private static void checkEncoder(Preset preset) {
        preset.format().flatMap(ImageFormat::missingLibrary).ifPresent(howToInstall -> {
            throw new IllegalArgumentException("renditions." + preset.name() + ": The format "
                    + preset.format().get().name().toLowerCase(Locale.ROOT) + " cannot be encoded on this machine. "
                    + howToInstall + " Or use another format.");
        });
    }

    /** Warns of descriptions of renditions that are not made, because the setting {@code renditions} does not list them. */
    private static void warnOfUnlisted(Renditions renditions, CamelContext context) {
        Set<String> settings = new TreeSet<>(System.getenv().keySet());
        context.getPropertiesComponent()
                .loadProperties(name -> name.startsWith("renditions."))
                .keySet()
                .forEach(name -> settings.add(variable(name.toString())));
        settings.removeIf(name -> !name.startsWith("RENDITIONS_"));
        renditions.presets().forEach(preset -> settings.remove(variable("renditions." + preset.name())));
        for (String name : settings) {
            LOG.warn(
                    "{} is set, but this rendition is not made: add its name to renditions (RENDITIONS), or remove the setting",
                    name);
        }
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
