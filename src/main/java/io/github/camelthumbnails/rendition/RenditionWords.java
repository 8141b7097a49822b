// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import io.github.camelthumbnails.image.Box;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Preset;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.Sizing;
import java.awt.Color;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words that describe a rendition, each with its value. If a value is invalid, all methods throw an
 * {@link IllegalArgumentException} that says what to change.
 */
final class RenditionWords {

    /** Largest width or height of a box in pixels, and the largest that WebP can store. */
    private static final int MAX_SIDE = 16_383;

    /** All words, each with an example. */
    private static final Map<String, String> EXAMPLES = examples();

    /** Values of the word format: that of the original, or one that browsers show. */
    private static final List<String> FORMATS = List.of("same", "jpeg", "png", "webp", "avif", "gif");

    /** Formats that are always lossless, or have no quality to set. */
    private static final Set<String> WITHOUT_QUALITY = Set.of("png", "gif");

    private static final Pattern DECIMAL = Pattern.compile("[0-9]+(\\.[0-9]+)?");
    private static final Pattern PIXELS = Pattern.compile("[0-9]{1,9}");
    private static final Pattern SIDES = Pattern.compile("([0-9]+)x([0-9]+)");
    private static final Pattern COLOUR = Pattern.compile("#?([0-9a-fA-F]{6})");

    private final Map<String, String> values = new LinkedHashMap<>();

    private RenditionWords() {}

    private static Map<String, String> examples() {
        Map<String, String> examples = new LinkedHashMap<>();
        examples.put("scale", "scale:0.5");
        examples.put("width", "width:640");
        examples.put("height", "height:480");
        examples.put("fit", "fit:640x480");
        examples.put("fill", "fill:200x200");
        examples.put("format", "format:webp");
        examples.put("quality", "quality:0.75");
        examples.put("background", "background:ffffff");
        examples.put("key", "key:cards/{key}");
        return examples;
    }

    /** Splits a description into its words. */
    static RenditionWords parse(String line) {
        require(
                !line.isBlank(),
                "The description is empty. Set it, for example to fit:640x480 format:webp quality:0.75");
        RenditionWords words = new RenditionWords();
        for (String part : line.strip().split("\\s+")) {
            int colon = part.indexOf(':');
            require(colon >= 0, part + " has no colon. " + suggestPair(part));
            String word = part.substring(0, colon);
            String value = part.substring(colon + 1);
            require(
                    EXAMPLES.containsKey(word),
                    "There is no word " + word + ". " + NearestWord.suggest(word, List.copyOf(EXAMPLES.keySet())));
            require(!value.isEmpty(), word + " has no value. Write it right after the colon: " + EXAMPLES.get(word));
            require(words.values.put(word, value) == null, word + " is given twice. Remove one of them.");
        }
        return words;
    }

    /** Suggests a word with a value, for a part that is only one of the two. */
    private static String suggestPair(String part) {
        String letters = part.toLowerCase(Locale.ROOT).replaceAll("[^a-z].*", "");
        String example = EXAMPLES.get(part.contains("{") ? "key" : "fit");
        if (!letters.isEmpty() && !part.contains("{")) {
            List<String> candidates = new ArrayList<>(EXAMPLES.keySet());
            candidates.addAll(FORMATS);
            String nearest = NearestWord.find(letters, candidates);
            example = EXAMPLES.getOrDefault(nearest, "format:" + nearest);
        }
        return "Write a word, a colon and a value, for example " + example;
    }

    /** Returns the size: that of the original if none is given. */
    Sizing sizing() {
        List<String> given = values.keySet().stream()
                .filter(List.of("scale", "width", "height", "fit", "fill")::contains)
                .sorted()
                .toList();
        require(
                given.size() < 2 || given.equals(List.of("height", "width")),
                "These words all set the size: " + String.join(", ", given) + ". Keep one of them.");
        if (given.isEmpty()) {
            return new Scale(BigDecimal.ONE);
        }
        return switch (given.get(0)) {
            case "scale" -> new Scale(scale());
            case "fit" -> box("fit", false);
            case "fill" -> box("fill", true);
            default -> new Box(side("width"), side("height"), false);
        };
    }

    private BigDecimal scale() {
        BigDecimal scale = decimal("scale", "above 0 and at most 1");
        require(scale.signum() > 0, invalid("scale", "a number above 0 and at most 1"));
        return scale;
    }

    private Box box(String word, boolean fill) {
        Matcher sides = SIDES.matcher(values.get(word));
        String needed = "a width and a height from 1 to " + MAX_SIDE + " pixels with an x between them";
        require(sides.matches(), invalid(word, needed));
        return new Box(pixels(sides.group(1), word, needed), pixels(sides.group(2), word, needed), fill);
    }

    private int side(String word) {
        return values.containsKey(word)
                ? pixels(values.get(word), word, "a whole number of pixels from 1 to " + MAX_SIDE)
                : Box.ANY;
    }

    private int pixels(String digits, String word, String needed) {
        require(PIXELS.matcher(digits).matches(), invalid(word, needed));
        int pixels = Integer.parseInt(digits);
        require(pixels >= 1 && pixels <= MAX_SIDE, invalid(word, needed));
        return pixels;
    }

    /** Returns the format, or empty for that of the original. */
    Optional<ImageFormat> format() {
        String format = values.getOrDefault("format", "same");
        require(FORMATS.contains(format), "There is no format " + format + ". " + NearestWord.suggest(format, FORMATS));
        if (format.equals("same")) {
            return Optional.empty();
        }
        return Optional.of(ImageFormat.valueOf(format.toUpperCase(Locale.ROOT)));
    }

    /** Returns the quality of lossy formats, or the default. */
    double quality() {
        if (!values.containsKey("quality")) {
            return Preset.QUALITY;
        }
        String format = values.getOrDefault("format", "same");
        require(!WITHOUT_QUALITY.contains(format), "quality has no effect on " + format + ". Remove it.");
        return decimal("quality", "from 0 to 1").doubleValue();
    }

    private BigDecimal decimal(String word, String range) {
        String value = values.get(word);
        String needed = "a number " + range;
        require(DECIMAL.matcher(value).matches(), invalid(word, needed));
        BigDecimal decimal = new BigDecimal(value);
        require(decimal.compareTo(BigDecimal.ONE) <= 0, invalid(word, needed));
        return decimal;
    }

    /** Returns the background, or the default. */
    Color background() {
        if (!values.containsKey("background")) {
            return Preset.BACKGROUND;
        }
        Matcher colour = COLOUR.matcher(values.get("background"));
        require(colour.matches(), invalid("background", "six hexadecimal digits"));
        return new Color(Integer.parseInt(colour.group(1), 16));
    }

    /** Returns the pattern for the keys, or empty for the default. */
    Optional<KeyPattern> key() {
        return Optional.ofNullable(values.get("key")).map(KeyPattern::parse);
    }

    private String invalid(String word, String needed) {
        return word + " is " + values.get(word) + ": set it to " + needed + ", for example " + EXAMPLES.get(word);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
