// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.ConformanceScenes.translucent;
import static io.github.camelthumbnails.image.Pictures.ascii;

import java.awt.image.BufferedImage;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares thumbnails of every kind of WebP with the reference. */
class WebpConformanceTest {

    static Stream<Conformance.Case> webp() {
        BufferedImage photo = photo(160, 120);
        BufferedImage translucent = translucent(160, 120);
        BufferedImage odd = photo(255, 257);
        byte[] lossy = ConformanceWebp.write(photo, true);
        return Stream.of(
                webp("lossy", lossy, photo),
                webp("lossless", ConformanceWebp.write(photo, false), photo),
                webp("lossy with alpha", ConformanceWebp.write(translucent, true), translucent),
                webp("lossless with alpha", ConformanceWebp.write(translucent, false), translucent),
                webp("255 x 257", ConformanceWebp.write(odd, true), odd),
                webp("extended", ConformanceWebp.extended(photo, lossy, null, null, ascii("<x/>")), photo));
    }

    private static Conformance.Case webp(String name, byte[] file, BufferedImage upright) {
        return new Conformance.Case(name, ImageFormat.WEBP, file, upright, Conformance.Tolerance.PHOTO);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void webp(Conformance.Case picture) throws Exception {
        Conformance.assertConforms(picture);
    }
}
