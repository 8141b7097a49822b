// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.rendition;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Suggests the valid word that is closest to a misspelt one. */
public final class NearestWord {

    private NearestWord() {}

    /**
     * Returns the last sentence of an error message: it suggests the closest of the valid words if that is close enough
     * to be what was meant, otherwise all of them.
     */
    public static String suggest(String word, List<String> valid) {
        String nearest = find(word, valid);
        if (distance(word, nearest) <= nearest.length() / 2) {
            return "Did you mean " + nearest + "?";
        }
        int last = valid.size() - 1;
        return "Use " + String.join(", ", valid.subList(0, last)) + " or " + valid.get(last) + ".";
    }

    /** Returns the closest of the valid words, and the first of them if several are equally close. */
    static String find(String word, List<String> valid) {
        return valid.stream()
                .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
                .orElseThrow();
    }

    /** Returns the Levenshtein distance: how many letters to insert, remove or replace. Ignores case. */
    private static int distance(String word, String candidate) {
        String lower = word.toLowerCase(Locale.ROOT);
        String lowerCandidate = candidate.toLowerCase(Locale.ROOT);
        int[] row = new int[candidate.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= lower.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replace = diagonal + (lower.charAt(i - 1) == lowerCandidate.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[candidate.length()];
    }
}
