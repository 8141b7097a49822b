// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.rendition.NearestWord;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Parses the reasons of failures that operators name. */
public final class Reasons {

    private Reasons() {}

    /**
     * Parses names of reasons, which may be separated by commas.
     *
     * @throws IllegalArgumentException if one of them does not exist; the message suggests another one
     */
    public static Set<FailureReason> parse(List<String> names) {
        Set<FailureReason> reasons = EnumSet.noneOf(FailureReason.class);
        for (String name : names.stream()
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList()) {
            reasons.add(parse(name));
        }
        return reasons;
    }

    private static FailureReason parse(String name) {
        List<FailureReason> all = List.of(FailureReason.values());
        return all.stream()
                .filter(reason -> reason.name().equalsIgnoreCase(name))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException("There is no reason " + name + ". "
                        + NearestWord.suggest(
                                name, all.stream().map(FailureReason::name).toList())));
    }

    /** Returns the reasons that a redrive retries by default: all except those caused by the picture itself. */
    public static Set<FailureReason> worthARetry() {
        Set<FailureReason> reasons = EnumSet.allOf(FailureReason.class);
        reasons.removeIf(FailureReason::isPictureAtFault);
        return reasons;
    }
}
