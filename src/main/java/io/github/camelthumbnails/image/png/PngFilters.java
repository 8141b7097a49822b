// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import java.io.IOException;

/**
 * Undoes the filters of the rows of a PNG. That of most photos, Paeth's, is done without branches, which a processor cannot
 * foresee here.
 */
final class PngFilters {

    private PngFilters() {}

    /**
     * Turns a filtered row into samples.
     *
     * @param row begins with the byte that says which filter it has
     * @param above the row before it, done; zero for the first
     * @throws IOException if there is no such filter
     */
    static void undo(byte[] row, byte[] above, int bytesPerPixel) throws IOException {
        int second = 1 + bytesPerPixel;
        switch (row[0]) {
            case 0 -> {}
            case 1 -> {
                for (int i = second; i < row.length; i++) {
                    row[i] += row[i - bytesPerPixel];
                }
            }
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
            default -> throw new IOException("filter " + row[0]);
        }
    }

    private static void paeth(byte[] row, byte[] above, int bytesPerPixel) {
        for (int i = 1; i < row.length; i++) {
            boolean first = i <= bytesPerPixel;
            int left = first ? 0 : row[i - bytesPerPixel] & 0xFF;
            int aboveLeft = first ? 0 : above[i - bytesPerPixel] & 0xFF;
            row[i] += (byte) predicted(left, above[i] & 0xFF, aboveLeft);
        }
    }

    /** The same for three bytes, with what was just written at hand: twice as fast. */
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
            left0 = row[i] + predicted(left0, above0, aboveLeft0) & 0xFF;
            left1 = row[i + 1] + predicted(left1, above1, aboveLeft1) & 0xFF;
            left2 = row[i + 2] + predicted(left2, above2, aboveLeft2) & 0xFF;
            row[i] = (byte) left0;
            row[i + 1] = (byte) left1;
            row[i + 2] = (byte) left2;
            aboveLeft0 = above0;
            aboveLeft1 = above1;
            aboveLeft2 = above2;
        }
    }

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
            left0 = row[i] + predicted(left0, above0, aboveLeft0) & 0xFF;
            left1 = row[i + 1] + predicted(left1, above1, aboveLeft1) & 0xFF;
            left2 = row[i + 2] + predicted(left2, above2, aboveLeft2) & 0xFF;
            left3 = row[i + 3] + predicted(left3, above3, aboveLeft3) & 0xFF;
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
     * The one of three that is nearest to left + above - aboveLeft, the first of equals, as PNG has it.
     *
     * <p>Said in another way, which takes fewer steps and no branch: the greater of left and above if aboveLeft is low enough, the
     * lesser if it is high enough, else aboveLeft. "Low" and "high" are where two distances are equal, and both can be asked of
     * 3 * aboveLeft - left - above.
     */
    static int predicted(int left, int above, int aboveLeft) {
        int threshold = 3 * aboveLeft - left - above;
        int difference = left - above;
        int negative = difference & difference >> 31; // or zero
        int lesser = above + negative;
        int greater = left - negative;
        // All ones if so, else zero.
        int isBelowGreater = threshold - greater >> 31;
        int isAboveLesser = lesser - threshold >> 31;
        int notGreater = lesser + (aboveLeft - lesser & isBelowGreater);
        return greater + (notGreater - greater & isAboveLesser);
    }
}
