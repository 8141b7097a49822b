// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.ConformanceScenes.stored;
import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cameras store a picture as their sensor lies, and say how it is to be turned. */
class OrientationConformanceTest {

    static Stream<Conformance.Case> turned() {
        List<Conformance.Case> cases = new ArrayList<>();
        BufferedImage upright = photo(128, 94);
        for (int orientation = 1; orientation <= 8; orientation++) {
            BufferedImage stored = stored(upright, orientation);
            for (ImageFormat format : List.of(ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP, ImageFormat.TIFF)) {
                for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                    String name = "orientation " + orientation + ", " + order;
                    byte[] file = ConformanceExif.withOrientation(stored, format, order, orientation);
                    cases.add(new Conformance.Case(name, format, file, upright, Conformance.Tolerance.PHOTO));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void turned(Conformance.Case picture) throws Exception {
        Conformance.conforms(picture);
        String bytes = Conformance.text(
                Conformance.THUMBNAILER.thumbnail(picture.file()).bytes());
        assertThat(bytes).as("%s has nothing to turn it again", picture).doesNotContain("Exif\0", "eXIf", "EXIF");
    }
}
