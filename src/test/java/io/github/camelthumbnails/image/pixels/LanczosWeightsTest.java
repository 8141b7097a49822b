// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.pixels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanczosWeightsTest {

    @ParameterizedTest
    @CsvSource({"1000, 640", "1000, 999", "750, 640", "100, 250", "1, 7", "5, 2", "64, 1"})
    void theWeightsOfEachPixelAddUpToExactlyOne(int source, int target) {
        LanczosWeights weights = LanczosWeights.create(source, target, (double) source / target, 11);

        for (int i = 0; i < target; i++) {
            int start = i * LanczosWeights.GROUP;
            int sum = Arrays.stream(weights.groups())
                    .mapToInt(group -> Arrays.stream(group, start, start + LanczosWeights.GROUP)
                            .sum())
                    .sum();
            assertThat(sum).isEqualTo(1 << 11);
        }
    }
}
