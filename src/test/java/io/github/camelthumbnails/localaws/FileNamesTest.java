// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.localaws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FileNamesTest {

    static Stream<String> keys() {
        return Stream.of(
                "photo.jpg",
                "a/b",
                "a//b",
                "/",
                "/a",
                "a/",
                ".",
                "..",
                "../../etc/passwd",
                ".mpus-1",
                "A",
                "a",
                "a+b c%20",
                "~/",
                "한😀",
                "k".repeat(1024),
                "K".repeat(150),
                ".".repeat(151),
                "😀".repeat(256));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void fileNameIsDecodedToTheKey(String key) {
        assertThat(FileNames.decode(FileNames.encode(key))).isEqualTo(key);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void fileNameIsValidOnEveryFileSystem(String key) {
        String name = FileNames.encode(key);

        assertThat(name.split("/"))
                .allSatisfy(segment -> assertThat(segment)
                        .matches("[a-z0-9%_-][a-z0-9%._-]*~?")
                        .hasSizeLessThan(200));
    }

    @Test
    void differentKeysHaveDifferentNames() {
        Set<String> names = keys().map(FileNames::encode).collect(Collectors.toSet());

        assertThat(names).hasSize((int) keys().count());
    }
}
