// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import io.github.camelthumbnails.image.Preset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All renditions to make of each original, in the order of the setting {@code renditions}. */
public final class Renditions {

    /** S3's limit for the length of a key in UTF-8. */
    private static final int MAX_KEY_BYTES = 1024;

    /** Minimum of these bytes that are left for the key of an original. */
    private static final int MIN_ORIGINAL_KEY_BYTES = 900;

    private static final int HASH_BYTES = 8;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    private final List<ConfiguredRendition> renditions;
    private final String hash;

    private Renditions(List<ConfiguredRendition> renditions) {
        this.renditions = List.copyOf(renditions);
        this.hash = hash(renditions);
    }

    /**
     * Parses the settings of all renditions.
     *
     * @param names value of the setting {@code renditions}: the names, separated by commas
     * @param setting returns the value of a setting such as {@code renditions.card}, or empty if it is not set
     * @throws IllegalArgumentException if a setting is invalid or contradicts another one
     */
    public static Renditions parse(String names, Function<String, Optional<String>> setting) {
        List<ConfiguredRendition> renditions = new ArrayList<>();
        for (String name : names(names)) {
            String key = ConfiguredRendition.setting(name);
            String line = setting.apply(key)
                    .orElseThrow(() -> new IllegalArgumentException(key
                            + ": The setting is missing, but renditions contains " + name + ". Add it, for example "
                            + key
                            + "=fit:640x480"));
            ConfiguredRendition rendition = ConfiguredRendition.parse(name, line);
            checkLength(rendition);
            renditions.forEach(other -> checkApart(other, rendition));
            renditions.add(rendition);
        }
        return new Renditions(renditions);
    }

    private static List<String> names(String list) {
        require(!list.isBlank(), "renditions: The list is empty. Add a name, for example renditions=thumbnail");
        List<String> names = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            String name = part.strip();
            require(!name.isEmpty(), "renditions: A name is missing before or after a comma. Remove the extra comma.");
            require(
                    NAME.matcher(name).matches(),
                    "renditions: " + name
                            + " is not a valid name. Use at most 32 lower-case letters, digits and hyphens,"
                            + " begin with a letter, and separate names by commas.");
            for (String other : names) {
                require(!name.equals(other), "renditions: " + name + " is listed twice. Remove one of them.");
            }
            names.add(name);
        }
        return names;
    }

    private static void checkLength(ConfiguredRendition rendition) {
        int added = rendition.key().addedBytes();
        int left = MAX_KEY_BYTES - added;
        require(
                left >= MIN_ORIGINAL_KEY_BYTES,
                setting(rendition) + ": The key pattern adds " + added
                        + " bytes to the key of an original, which leaves it "
                        + left + " of the " + MAX_KEY_BYTES + " bytes that S3 allows. Shorten the pattern by "
                        + (MIN_ORIGINAL_KEY_BYTES - left) + " bytes to leave at least " + MIN_ORIGINAL_KEY_BYTES + ".");
    }

    private static void checkApart(ConfiguredRendition one, ConfiguredRendition other) {
        require(
                !one.key().mayMeet(other.key()),
                setting(other) + ": The key pattern " + other.key() + " can lead to the same key as " + one.key()
                        + " of "
                        + setting(one)
                        + ", so one rendition could overwrite the other. Begin or end them differently, for"
                        + " example key:" + defaultKey(one) + " and key:" + defaultKey(other));
    }

    private static String setting(ConfiguredRendition rendition) {
        return ConfiguredRendition.setting(rendition.preset().name());
    }

    private static KeyPattern defaultKey(ConfiguredRendition rendition) {
        return ConfiguredRendition.defaultKey(rendition.preset().name());
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Returns what to make of each original. */
    public List<Preset> presets() {
        return renditions.stream().map(ConfiguredRendition::preset).toList();
    }

    /** Returns the keys of the renditions of an original by the names of the renditions, in their order. */
    public Map<String, String> keys(String originalKey) {
        Map<String, String> keys = new LinkedHashMap<>();
        renditions.forEach(
                rendition -> keys.put(rendition.preset().name(), rendition.key().apply(originalKey)));
        return Collections.unmodifiableMap(keys);
    }

    /**
     * Returns for each rendition the text before the key of the original, or empty if its keys have another form. With such a text, a
     * listing of the renditions has the same order as a listing of the originals. No text is the start of another one.
     */
    public List<Optional<String>> textsBeforeKey() {
        return renditions.stream()
                .map(rendition -> rendition.key().textBeforeKey())
                .toList();
    }

    /** Returns the maximum length of an original's key in UTF-8, so that S3 accepts the keys of all renditions. */
    public int maxOriginalKeyBytes() {
        return MAX_KEY_BYTES
                - renditions.stream()
                        .mapToInt(rendition -> rendition.key().addedBytes())
                        .max()
                        .orElseThrow();
    }

    /**
     * Returns a hash of the settings: 16 hexadecimal digits that change with a rendition or the order of renditions.
     * The order of words, white space and other ways to write the same value do not change it.
     */
    public String hash() {
        return hash;
    }

    private static String hash(List<ConfiguredRendition> renditions) {
        String text = renditions.stream().map(ConfiguredRendition::canonical).collect(Collectors.joining("\n"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
