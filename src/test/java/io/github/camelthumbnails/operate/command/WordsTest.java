// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.QueueAges;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59, 59 s",
        "60, 1 min",
        "3599, 59 min",
        "3600, 1 h 0 min",
        "86399, 23 h 59 min",
        "86400, 1 d 0 h",
        "1209599, 13 d 23 h",
    })
    void agesHaveTwoUnitsAtMost(long seconds, String words) {
        assertThat(Words.age(new QueueAges.Age(seconds, null))).isEqualTo(words);
    }
}
