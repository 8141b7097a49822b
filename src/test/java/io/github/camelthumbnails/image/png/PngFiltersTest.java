// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.png;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PngFiltersTest {

    /** Compares all possible inputs with the definition in section 9.4 of the PNG specification. */
    @Test
    void predictsAsSpecified() {
        int wrong = 0;
        for (int left = 0; left < 256; left++) {
            for (int above = 0; above < 256; above++) {
                for (int aboveLeft = 0; aboveLeft < 256; aboveLeft++) {
                    int predicted = PngFilters.predict(left, above, aboveLeft);
                    wrong += predicted == paeth(left, above, aboveLeft) ? 0 : 1;
                }
            }
        }
        assertThat(wrong).isZero();
    }

    private static int paeth(int left, int above, int aboveLeft) {
        int initial = left + above - aboveLeft;
        int toLeft = Math.abs(initial - left);
        int toAbove = Math.abs(initial - above);
        int toAboveLeft = Math.abs(initial - aboveLeft);
        if (toLeft <= toAbove && toLeft <= toAboveLeft) {
            return left;
        }
        return toAbove <= toAboveLeft ? above : aboveLeft;
    }
}
