// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import java.io.IOException;

/**
 * Reverses the filters that a PNG encoder has applied to the rows. The Paeth filter, which most photos use, is computed
 * without branches, because the processor could not predict them.
 */
final class PngFilters {

    private PngFilters() {}

    /**
     * Reverses the filter of a row in place.
     *
     * @param row the filtered row; its first byte selects the filter
     * @param above the unfiltered row above; all zero for the first row
     * @param bytesPerPixel bytes per pixel, at least 1
     * @throws IOException if the filter is unknown
     */
    static void undo(byte[] row, byte[] above, int bytesPerPixel) throws IOException {
        int second = 1 + bytesPerPixel;
        switch (row[0]) {
            case 0 -> {}
            case 1 -> addLeft(row, bytesPerPixel);
            case 2 -> {
                for (int i = 1; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = 1; i < row.length; i++) {
                    int left = i < second ? 0 : row[i - bytesPerPixel] & 0xFF;
                    row[i] += (byte) (left + (above[i] & 0xFF) >> 1);
                }
            }
            case 4 -> {
                switch (bytesPerPixel) {
                    case 3 -> paeth3(row, above);
                    case 4 -> paeth4(row, above);
                    default -> paeth(row, above, bytesPerPixel);
                }
            }
            default -> throw new IOException("unknown filter " + row[0]);
        }
    }

    /** Adds up the bytes of each channel in a register, which is faster than reading back what was just written. */
    private static void addLeft(byte[] row, int bytesPerPixel) {
        for (int channel = 1; channel <= bytesPerPixel; channel++) {
            byte sum = 0;
            for (int i = channel; i < row.length; i += bytesPerPixel) {
                sum += row[i];
                row[i] = sum;
            }
        }
    }

    private static void paeth(byte[] row, byte[] above, int bytesPerPixel) {
        for (int i = 1; i < row.length; i++) {
            boolean first = i <= bytesPerPixel;
            int left = first ? 0 : row[i - bytesPerPixel] & 0xFF;
            int aboveLeft = first ? 0 : above[i - bytesPerPixel] & 0xFF;
            row[i] += (byte) predict(left, above[i] & 0xFF, aboveLeft);
        }
    }

    /**
     * Reverses the Paeth filter for three bytes per pixel. Twice as fast as the general form, as it keeps the last
     * pixel in registers.
     */
    private static void paeth3(byte[] row, byte[] above) {
        int left0 = 0;
        int left1 = 0;
        int left2 = 0;
        int aboveLeft0 = 0;
        int aboveLeft1 = 0;
        int aboveLeft2 = 0;
        for (int i = 1; i + 2 < row.length; i += 3) {
            int above0 = above[i] & 0xFF;
            int above1 = above[i + 1] & 0xFF;
            int above2 = above[i + 2] & 0xFF;
            left0 = row[i] + predict(left0, above0, aboveLeft0) & 0xFF;
            left1 = row[i + 1] + predict(left1, above1, aboveLeft1) & 0xFF;
            left2 = row[i + 2] + predict(left2, above2, aboveLeft2) & 0xFF;
            row[i] = (byte) left0;
            row[i + 1] = (byte) left1;
            row[i + 2] = (byte) left2;
            aboveLeft0 = above0;
            aboveLeft1 = above1;
            aboveLeft2 = above2;
        }
    }

    /** Reverses the Paeth filter for four bytes per pixel, in the same way as for three. */
    private static void paeth4(byte[] row, byte[] above) {
        int left0 = 0;
        int left1 = 0;
        int left2 = 0;
        int left3 = 0;
        int aboveLeft0 = 0;
        int aboveLeft1 = 0;
        int aboveLeft2 = 0;
        int aboveLeft3 = 0;
        for (int i = 1; i + 3 < row.length; i += 4) {
            int above0 = above[i] & 0xFF;
            int above1 = above[i + 1] & 0xFF;
            int above2 = above[i + 2] & 0xFF;
            int above3 = above[i + 3] & 0xFF;
            left0 = row[i] + predict(left0, above0, aboveLeft0) & 0xFF;
            left1 = row[i + 1] + predict(left1, above1, aboveLeft1) & 0xFF;
            left2 = row[i + 2] + predict(left2, above2, aboveLeft2) & 0xFF;
            left3 = row[i + 3] + predict(left3, above3, aboveLeft3) & 0xFF;
            row[i] = (byte) left0;
            row[i + 1] = (byte) left1;
            row[i + 2] = (byte) left2;
            row[i + 3] = (byte) left3;
            aboveLeft0 = above0;
            aboveLeft1 = above1;
            aboveLeft2 = above2;
            aboveLeft3 = above3;
        }
    }

    /**
     * Returns the Paeth predictor: the one of left, above and aboveLeft that is nearest to left + above - aboveLeft,
     * and the first of them in a tie.
     *
     * <p>An equivalent definition needs fewer steps and no branch: the greater of left and above if aboveLeft is low
     * enough, the lesser of them if it is high enough, else aboveLeft. The limits for "low" and "high" are where two
     * distances are equal. Comparing 3 * aboveLeft - left - above with the greater and the lesser value checks both.
     */
    static int predict(int left, int above, int aboveLeft) {
        int threshold = 3 * aboveLeft - left - above;
        int difference = left - above;
        int negative = difference & difference >> 31; // the difference if negative, else zero
        int lesser = above + negative;
        int greater = left - negative;
        // Bit masks: all ones for true, zero for false.
        int isBelowGreater = threshold - greater >> 31;
        int isAboveLesser = lesser - threshold >> 31;
        int notGreater = lesser + (aboveLeft - lesser & isBelowGreater);
        return greater + (notGreater - greater & isAboveLesser);
    }
}
