// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImagePackagesTest {

    private static final Path IMAGE = Path.of("src/main/java/io/github/camelthumbnails/image");

    @ParameterizedTest
    @ValueSource(strings = {"exif", "imageio", "limits", "pixels"})
    void sharedPackageDoesNotDependOnACodec(String name) throws IOException {
        List<String> codecs;
        try (Stream<Path> files =
                Files.find(IMAGE, 2, (path, file) -> path.toString().endsWith("Codec.java"))) {
            codecs = files.filter(file -> !file.getParent().equals(IMAGE))
                    .map(file -> "import io.github.camelthumbnails.image."
                            + file.getParent().getFileName() + ".")
                    .toList();
        }
        assertThat(codecs).hasSizeGreaterThan(5);

        try (Stream<Path> files = Files.list(IMAGE.resolve(name))) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file)).doesNotContain(codecs);
            }
        }
    }
}
