// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import io.github.camelthumbnails.image.Box;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Preset;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.Sizing;
import java.awt.Color;
import java.util.Locale;

/**
 * A rendition as the settings describe it.
 *
 * @param preset what to make of each original
 * @param key the keys under which to store it
 */
public record ConfiguredRendition(Preset preset, KeyPattern key) {

    /** Name of the rendition that has always been there, and keeps its keys. */
    private static final String THUMBNAIL = "thumbnail";

    /**
     * Parses the description of a rendition, such as {@code fit:640x480 format:webp quality:0.75}.
     *
     * @param name name of the rendition; its setting is {@code renditions.NAME}
     * @param line words with values, in any order
     * @throws IllegalArgumentException if the description is invalid; the message begins with the name of the setting
     */
    public static ConfiguredRendition parse(String name, String line) {
        try {
            RenditionWords words = RenditionWords.parse(line);
            Preset preset = new Preset(name, words.sizing(), words.format(), words.quality(), words.background());
            return new ConfiguredRendition(preset, words.key().orElseGet(() -> defaultKey(name)));
        } catch (IllegalArgumentException e) {
            // Without the cause, whose message alone would not name the setting. The local run prints the last cause.
            throw new IllegalArgumentException(setting(name) + ": " + e.getMessage());
        }
    }

    /** Returns the name of the setting that describes a rendition. */
    static String setting(String name) {
        return "renditions." + name;
    }

    /** Returns the keys of a rendition that sets none. */
    static KeyPattern defaultKey(String name) {
        return KeyPattern.parse(name.equals(THUMBNAIL) ? "resized-{key}" : name + "/{key}");
    }

    /**
     * Returns the description in a form that depends only on its meaning: every word with its value, in a fixed
     * order. Do not change it without need: its hash is stored with each item, and all renditions would count as
     * outdated.
     */
    String canonical() {
        Color background = preset.background();
        return "%s %s format:%s quality:%s background:%02x%02x%02x key:%s"
                .formatted(
                        preset.name(),
                        canonical(preset.sizing()),
                        preset.format().map(ImageFormat::name).orElse("same").toLowerCase(Locale.ROOT),
                        preset.quality(),
                        background.getRed(),
                        background.getGreen(),
                        background.getBlue(),
                        key);
    }

    private static String canonical(Sizing sizing) {
        if (sizing instanceof Scale scale) {
            return "scale:" + scale.factor().stripTrailingZeros().toPlainString();
        }
        Box box = (Box) sizing;
        return (box.fill() ? "fill:" : "fit:") + box.width() + "x" + box.height();
    }
}
