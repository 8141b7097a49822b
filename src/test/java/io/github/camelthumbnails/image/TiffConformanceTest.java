// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.greyPhoto;
import static io.github.camelthumbnails.image.ConformanceScenes.indices;
import static io.github.camelthumbnails.image.ConformanceScenes.lookUp;
import static io.github.camelthumbnails.image.ConformanceScenes.palette;
import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.ConformanceScenes.reduced;
import static io.github.camelthumbnails.image.ConformanceScenes.translucent;

import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares thumbnails of most kinds of TIFF with the reference. */
class TiffConformanceTest {

    static Stream<Conformance.Case> tiff() {
        List<Conformance.Case> cases = new ArrayList<>();
        BufferedImage photo = photo(120, 90);
        BufferedImage grey = greyPhoto(120, 90);
        BufferedImage bits = reduced(grey, 1);
        BufferedImage negative = ConformanceScenes.draw(120, 90, (x, y) -> grey.getRGB(x, y) ^ 0xFFFFFF);
        BufferedImage negativeBits = reduced(negative, 1);
        BufferedImage translucent = translucent(120, 90);
        BufferedImage premultiplied =
                ConformanceScenes.draw(120, 90, (x, y) -> premultiplied(translucent.getRGB(x, y)));
        int[][] indices = indices(120, 90, 256);
        int[] palette = palette(256);
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            for (ConformanceTiff.Layout layout : ConformanceTiff.Layout.values()) {
                Map<String, Map<Integer, Object>> pages = new TreeMap<>();
                Map<String, BufferedImage> uprights = new TreeMap<>();
                for (int depth : new int[] {8, 16}) {
                    pages.put(
                            "grey " + depth,
                            ConformanceTiff.page(
                                    order, grey, ConformanceTiff.BLACK_IS_ZERO, depth, layout, ConformancePng.GREY));
                    uprights.put("grey " + depth, grey);
                    pages.put(
                            "RGB " + depth,
                            ConformanceTiff.page(order, photo, ConformanceTiff.RGB, depth, layout, ConformancePng.RGB));
                    uprights.put("RGB " + depth, photo);
                }
                pages.put(
                        "white is zero",
                        ConformanceTiff.page(
                                order, negative, ConformanceTiff.WHITE_IS_ZERO, 8, layout, ConformancePng.GREY));
                uprights.put("white is zero", grey);
                pages.put(
                        "1 bit",
                        ConformanceTiff.page(
                                order, bits, ConformanceTiff.BLACK_IS_ZERO, 1, layout, ConformancePng.GREY));
                uprights.put("1 bit", bits);
                pages.put(
                        "1 bit, white is zero",
                        ConformanceTiff.page(
                                order, negativeBits, ConformanceTiff.WHITE_IS_ZERO, 1, layout, ConformancePng.GREY));
                uprights.put("1 bit, white is zero", bits);
                Map<Integer, Object> colors = ConformanceTiff.page(
                        order, 120, 90, ConformanceTiff.PALETTE, 8, layout, ConformancePng.samples(indices));
                colors.put(ConformanceTiff.COLOR_MAP, ConformanceTiff.colorMap(palette));
                pages.put("palette", colors);
                uprights.put("palette", lookUp(indices, palette));
                pages.put(
                        "CMYK",
                        ConformanceTiff.page(
                                order, 120, 90, ConformanceTiff.CMYK, 8, layout, ConformanceTiff.inks(photo)));
                uprights.put("CMYK", photo);
                for (int depth : new int[] {8, 16}) {
                    Map<Integer, Object> alpha = ConformanceTiff.page(
                            order, translucent, ConformanceTiff.RGB, depth, layout, ConformancePng.RGBA);
                    alpha.put(ConformanceTiff.EXTRA_SAMPLES, new int[] {2});
                    pages.put("alpha " + depth, alpha);
                    uprights.put("alpha " + depth, translucent);
                }
                Map<Integer, Object> associated =
                        ConformanceTiff.page(order, premultiplied, ConformanceTiff.RGB, 8, layout, ConformancePng.RGBA);
                associated.put(ConformanceTiff.EXTRA_SAMPLES, new int[] {1});
                pages.put("premultiplied alpha", associated);
                uprights.put("premultiplied alpha", translucent);
                pages.forEach((name, page) -> cases.add(tiff(
                        name + ", " + layout + ", " + order,
                        ConformanceTiff.file(order, List.of(page)),
                        uprights.get(name))));
            }
            Map<Integer, Object> first = ConformanceTiff.page(
                    order, photo, ConformanceTiff.RGB, 8, ConformanceTiff.Layout.STRIPS, ConformancePng.RGB);
            Map<Integer, Object> second = ConformanceTiff.page(
                    order, grey, ConformanceTiff.BLACK_IS_ZERO, 8, ConformanceTiff.Layout.STRIPS, ConformancePng.GREY);
            cases.add(tiff("pages, " + order, ConformanceTiff.file(order, List.of(first, second, first)), photo));
        }
        BufferedImage opaque = ConformanceScenes.as(BufferedImage.TYPE_INT_RGB, photo);
        for (String type : List.of("LZW", "ZLib", "Deflate", "PackBits", "JPEG")) {
            cases.add(tiff(type, Pictures.encode(opaque, ImageFormat.TIFF, Pictures.compression(type)), photo));
        }
        BufferedImage binary = ConformanceScenes.as(BufferedImage.TYPE_BYTE_BINARY, bits);
        for (String type : List.of("CCITT RLE", "CCITT T.4", "CCITT T.6")) {
            cases.add(tiff(type, Pictures.encode(binary, ImageFormat.TIFF, Pictures.compression(type)), bits));
        }
        Consumer<ImageWriteParam> tiles = param -> {
            param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
            param.setTiling(48, 32, 0, 0);
        };
        for (String type : List.of("LZW", "JPEG")) {
            byte[] file = Pictures.encode(opaque, ImageFormat.TIFF, tiles.andThen(Pictures.compression(type)));
            cases.add(tiff(type + " in tiles", file, photo));
        }
        return cases.stream();
    }

    private static Conformance.Case tiff(String name, byte[] file, BufferedImage upright) {
        return new Conformance.Case(name, ImageFormat.TIFF, file, upright, Conformance.Tolerance.EDGES);
    }

    private static int premultiplied(int argb) {
        int alpha = argb >>> 24;
        int result = alpha << 24;
        for (int shift = 0; shift < 24; shift += 8) {
            result |= Math.round((argb >> shift & 0xFF) * alpha / 255f) << shift;
        }
        return result;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void tiff(Conformance.Case picture) throws Exception {
        Conformance.assertConforms(picture);
    }
}
