// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionBudgetTest {

    @ParameterizedTest
    @CsvSource({
        "2000, 1048576, 2000, 1200",
        "2000, 4400, 2000, 1200",
        "2000, 4398, 1999, 1200",
        "2000, 1024, 312, 279",
        "2000, 512, 56, 45",
        "2000, 64, 10, 9",
        "5, 1048576, 5, 1"
    })
    void connectionsNeedTwoDescriptorsEachPlusAReserve(int wanted, long descriptors, int connections, int uploads) {
        ConnectionBudget budget = ConnectionBudget.of(wanted, descriptors);

        assertThat(budget.connections()).isEqualTo(connections);
        assertThat(budget.uploads(1200)).isEqualTo(uploads);
    }

    @ParameterizedTest
    @CsvSource({"2000, 4400", "312, 1024"})
    void descriptorsForReturnsJustEnoughForTheConnections(int connections, long descriptors) {
        assertThat(ConnectionBudget.descriptorsFor(connections)).isEqualTo(descriptors);
        assertThat(ConnectionBudget.of(connections, descriptors).connections()).isEqualTo(connections);
    }
}
