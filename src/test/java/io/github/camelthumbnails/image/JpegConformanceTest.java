// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.greyPhoto;
import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.ConformanceScenes.ramp;
import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageWriteParam;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares thumbnails of every kind of JPEG with the reference. */
class JpegConformanceTest {

    static Stream<Conformance.Case> jpeg() {
        List<Conformance.Case> cases = new ArrayList<>();
        BufferedImage photo = photo(160, 120);
        BufferedImage grey = greyPhoto(160, 120);
        for (ConformanceJpeg.Color color : ConformanceJpeg.Color.values()) {
            BufferedImage image = color == ConformanceJpeg.Color.GREY ? grey : photo;
            cases.add(jpeg(color.name(), ConformanceJpeg.write(image, color), image));
        }
        int[][] samplings = {{1, 1}, {2, 1}, {2, 2}, {1, 2}, {4, 1}, {4, 2}, {1, 4}};
        for (int[] s : samplings) {
            String name = s[0] + " x " + s[1] + " pixels for each chroma sample";
            cases.add(jpeg(name, ycc(photo, s[0], s[1], 0, false), photo));
            cases.add(jpeg(name + ", a scan each", ycc(photo, s[0], s[1], 0, true), photo));
        }
        for (ConformanceJpeg.Color color : List.of(ConformanceJpeg.Color.YCCK, ConformanceJpeg.Color.CMYK)) {
            byte[] file = ConformanceJpeg.write(photo, color, 2, 2, 0, false);
            cases.add(jpeg(color + " of 2 x 2", file, photo));
        }
        cases.add(jpeg("restart markers", ycc(photo, 2, 2, 3, false), photo));
        cases.add(jpeg("a restart marker for each unit", ycc(photo, 2, 1, 1, false), photo));
        cases.add(jpeg("restart markers in a scan each", ycc(photo, 2, 2, 7, true), photo));

        BufferedImage opaque = ConformanceScenes.as(BufferedImage.TYPE_INT_RGB, photo);
        BufferedImage opaqueGrey = ConformanceScenes.as(BufferedImage.TYPE_BYTE_GRAY, grey);
        Consumer<ImageWriteParam> good = param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0.97f);
        };
        Consumer<ImageWriteParam> progressive =
                good.andThen(param -> param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT));
        Consumer<ImageWriteParam> optimized =
                good.andThen(param -> ((JPEGImageWriteParam) param).setOptimizeHuffmanTables(true));
        byte[] plain = Pictures.encode(opaque, ImageFormat.JPEG, good);
        cases.add(jpeg("of the JDK", plain, photo));
        cases.add(jpeg("progressive", Pictures.encode(opaque, ImageFormat.JPEG, progressive), photo));
        cases.add(jpeg("progressive grey", Pictures.encode(opaqueGrey, ImageFormat.JPEG, progressive), grey));
        cases.add(jpeg("optimised", Pictures.encode(opaque, ImageFormat.JPEG, optimized), photo));
        byte[] many = concat(
                ConformanceJpeg.segment(0xE1, ascii("http://ns.adobe.com/xap/1.0/\0<x/>")),
                ConformanceJpeg.segment(0xE2, ascii("MPF\0")),
                ConformanceJpeg.segment(0xED, ascii("Photoshop 3.0\0")),
                ConformanceJpeg.segment(0xEC, new byte[60_000]),
                ConformanceJpeg.segment(0xFE, ascii("a comment")),
                new byte[] {(byte) 0xFF, (byte) 0xFF}); // fill bytes
        cases.add(jpeg("many segments", Pictures.insert(plain, many), photo));

        int[][] sides = {
            {1, 1},
            {2, 1},
            {1, 2},
            {1, 7},
            {7, 1},
            {2, 2},
            {3, 3},
            {5, 4},
            {3, 7},
            {8, 8},
            {9, 9},
            {15, 15},
            {16, 16},
            {17, 33},
            {1, 200},
            {200, 1},
            {1, 201},
            {201, 1},
            {255, 257},
            {256, 255}
        };
        for (int[] side : sides) {
            boolean large = side[0] > 200 && side[1] > 200;
            BufferedImage image = large ? photo(side[0], side[1]) : ramp(side[0], side[1]);
            Conformance.Tolerance tolerance = large ? Conformance.Tolerance.PHOTO : Conformance.Tolerance.FEW_PIXELS;
            for (int[] s : new int[][] {{1, 1}, {2, 1}, {2, 2}}) {
                String name = side[0] + " x " + side[1] + " of " + s[0] + " x " + s[1];
                byte[] file = ycc(image, s[0], s[1], 0, false);
                cases.add(new Conformance.Case(name, ImageFormat.JPEG, file, image, tolerance));
            }
            cases.add(new Conformance.Case(
                    side[0] + " x " + side[1] + " progressive",
                    ImageFormat.JPEG,
                    Pictures.encode(
                            ConformanceScenes.as(BufferedImage.TYPE_INT_RGB, image), ImageFormat.JPEG, progressive),
                    image,
                    tolerance));
        }
        return cases.stream();
    }

    private static Conformance.Case jpeg(String name, byte[] file, BufferedImage upright) {
        return new Conformance.Case(name, ImageFormat.JPEG, file, upright, Conformance.Tolerance.PHOTO);
    }

    private static byte[] ycc(BufferedImage image, int horizontal, int vertical, int restart, boolean scans) {
        return ConformanceJpeg.write(image, ConformanceJpeg.Color.YCC, horizontal, vertical, restart, scans);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void jpeg(Conformance.Case picture) throws Exception {
        Conformance.assertConforms(picture);
    }
}
