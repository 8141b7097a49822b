// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/** Checks the API keys of uploaders and operators at start-up. The messages never contain a key. */
final class KeyChecks {

    /** Minimum length of an API key: 16 hexadecimal digits are 64 bits. */
    private static final int MIN_LENGTH = 16;

    private KeyChecks() {}

    /**
     * Checks the keys of uploaders.
     *
     * @param settings returns the value of a setting
     * @throws IllegalArgumentException if a key is missing or too short
     */
    static void checkUploaders(UnaryOperator<String> settings) {
        check("api", "API", "clients", settings);
    }

    /**
     * Checks the keys of operators, who must not share them with uploaders.
     *
     * @param settings returns the value of a setting
     * @throws IllegalArgumentException if a key is missing, too short, or also one of an uploader
     */
    static void checkOperators(UnaryOperator<String> settings) {
        check("operate", "OPERATE", "operators", settings);
        require(
                Collections.disjoint(
                        Beans.apiKeys(settings.apply("operate.keys")), Beans.apiKeys(settings.apply("api.keys"))),
                "operate.keys has a key that is also in api.keys: give operators keys that uploaders do not have");
    }

    private static void check(String prefix, String variable, String who, UnaryOperator<String> settings) {
        String required = settings.apply(prefix + ".keyRequired");
        require(required.matches("true|false"), prefix + ".keyRequired is " + required + ": set it to true or false");
        if (required.equals("false")) {
            return;
        }
        List<String> keys = Beans.apiKeys(settings.apply(prefix + ".keys"));
        require(
                !keys.isEmpty(),
                prefix + ".keys is empty: set it (" + variable + "_KEYS) to the keys that " + who
                        + " send in the header x-api-key. If a gateway in front authenticates " + who + ", set "
                        + prefix
                        + ".keyRequired (" + variable + "_KEYREQUIRED) to false");
        require(
                keys.stream().allMatch(key -> key.length() >= MIN_LENGTH),
                prefix + ".keys has a key that is too short: use keys of at least " + MIN_LENGTH + " characters");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
