// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, bytes=0-0",
        "bytes=0-, bytes=0-9",
        "bytes=2-4, bytes=2-4",
        "bytes=9-9, bytes=9-9",
        "bytes=5-500, bytes=5-9",
        "bytes=5-99999999999999999999, bytes=5-9",
        "bytes=000000000000000000005-6, bytes=5-6",
        "bytes=-1, bytes=9-9",
        "bytes=-10, bytes=0-9",
        "bytes=-99999999999999999999, bytes=0-9",
        "Bytes=2-4, bytes=2-4"
    })
    void rangeIsLimitedToTheEndOfTheObject(String header, String expected) {
        assertThat(ByteRange.of(header, 10).header()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=5-2",
                "bytes=2-4,6-7",
                "bytes=2-4, bytes=2-4",
                "bytes=a-b",
                "bytes=1-2x",
                "bytes=+1-2",
                "bytes=1--2",
                "bytes = 1-2",
                "lines=1-2",
                "1-2"
            })
    void invalidAndMultipleRangesAreIgnored(String header) {
        assertThat(ByteRange.of(header, 10)).isSameAs(ByteRange.WHOLE);
        assertThat(ByteRange.of(header, 10).header()).isNull();
    }

    @Test
    void noHeaderMeansTheWholeObject() {
        assertThat(ByteRange.of(null, 10)).isSameAs(ByteRange.WHOLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=99999999999999999999-", "bytes=-0"})
    void rangeAfterTheEndIsUnsatisfiable(String header) {
        assertThat(ByteRange.of(header, 10)).isSameAs(ByteRange.UNSATISFIABLE);
    }

    @Test
    void firstByteOfAnEmptyObjectIsUnsatisfiableButASuffixRangeIsTheWholeObject() {
        assertThat(ByteRange.of("bytes=0-", 0)).isSameAs(ByteRange.UNSATISFIABLE);
        assertThat(ByteRange.of("bytes=-5", 0)).isSameAs(ByteRange.WHOLE);
    }
}
