// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pattern for the object keys of a rendition, such as {@code cards/{key}}. It replaces {@code {key}} by the key of the
 * original, {@code {name}} by the key without its extension, and {@code {ext}} by the extension without the dot. No two
 * originals get the same key from one pattern.
 */
public final class KeyPattern {

    private static final String KEY = "{key}";
    private static final String NAME = "{name}";
    private static final String EXT = "{ext}";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{[^{}]*}");

    private final String text;

    private final List<String> placeholders;

    /** The text before, between and after the placeholders. */
    private final List<String> literals;

    private KeyPattern(String text) {
        List<String> found = new ArrayList<>();
        List<String> between = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        int end = 0;
        while (matcher.find()) {
            found.add(matcher.group());
            between.add(text.substring(end, matcher.start()));
            end = matcher.end();
        }
        between.add(text.substring(end));
        this.text = text;
        this.placeholders = List.copyOf(found);
        this.literals = List.copyOf(between);
    }

    /**
     * Parses a pattern.
     *
     * @throws IllegalArgumentException if the pattern is invalid, or could give two originals the same key
     */
    public static KeyPattern parse(String text) {
        text.codePoints().filter(KeyPattern::isForbidden).findFirst().ifPresent(character -> {
            throw new IllegalArgumentException("The key pattern contains %s U+%04X. Remove it."
                    .formatted(Character.isWhitespace(character) ? "the white space" : "the character", character));
        });
        KeyPattern pattern = new KeyPattern(text);
        require(
                pattern.literals.stream().noneMatch(literal -> literal.contains("{") || literal.contains("}")),
                "The key pattern " + text + " has an unbalanced brace. Write placeholders like {key}.");
        for (String placeholder : pattern.placeholders) {
            require(
                    List.of(KEY, NAME, EXT).contains(placeholder),
                    "There is no placeholder " + placeholder + ". "
                            + NearestWord.suggest(placeholder, List.of(KEY, NAME, EXT)));
        }
        pattern.requireInjective();
        pattern.requireCleanPath();
        return pattern;
    }

    /** Returns whether a character is white space, or one that an S3 listing or an SQS message cannot contain. */
    private static boolean isForbidden(int character) {
        return Character.isISOControl(character)
                || Character.isWhitespace(character)
                || Character.getType(character) == Character.SURROGATE
                || character == 0xFFFE
                || character == 0xFFFF;
    }

    /**
     * Checks that no two originals can get the same key. One placeholder between fixed texts can be read back from the
     * key. So can a name and an extension if there is a dot or a slash between them: an extension contains neither, so
     * the separator nearest to it in the key is always one that the pattern put there.
     */
    private void requireInjective() {
        require(
                !placeholders.isEmpty(),
                "The key pattern " + text + " has no placeholder, so all originals would get the same key. Add {key}.");
        require(
                placeholders.stream().distinct().count() == placeholders.size(),
                "The key pattern " + text + " contains a placeholder twice. Use each one once.");
        if (placeholders.contains(KEY)) {
            require(
                    placeholders.size() == 1,
                    "The key pattern " + text
                            + " combines {key} with other placeholders. Use {key} alone, or {name} and" + " {ext}.");
            return;
        }
        if (placeholders.size() == 1) {
            boolean isName = placeholders.contains(NAME);
            throw collision(
                    isName ? "photo.jpg" : "cat.jpg",
                    isName ? "photo.png" : "dog.jpg",
                    "Add " + (isName ? EXT : NAME) + ", or use {key} instead.");
        }
        String between = literals.get(1);
        if (lastSeparator(between) < 0) {
            boolean nameFirst = placeholders.get(0).equals(NAME);
            throw collision(
                    nameFirst ? "a.b" + between + "c" : "b" + between + "c.a",
                    nameFirst ? "a" + between + "b.c" : "c.a" + between + "b",
                    "Put a dot or a slash between {name} and {ext}, or use {key} instead.");
        }
    }

    private IllegalArgumentException collision(String original, String other, String advice) {
        return new IllegalArgumentException(
                "The key pattern " + text + " could overwrite the rendition of another original: " + original + " and "
                        + other + " would both become " + apply(original) + ". " + advice);
    }

    /** Checks that browsers do not change the path of a rendition, even if the original has no extension. */
    private void requireCleanPath() {
        String example = apply("photo");
        require(
                !("/" + example + "/").matches(".*/(\\.{0,2})/.*"),
                "The key pattern " + text + " would turn photo into " + example
                        + ", which some clients cannot address. Avoid a slash at the start or the end, two slashes in a"
                        + " row, and \".\" or \"..\" between slashes.");
    }

    /** Returns the key of the rendition of an original. */
    public String apply(String originalKey) {
        String file = originalKey.substring(originalKey.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        // ".htaccess" and "..jpg" have no extension, so that no name ends with an empty segment, "." or ".."
        boolean hasExtension = dot < file.length() - 1
                && !file.substring(0, Math.max(0, dot)).replace(".", "").isEmpty();
        String extension = hasExtension ? file.substring(dot + 1) : "";
        StringBuilder key = new StringBuilder(literals.get(0));
        for (int i = 0; i < placeholders.size(); i++) {
            switch (placeholders.get(i)) {
                case KEY -> key.append(originalKey);
                case NAME ->
                    key.append(originalKey, 0, originalKey.length() - (hasExtension ? extension.length() + 1 : 0));
                default -> key.append(extension);
            }
            key.append(literals.get(i + 1));
        }
        return key.toString();
    }

    /**
     * Returns the text before {@code {key}} if the pattern consists of nothing else, and otherwise empty. The keys of such renditions have
     * the same order as the keys of their originals, and without this text they are the keys of their originals.
     *
     * <p>No key of another pattern begins with this text, unless the patterns {@linkplain #mayMeet may meet}.
     */
    public Optional<String> textBeforeKey() {
        return placeholders.equals(List.of(KEY)) && lastLiteral().isEmpty()
                ? Optional.of(literals.get(0))
                : Optional.empty();
    }

    /** Returns how many bytes the key of a rendition can be longer than that of its original, in UTF-8. */
    public int addedBytes() {
        return String.join("", literals).getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Returns whether a rendition by this pattern could have the same key as one by the other pattern, possibly of
     * another original. Returns true if in doubt.
     *
     * <p>If two keys are equal, one of the texts at the start of the patterns is a prefix of the other, and one of the
     * texts at the end is a suffix of the other. If both patterns put a name before an extension and end with the same
     * text, then the last dot or slash before that text comes from the patterns, because extensions contain none. It is
     * at the same place in both keys, so the texts of the patterns also agree before and after it.
     */
    public boolean mayMeet(KeyPattern other) {
        if (!startAlike(literals.get(0), other.literals.get(0)) || !endAlike(lastLiteral(), other.lastLiteral())) {
            return false;
        }
        if (!endsWithExtension() || !other.endsWithExtension() || !lastLiteral().equals(other.lastLiteral())) {
            return true;
        }
        String between = literals.get(1);
        String otherBetween = other.literals.get(1);
        int split = lastSeparator(between) + 1;
        int otherSplit = lastSeparator(otherBetween) + 1;
        return endAlike(between.substring(0, split), otherBetween.substring(0, otherSplit))
                && startAlike(between.substring(split), otherBetween.substring(otherSplit));
    }

    private boolean endsWithExtension() {
        return placeholders.equals(List.of(NAME, EXT));
    }

    private String lastLiteral() {
        return literals.get(literals.size() - 1);
    }

    private static int lastSeparator(String text) {
        return Math.max(text.lastIndexOf('.'), text.lastIndexOf('/'));
    }

    private static boolean startAlike(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    private static boolean endAlike(String one, String other) {
        return one.endsWith(other) || other.endsWith(one);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyPattern pattern && text.equals(pattern.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
