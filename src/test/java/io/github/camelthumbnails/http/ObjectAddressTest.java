// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectAddressTest {

    private final ObjectAddress address = new ObjectAddress("dev", 1016, "originals");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "photo.jpg               | photo.jpg",
                "2026/11/photo.jpg       | 2026/11/photo.jpg",
                "red%20flower.jpg        | red flower.jpg",
                "a+b.jpg                 | a+b.jpg",
                "a%2Bb.jpg               | a+b.jpg",
                "100%25.jpg              | 100%.jpg",
                "a%2Fb.jpg               | a/b.jpg",
                "%ED%95%9C%F0%9F%98%80   | 한😀",
                "$%7Benv:HOME%7D.jpg     | ${env:HOME}.jpg",
                "a//b.jpg                | a//b.jpg",
                "/a.jpg                  | /a.jpg",
                "folder/                 | folder/",
                "..jpg                   | ..jpg",
                "a%3Fb%23c.jpg           | a?b#c.jpg",
                "a.jpg?bucket=b&x=/y     | a.jpg"
            })
    void keyIsTheRestOfThePathDecoded(String path, String key) throws Exception {
        assertThat(address.parse("/dev/originals/" + path).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/                          | 400 | the bucket is missing",
                "/dev                       | 400 | the bucket is missing",
                "/dev/originals             | 400 | the key is missing",
                "/dev/originals/            | 400 | the key is missing",
                "/dev/originals?key=a       | 400 | the key is missing",
                "http://host/dev/originals/ | 400 | the key is missing",
                "http://host                | 400 | the bucket is missing",
                "http://h#/dev/originals/a  | 400 | the bucket is missing",
                "*                          | 400 | the bucket is missing",
                "/prod/originals/a          | 404 | the stage dev",
                "/dev/thumbnails/a          | 403 | the bucket originals",
                "/dev//a                    | 403 | the bucket originals",
                "/dev/originals/a%00b       | 400 | control character",
                "/dev/originals/a%0Ab       | 400 | control character",
                "/dev/originals/a%C2%85b    | 400 | control character",
                "/dev/originals/a%EF%BF%BFb | 400 | control character",
                "/dev/originals/..          | 400 | '..' segment",
                "/dev/originals/a/../b      | 400 | '..' segment",
                "/dev/originals/a/%2E%2E/b  | 400 | '..' segment",
                "/dev/originals/a%2F..%2Fb  | 400 | '..' segment",
                "/dev/originals/./a         | 400 | '.' or",
                "/dev/originals/100%        | 400 | not percent-encoded UTF-8",
                "/dev/originals/%zz         | 400 | not percent-encoded UTF-8",
                "/dev/originals/%FF         | 400 | not percent-encoded UTF-8",
                "/dev/originals/%C0%80      | 400 | not percent-encoded UTF-8",
                "/dev/originals/é           | 400 | Percent-encode it",
                "/dev/originals/a#1.jpg     | 400 | Percent-encode it"
            })
    void invalidAddressIsRefused(String uri, int status, String detail) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> address.parse(uri).key())
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }

    @Test
    void keyThatLeavesNoRoomForTheThumbnailsPrefixIsRefused() throws Exception {
        String longest = "한".repeat(338) + "ab"; // 1016 bytes
        assertThat(address.parse("/dev/originals/" + "%ED%95%9C".repeat(338) + "ab")
                        .key())
                .isEqualTo(longest);

        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> address.parse("/dev/originals/" + "%ED%95%9C".repeat(338) + "abc")
                        .key())
                .withMessageContaining("1017 bytes")
                .withMessageContaining("1016");
    }
}
