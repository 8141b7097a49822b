// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final long MIB = 1 << 20;

    @Test
    void jvmAndHeapAreLeftOutOfTheMemoryOutside() {
        assertThat(MemoryBudget.divide(1024 * MIB, 300 * MIB, 50)).satisfies(budget -> {
            assertThat(budget.heap()).isBetween(149 * MIB, 150 * MIB);
            assertThat(budget.outside()).isEqualTo(524 * MIB);
        });
    }

    @Test
    void heapMayTakeAllMemory() {
        assertThat(MemoryBudget.divide(1024 * MIB, 900 * MIB, 50).outside()).isZero();
    }

    @Test
    void budgetOfThisProcessFitsItsHeap() {
        assertThat(MemoryBudget.ofProcess(50).heap())
                .isBetween(
                        Runtime.getRuntime().maxMemory() / 2 - 100,
                        Runtime.getRuntime().maxMemory() / 2);
    }
}
