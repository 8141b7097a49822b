// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.greyPhoto;
import static io.github.camelthumbnails.image.ConformanceScenes.indices;
import static io.github.camelthumbnails.image.ConformanceScenes.lookUp;
import static io.github.camelthumbnails.image.ConformanceScenes.palette;
import static io.github.camelthumbnails.image.ConformanceScenes.patches;
import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.ConformanceScenes.ramp;
import static io.github.camelthumbnails.image.ConformanceScenes.reduced;
import static io.github.camelthumbnails.image.ConformanceScenes.stored;
import static io.github.camelthumbnails.image.ConformanceScenes.translucent;
import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ConformanceGif.Animation;
import io.github.camelthumbnails.image.ConformanceGif.Frame;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.imageio.ImageWriteParam;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Makes pictures of every kind that the formats know, and compares the pixels of their thumbnails with those of
 * {@link Reference}.
 */
class ConformanceTest {

    private static final ImageLimits LIMITS = new ImageLimits(50_000_000, 500_000_000, Duration.ofSeconds(60));

    private static final AtomicInteger PICTURES = new AtomicInteger();

    /** Of a quality that leaves what was done to the pixels to be seen. */
    private final Thumbnailer thumbnailer = thumbnailer(true);

    /** The same without native code. */
    private final Thumbnailer inJava = thumbnailer(false);

    private static Thumbnailer thumbnailer(boolean nativeCodec) {
        return new Thumbnailer(new BigDecimal("0.5"), 0.95, LIMITS, new HangingDecodes(Duration.ZERO), nativeCodec);
    }

    /** How much like the reference a thumbnail has to be. */
    private enum Tolerance {
        /** For what is like a photo. */
        PHOTO(0.98, 30, 1.5, 255),
        /** Also lossy, but all that there is to see are colours, with sharp edges between them. */
        COLORS(0.96, 23, 2.5, 255),
        /** Sharp edges that no codec blurs. */
        EDGES(0.98, 30, 1, 255),
        /** For a picture of a few pixels. */
        FEW_PIXELS(-1, 0, 4, 8);

        private final double ssim;
        private final double psnr;
        private final double shift;
        private final int maxDifference;

        Tolerance(double ssim, double psnr, double shift, int maxDifference) {
            this.ssim = ssim;
            this.psnr = psnr;
            this.shift = shift;
            this.maxDifference = maxDifference;
        }

        void check(String name, BufferedImage actual, BufferedImage expected) {
            Likeness likeness = Likeness.of(actual, expected);
            assertThat(likeness)
                    .as(name)
                    .matches(l -> l.ssim() >= ssim, "SSIM is at least " + ssim)
                    .matches(l -> l.psnr() >= psnr, "PSNR is at least " + psnr)
                    .matches(l -> l.shift() <= shift, "the mean is off by at most " + shift)
                    .matches(
                            l -> l.maxDifference() <= maxDifference, "no sample differs by more than " + maxDifference);
        }
    }

    /**
     * A picture.
     *
     * @param upright what is to be seen in it, in sRGB
     */
    private record Case(String name, ImageFormat format, byte[] file, BufferedImage upright, Tolerance tolerance) {
        @Override
        public String toString() {
            return format + " " + name;
        }
    }

    @AfterAll
    static void count() {
        LoggerFactory.getLogger(ConformanceTest.class).info("Compared the thumbnails of {} pictures", PICTURES);
    }

    // ---- Orientation ----

    static Stream<Case> turned() {
        List<Case> cases = new ArrayList<>();
        BufferedImage upright = photo(128, 94);
        for (int orientation = 1; orientation <= 8; orientation++) {
            BufferedImage stored = stored(upright, orientation);
            for (ImageFormat format : List.of(ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP, ImageFormat.TIFF)) {
                for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                    String name = "orientation " + orientation + ", " + order;
                    byte[] file = withOrientation(stored, format, order, orientation);
                    cases.add(new Case(name, format, file, upright, Tolerance.PHOTO));
                }
            }
        }
        return cases.stream();
    }

    private static byte[] withOrientation(BufferedImage stored, ImageFormat format, ByteOrder order, int orientation) {
        Map<Integer, Object> tags =
                Map.of(ConformanceTiff.MAKE, "Maker of cameras", ConformanceTiff.ORIENTATION, new int[] {orientation});
        byte[] exif = ConformanceTiff.file(order, List.of(tags));
        return switch (format) {
            case JPEG ->
                Pictures.insert(
                        ConformanceJpeg.write(stored, ConformanceJpeg.Color.YCC),
                        ConformanceJpeg.segment(0xE1, concat(ascii("Exif\0\0"), exif)));
            case PNG -> ConformancePng.write(stored, ConformancePng.RGB, 8, false, Pictures.chunk("eXIf", exif));
            case WEBP -> ConformanceWebp.extended(stored, ConformanceWebp.write(stored, true), null, exif, null);
            default -> {
                Map<Integer, Object> page =
                        page(order, stored, ConformanceTiff.RGB, 8, ConformanceTiff.Layout.STRIPS, ConformancePng.RGB);
                page.putAll(tags);
                yield ConformanceTiff.file(order, List.of(page));
            }
        };
    }

    private static Map<Integer, Object> page(
            ByteOrder order,
            BufferedImage image,
            int photometric,
            int depth,
            ConformanceTiff.Layout layout,
            int colorType) {
        return ConformanceTiff.page(
                order,
                image.getWidth(),
                image.getHeight(),
                photometric,
                depth,
                layout,
                ConformancePng.samples(image, colorType, depth));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void turned(Case picture) throws Exception {
        conforms(picture);
        String bytes = text(thumbnailer.thumbnail(picture.file).bytes());
        assertThat(bytes).as("%s has nothing to turn it again", picture).doesNotContain("Exif\0", "eXIf", "EXIF");
    }

    // ---- Each format ----

    static Stream<Case> jpeg() {
        List<Case> cases = new ArrayList<>();
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

        BufferedImage opaque = as(BufferedImage.TYPE_INT_RGB, photo);
        BufferedImage opaqueGrey = as(BufferedImage.TYPE_BYTE_GRAY, grey);
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
            Tolerance tolerance = large ? Tolerance.PHOTO : Tolerance.FEW_PIXELS;
            for (int[] s : new int[][] {{1, 1}, {2, 1}, {2, 2}}) {
                String name = side[0] + " x " + side[1] + " of " + s[0] + " x " + s[1];
                byte[] file = ycc(image, s[0], s[1], 0, false);
                cases.add(new Case(name, ImageFormat.JPEG, file, image, tolerance));
            }
            cases.add(new Case(
                    side[0] + " x " + side[1] + " progressive",
                    ImageFormat.JPEG,
                    Pictures.encode(as(BufferedImage.TYPE_INT_RGB, image), ImageFormat.JPEG, progressive),
                    image,
                    tolerance));
        }
        return cases.stream();
    }

    private static Case jpeg(String name, byte[] file, BufferedImage upright) {
        return new Case(name, ImageFormat.JPEG, file, upright, Tolerance.PHOTO);
    }

    private static byte[] ycc(BufferedImage image, int horizontal, int vertical, int restart, boolean scans) {
        return ConformanceJpeg.write(image, ConformanceJpeg.Color.YCC, horizontal, vertical, restart, scans);
    }

    private static BufferedImage as(int type, BufferedImage image) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), type);
        for (int i = 0; i < image.getWidth() * image.getHeight(); i++) {
            int x = i % image.getWidth();
            int y = i / image.getWidth();
            if (type == BufferedImage.TYPE_BYTE_GRAY) {
                copy.getRaster().setSample(x, y, 0, image.getRGB(x, y) & 0xFF); // setRGB would convert it
            } else {
                copy.setRGB(x, y, image.getRGB(x, y));
            }
        }
        return copy;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void jpeg(Case picture) throws Exception {
        conforms(picture);
    }

    static Stream<Case> png() {
        List<Case> cases = new ArrayList<>();
        BufferedImage photo = photo(120, 90);
        BufferedImage grey = greyPhoto(120, 90);
        BufferedImage translucent = translucent(120, 90);
        BufferedImage translucentGrey =
                ConformanceScenes.draw(120, 90, (x, y) -> grey.getRGB(x, y) & 0xFFFFFF | (255 - x) << 24);
        for (boolean interlaced : new boolean[] {false, true}) {
            String how = interlaced ? ", interlaced" : "";
            for (int depth : new int[] {1, 2, 4, 8, 16}) {
                BufferedImage less = depth < 8 ? reduced(grey, depth) : grey;
                byte[] file = ConformancePng.write(less, ConformancePng.GREY, depth, interlaced);
                cases.add(png("grey of " + depth + " bits" + how, file, less));
            }
            for (int depth : new int[] {8, 16}) {
                byte[] rgb = ConformancePng.write(photo, ConformancePng.RGB, depth, interlaced);
                cases.add(png("RGB of " + depth + " bits" + how, rgb, photo));
                byte[] rgba = ConformancePng.write(translucent, ConformancePng.RGBA, depth, interlaced);
                cases.add(png("RGBA of " + depth + " bits" + how, rgba, translucent));
                byte[] ga = ConformancePng.write(translucentGrey, ConformancePng.GREY_ALPHA, depth, interlaced);
                cases.add(png("grey and alpha of " + depth + " bits" + how, ga, translucentGrey));
            }
            for (int depth : new int[] {1, 2, 4, 8}) {
                int colors = depth == 8 ? 200 : 1 << depth;
                int[][] indices = indices(120, 90, colors);
                for (boolean transparent : new boolean[] {false, true}) {
                    int[] palette = palette(colors);
                    if (transparent) {
                        palette[0] = 0x00FF00FF;
                        palette[1] &= 0x80FFFFFF;
                    }
                    cases.add(new Case(
                            "palette of " + depth + " bits" + (transparent ? " with alpha" : "") + how,
                            ImageFormat.PNG,
                            ConformancePng.write(
                                    120,
                                    90,
                                    ConformancePng.PALETTE,
                                    depth,
                                    interlaced,
                                    ConformancePng.samples(indices),
                                    ConformancePng.palette(palette)),
                            lookUp(indices, palette),
                            Tolerance.EDGES));
                }
            }
        }
        BufferedImage patches = patches(120, 90);
        BufferedImage key = transparent(patches, patches.getRGB(0, 0));
        byte[] rgbKey = ConformancePng.shorts("tRNS", 0xC8, 0x32, 0x28);
        cases.add(png("colour key", ConformancePng.write(patches, ConformancePng.RGB, 8, false, rgbKey), key));
        byte[] wideKey = ConformancePng.shorts("tRNS", 0xC8C8, 0x3232, 0x2828);
        cases.add(png(
                "colour key of 16 bits", ConformancePng.write(patches, ConformancePng.RGB, 16, true, wideKey), key));
        for (int depth : new int[] {2, 8, 16}) {
            int most = (1 << depth) - 1;
            BufferedImage steps = reduced(grey, 2);
            byte[] chunk = ConformancePng.shorts("tRNS", most / 3);
            cases.add(png(
                    "grey key of " + depth + " bits",
                    ConformancePng.write(steps, ConformancePng.GREY, depth, false, chunk),
                    transparent(steps, 0xFF555555)));
        }
        for (int[] side : new int[][] {
            {1, 1}, {2, 1}, {1, 7}, {7, 1}, {5, 4}, {3, 7}, {17, 33}, {1, 200}, {200, 1}, {1, 201}, {201, 1}
        }) {
            BufferedImage image = ramp(side[0], side[1]);
            for (boolean interlaced : new boolean[] {false, true}) {
                cases.add(new Case(
                        side[0] + " x " + side[1] + (interlaced ? ", interlaced" : ""),
                        ImageFormat.PNG,
                        ConformancePng.write(image, ConformancePng.RGB, 8, interlaced),
                        image,
                        Tolerance.FEW_PIXELS));
            }
        }
        BufferedImage odd = photo(255, 257);
        cases.add(png("255 x 257", ConformancePng.write(odd, ConformancePng.RGB, 8, false), odd));
        return cases.stream();
    }

    private static Case png(String name, byte[] file, BufferedImage upright) {
        return new Case(name, ImageFormat.PNG, file, upright, Tolerance.EDGES);
    }

    private static BufferedImage transparent(BufferedImage image, int color) {
        return ConformanceScenes.draw(
                image.getWidth(), image.getHeight(), (x, y) -> image.getRGB(x, y) == color ? 0 : image.getRGB(x, y));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void png(Case picture) throws Exception {
        conforms(picture);
    }

    static Stream<Case> webp() {
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
                webp("extended", ConformanceWebp.extended(photo, lossy, null, null, ascii("<x/>")), photo),
                webp(
                        "animated",
                        ConformanceWebp.animation(photo, lossy, ConformanceWebp.write(stored(photo, 3), true)),
                        photo));
    }

    private static Case webp(String name, byte[] file, BufferedImage upright) {
        return new Case(name, ImageFormat.WEBP, file, upright, Tolerance.PHOTO);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void webp(Case picture) throws Exception {
        conforms(picture);
    }

    static Stream<Case> bmp() {
        List<Case> cases = new ArrayList<>();
        int[][] odd = indices(121, 91, 16);
        for (boolean topDown : new boolean[] {false, true}) {
            String how = topDown ? ", from the top down" : "";
            for (int depth : new int[] {1, 4, 8}) {
                int colors = depth == 8 ? 200 : 1 << depth;
                int[][] indices = indices(120, 90, colors);
                int[] palette = palette(colors);
                byte[] file = ConformanceBmp.indexed(indices, palette, depth, topDown);
                cases.add(bmp("palette of " + depth + " bits" + how, file, lookUp(indices, palette)));
            }
            for (int depth : new int[] {16, 24, 32}) {
                BufferedImage photo = photo(121, 90);
                BufferedImage less = depth == 16 ? cut(photo) : photo;
                cases.add(bmp(depth + " bits" + how, ConformanceBmp.direct(photo, depth, topDown), less));
            }
        }
        cases.add(bmp(
                "palette and odd sides", ConformanceBmp.indexed(odd, palette(16), 4, false), lookUp(odd, palette(16))));
        BufferedImage translucent = translucent(120, 90);
        // Few programs know that a BMP can have alpha: the thumbnail has none.
        cases.add(bmp("32 bits with alpha", ConformanceBmp.alpha(translucent), onWhite(translucent)));
        for (int depth : new int[] {4, 8}) {
            int[] palette = palette(1 << depth);
            int[][] indices = indices(120, 90, 1 << depth);
            byte[] file =
                    Pictures.encode(indexed(indices, palette, depth), ImageFormat.BMP, compression("BI_RLE" + depth));
            cases.add(bmp("RLE" + depth, file, lookUp(indices, palette)));
        }
        return cases.stream();
    }

    private static Case bmp(String name, byte[] file, BufferedImage upright) {
        return new Case(name, ImageFormat.BMP, file, upright, Tolerance.EDGES);
    }

    /** What five bits of each sample are read as. */
    private static BufferedImage cut(BufferedImage image) {
        return ConformanceScenes.draw(image.getWidth(), image.getHeight(), (x, y) -> {
            int argb = image.getRGB(x, y) & 0xFFF8F8F8;
            return argb | argb >>> 5 & 0x070707;
        });
    }

    private static BufferedImage indexed(int[][] indices, int[] palette, int depth) {
        int width = indices[0].length;
        IndexColorModel model = new IndexColorModel(depth, palette.length, palette, 0, false, -1, 0);
        int type = depth == 8 ? BufferedImage.TYPE_BYTE_INDEXED : BufferedImage.TYPE_BYTE_BINARY;
        BufferedImage image = new BufferedImage(width, indices.length, type, model);
        for (int i = 0; i < width * indices.length; i++) {
            image.getRaster().setSample(i % width, i / width, 0, indices[i / width][i % width]);
        }
        return image;
    }

    private static Consumer<ImageWriteParam> compression(String type) {
        return param -> {
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionType(type);
            if (type.equals("JPEG")) {
                param.setCompressionQuality(0.97f);
            }
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void bmp(Case picture) throws Exception {
        conforms(picture);
    }

    static Stream<Case> tiff() {
        List<Case> cases = new ArrayList<>();
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
                            page(order, grey, ConformanceTiff.BLACK_IS_ZERO, depth, layout, ConformancePng.GREY));
                    uprights.put("grey " + depth, grey);
                    pages.put(
                            "RGB " + depth, page(order, photo, ConformanceTiff.RGB, depth, layout, ConformancePng.RGB));
                    uprights.put("RGB " + depth, photo);
                }
                pages.put(
                        "white is zero",
                        page(order, negative, ConformanceTiff.WHITE_IS_ZERO, 8, layout, ConformancePng.GREY));
                uprights.put("white is zero", grey);
                pages.put("1 bit", page(order, bits, ConformanceTiff.BLACK_IS_ZERO, 1, layout, ConformancePng.GREY));
                uprights.put("1 bit", bits);
                pages.put(
                        "1 bit, white is zero",
                        page(order, negativeBits, ConformanceTiff.WHITE_IS_ZERO, 1, layout, ConformancePng.GREY));
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
                    Map<Integer, Object> alpha =
                            page(order, translucent, ConformanceTiff.RGB, depth, layout, ConformancePng.RGBA);
                    alpha.put(ConformanceTiff.EXTRA_SAMPLES, new int[] {2});
                    pages.put("alpha " + depth, alpha);
                    uprights.put("alpha " + depth, translucent);
                }
                Map<Integer, Object> associated =
                        page(order, premultiplied, ConformanceTiff.RGB, 8, layout, ConformancePng.RGBA);
                associated.put(ConformanceTiff.EXTRA_SAMPLES, new int[] {1});
                pages.put("premultiplied alpha", associated);
                uprights.put("premultiplied alpha", translucent);
                pages.forEach((name, page) -> cases.add(tiff(
                        name + ", " + layout + ", " + order,
                        ConformanceTiff.file(order, List.of(page)),
                        uprights.get(name))));
            }
            Map<Integer, Object> first =
                    page(order, photo, ConformanceTiff.RGB, 8, ConformanceTiff.Layout.STRIPS, ConformancePng.RGB);
            Map<Integer, Object> second = page(
                    order, grey, ConformanceTiff.BLACK_IS_ZERO, 8, ConformanceTiff.Layout.STRIPS, ConformancePng.GREY);
            cases.add(tiff("pages, " + order, ConformanceTiff.file(order, List.of(first, second, first)), photo));
        }
        BufferedImage opaque = as(BufferedImage.TYPE_INT_RGB, photo);
        for (String type : List.of("LZW", "ZLib", "Deflate", "PackBits", "JPEG")) {
            cases.add(tiff(type, Pictures.encode(opaque, ImageFormat.TIFF, compression(type)), photo));
        }
        BufferedImage binary = as(BufferedImage.TYPE_BYTE_BINARY, bits);
        for (String type : List.of("CCITT RLE", "CCITT T.4", "CCITT T.6")) {
            cases.add(tiff(type, Pictures.encode(binary, ImageFormat.TIFF, compression(type)), bits));
        }
        Consumer<ImageWriteParam> tiles = param -> {
            param.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
            param.setTiling(48, 32, 0, 0);
        };
        for (String type : List.of("LZW", "JPEG")) {
            byte[] file = Pictures.encode(opaque, ImageFormat.TIFF, tiles.andThen(compression(type)));
            cases.add(tiff(type + " in tiles", file, photo));
        }
        return cases.stream();
    }

    private static Case tiff(String name, byte[] file, BufferedImage upright) {
        return new Case(name, ImageFormat.TIFF, file, upright, Tolerance.EDGES);
    }

    private static BufferedImage onWhite(BufferedImage image) {
        return ConformanceScenes.draw(image.getWidth(), image.getHeight(), (x, y) -> {
            int argb = image.getRGB(x, y);
            int alpha = argb >>> 24;
            int rgb = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                rgb |= ((argb >> shift & 0xFF) * alpha + 255 * (255 - alpha)) / 255 << shift;
            }
            return 0xFF000000 | rgb;
        });
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
    void tiff(Case picture) throws Exception {
        conforms(picture);
    }

    // ---- Colours ----

    static Stream<Case> colors() {
        List<Case> cases = new ArrayList<>();
        Map<String, ConformanceColors> spaces = new TreeMap<>();
        spaces.put("sRGB", ConformanceColors.SRGB);
        spaces.put("Display P3", ConformanceColors.DISPLAY_P3);
        spaces.put("Adobe RGB", ConformanceColors.ADOBE_RGB);
        BufferedImage image = patches(120, 90);
        spaces.forEach((name, space) -> {
            BufferedImage stored = space.stored(image);
            byte[] profile = space.profile();
            for (ConformanceJpeg.Color color : List.of(ConformanceJpeg.Color.YCC, ConformanceJpeg.Color.RGB)) {
                byte[] jpeg = ConformanceJpeg.write(stored, color);
                byte[] file = Pictures.insert(jpeg, ConformanceColors.segments(profile, 60_000));
                cases.add(colors(name + " as " + color, ImageFormat.JPEG, file, image));
            }
            byte[] jpeg = ConformanceJpeg.write(stored, ConformanceJpeg.Color.YCC);
            byte[] parts = Pictures.insert(jpeg, ConformanceColors.segments(profile, 2000));
            cases.add(colors(name + " in parts", ImageFormat.JPEG, parts, image));
            byte[] progressive = Pictures.encode(as(BufferedImage.TYPE_INT_RGB, stored), ImageFormat.JPEG, param -> {
                param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(0.97f);
            });
            cases.add(colors(
                    name + ", progressive",
                    ImageFormat.JPEG,
                    Pictures.insert(progressive, ConformanceColors.segments(profile, 60_000)),
                    image));
            for (int depth : new int[] {8, 16}) {
                byte[] chunk = ConformancePng.profile(profile);
                byte[] rgb = ConformancePng.write(stored, ConformancePng.RGB, depth, false, chunk);
                cases.add(colors(name + " of " + depth + " bits", ImageFormat.PNG, rgb, image));
                byte[] rgba = ConformancePng.write(stored, ConformancePng.RGBA, depth, false, chunk);
                cases.add(colors(name + " with alpha of " + depth + " bits", ImageFormat.PNG, rgba, image));
            }
            int[] palette = Arrays.stream(new int[] {0, 1, 2, 3, 4, 5})
                    .map(i -> stored.getRGB(i % 3 * 40 + 20, i / 3 * 45 + 20))
                    .toArray();
            cases.add(colors(
                    name + " of a palette",
                    ImageFormat.PNG,
                    ConformancePng.write(
                            120,
                            90,
                            ConformancePng.PALETTE,
                            4,
                            false,
                            (x, y) -> new int[] {x * 3 / 120 + y * 2 / 90 * 3},
                            ConformancePng.profile(profile),
                            ConformancePng.palette(palette)),
                    image));
            for (boolean lossy : new boolean[] {false, true}) {
                byte[] webp =
                        ConformanceWebp.extended(stored, ConformanceWebp.write(stored, lossy), profile, null, null);
                cases.add(colors(name + (lossy ? ", lossy" : ", lossless"), ImageFormat.WEBP, webp, image));
            }
            for (int depth : new int[] {8, 16}) {
                Map<Integer, Object> page = page(
                        ByteOrder.LITTLE_ENDIAN,
                        stored,
                        ConformanceTiff.RGB,
                        depth,
                        ConformanceTiff.Layout.STRIPS,
                        ConformancePng.RGB);
                page.put(ConformanceTiff.PROFILE, profile);
                byte[] tiff = ConformanceTiff.file(ByteOrder.LITTLE_ENDIAN, List.of(page));
                cases.add(colors(name + " of " + depth + " bits", ImageFormat.TIFF, tiff, image));
            }
        });
        byte[] p3 = ConformanceColors.DISPLAY_P3.profile();
        byte[] turned = withOrientation(
                stored(ConformanceColors.DISPLAY_P3.stored(image), 6), ImageFormat.JPEG, ByteOrder.BIG_ENDIAN, 6);
        cases.add(colors(
                "Display P3, turned",
                ImageFormat.JPEG,
                Pictures.insert(turned, ConformanceColors.segments(p3, 60_000)),
                image));

        ConformanceColors bright = new ConformanceColors(ConformanceColors.SRGB.primaries(), 1.8);
        BufferedImage dark = bright.stored(image);
        byte[] gamma = ConformancePng.fractions("gAMA", 1 / 1.8);
        cases.add(colors(
                "gAMA", ImageFormat.PNG, ConformancePng.write(dark, ConformancePng.RGB, 8, false, gamma), image));
        ConformanceColors wide = new ConformanceColors(ConformanceColors.ADOBE_RGB.primaries(), 2.2);
        double[] chroma = new double[8];
        System.arraycopy(ConformanceColors.WHITE, 0, chroma, 0, 2);
        System.arraycopy(wide.primaries(), 0, chroma, 2, 6);
        byte[] both = concat(ConformancePng.fractions("gAMA", 1 / 2.2), ConformancePng.fractions("cHRM", chroma));
        cases.add(colors(
                "gAMA and cHRM",
                ImageFormat.PNG,
                ConformancePng.write(wide.stored(image), ConformancePng.RGB, 8, false, both),
                image));
        byte[] srgb = concat(ConformancePng.fractions("gAMA", 0.45455), Pictures.chunk("sRGB", new byte[1]));
        cases.add(colors(
                "sRGB chunk", ImageFormat.PNG, ConformancePng.write(image, ConformancePng.RGB, 8, false, srgb), image));
        BufferedImage grey = greyPhoto(120, 90);
        BufferedImage darkGrey = bright.stored(grey);
        cases.add(colors(
                "grey with a profile",
                ImageFormat.JPEG,
                Pictures.insert(
                        ConformanceJpeg.write(darkGrey, ConformanceJpeg.Color.GREY),
                        ConformanceColors.segments(bright.greyProfile(), 60_000)),
                grey));
        cases.add(colors(
                "grey with a profile",
                ImageFormat.PNG,
                ConformancePng.write(
                        darkGrey, ConformancePng.GREY, 8, false, ConformancePng.profile(bright.greyProfile())),
                grey));
        return cases.stream();
    }

    private static Case colors(String name, ImageFormat format, byte[] file, BufferedImage image) {
        return new Case(name, format, file, image, Tolerance.COLORS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void colors(Case picture) throws Exception {
        conforms(picture);
    }

    // ---- Alpha ----

    static Stream<Case> halos() {
        List<Case> cases = new ArrayList<>();
        for (int nothing : new int[] {0x000000, 0xFFFFFF, 0x00FF00}) {
            String name = String.format("nothing is stored as %06x", nothing);
            BufferedImage disc = ConformanceScenes.disc(120, 90, 0xE0A020, nothing);
            cases.add(halos(name, ImageFormat.PNG, ConformancePng.write(disc, ConformancePng.RGBA, 8, false), disc));
            cases.add(halos(
                    name + ", 16 bits",
                    ImageFormat.PNG,
                    ConformancePng.write(disc, ConformancePng.RGBA, 16, false),
                    disc));
            cases.add(halos(name, ImageFormat.WEBP, ConformanceWebp.write(disc, false), disc));
            Map<Integer, Object> page = page(
                    ByteOrder.BIG_ENDIAN,
                    disc,
                    ConformanceTiff.RGB,
                    8,
                    ConformanceTiff.Layout.DEFLATED,
                    ConformancePng.RGBA);
            page.put(ConformanceTiff.EXTRA_SAMPLES, new int[] {2});
            cases.add(halos(name, ImageFormat.TIFF, ConformanceTiff.file(ByteOrder.BIG_ENDIAN, List.of(page)), disc));
        }
        return cases.stream();
    }

    private static Case halos(String name, ImageFormat format, byte[] file, BufferedImage image) {
        return new Case(name, format, file, image, Tolerance.EDGES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void halos(Case picture) throws Exception {
        conforms(picture);
        BufferedImage thumbnail =
                ConformanceColors.look(thumbnailer.thumbnail(picture.file).bytes());
        int tolerance = picture.format == ImageFormat.WEBP ? 60 : 6; // its chroma has half the pixels
        for (int y = 0; y < thumbnail.getHeight(); y++) {
            for (int x = 0; x < thumbnail.getWidth(); x++) {
                int argb = thumbnail.getRGB(x, y);
                if (argb >>> 24 >= 64) {
                    assertThat(new int[] {argb >> 16 & 0xFF, argb >> 8 & 0xFF, argb & 0xFF})
                            .as("%s, colour at %d, %d, alpha %d", picture, x, y, argb >>> 24)
                            .satisfies(rgb -> {
                                assertThat(Math.abs(rgb[0] - 0xE0)).isLessThanOrEqualTo(tolerance);
                                assertThat(Math.abs(rgb[1] - 0xA0)).isLessThanOrEqualTo(tolerance);
                                assertThat(Math.abs(rgb[2] - 0x20)).isLessThanOrEqualTo(tolerance);
                            });
                }
            }
        }
    }

    // ---- GIF ----

    /** A GIF as it is written, for a picture and a thumbnail are both animations. */
    private record Gif(String name, int width, int height, int[] palette, int loops, List<Frame> frames) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Gif> gif() {
        int[] many = palette(64);
        int[][] all = indices(80, 60, 64);
        int[][] small = indices(40, 30, 64);
        int[][] odd = indices(33, 21, 64);
        int[] other =
                Arrays.stream(palette(16)).map(color -> color ^ 0x00FF8040).toArray();
        Frame whole = new Frame(0, 0, all, null, ConformanceGif.OPAQUE, false, ConformanceGif.KEEP, 0);
        List<Gif> gifs = new ArrayList<>();
        gifs.add(still("still", whole));
        gifs.add(still("interlaced", new Frame(0, 0, all, null, ConformanceGif.OPAQUE, true, 0, 0)));
        gifs.add(still("transparent", new Frame(0, 0, all, null, 0, false, 0, 0)));
        gifs.add(still("interlaced and transparent", new Frame(0, 0, all, null, 0, true, 0, 0)));
        gifs.add(still(
                "local palette", new Frame(0, 0, indices(80, 60, 16), other, ConformanceGif.OPAQUE, false, 0, 0)));
        gifs.add(still("smaller than the screen", new Frame(20, 10, small, null, ConformanceGif.OPAQUE, false, 0, 0)));
        gifs.add(still("smaller and transparent", new Frame(20, 10, small, null, 0, false, 0, 0)));
        gifs.add(still("smaller, at odd places", new Frame(13, 7, odd, null, ConformanceGif.OPAQUE, false, 0, 0)));
        gifs.add(new Gif(
                "black and white",
                80,
                60,
                new int[] {0xFF000000, -1},
                ConformanceGif.NO_LOOP,
                List.of(new Frame(0, 0, indices(80, 60, 2), null, ConformanceGif.OPAQUE, false, 0, 0))));
        for (int[] side : new int[][] {{1, 1}, {2, 1}, {1, 7}, {7, 1}, {5, 4}, {3, 7}, {17, 33}}) {
            int[][] indices = new int[side[1]][side[0]]; // of one colour, for nothing else survives every filter
            Arrays.stream(indices).forEach(row -> Arrays.fill(row, 20));
            gifs.add(new Gif(
                    side[0] + " x " + side[1],
                    side[0],
                    side[1],
                    many,
                    ConformanceGif.NO_LOOP,
                    List.of(new Frame(0, 0, indices, null, ConformanceGif.OPAQUE, false, 0, 0))));
        }

        for (int disposal = 0; disposal <= 3; disposal++) {
            for (int transparent : new int[] {ConformanceGif.OPAQUE, 0}) {
                int d = disposal;
                gifs.add(new Gif(
                        "animated, disposal " + disposal + (transparent == 0 ? ", transparent" : ""),
                        80,
                        60,
                        many,
                        0,
                        List.of(
                                new Frame(0, 0, all, null, transparent, false, ConformanceGif.KEEP, 10),
                                new Frame(4, 6, small, null, transparent, false, d, 20),
                                new Frame(30, 20, small, null, transparent, false, d, 5),
                                new Frame(10, 24, indices(60, 30, 64), null, transparent, false, d, 0),
                                new Frame(40, 0, small, null, transparent, true, d, 700))));
            }
        }
        gifs.add(new Gif(
                "animated, disposals mixed, first frame small",
                80,
                60,
                many,
                3,
                List.of(
                        new Frame(10, 10, small, null, 0, false, ConformanceGif.RESTORE, 7),
                        new Frame(0, 0, small, null, 0, false, ConformanceGif.KEEP, 8),
                        new Frame(20, 20, small, null, 0, false, ConformanceGif.CLEAR, 9),
                        new Frame(40, 30, small, null, 0, false, ConformanceGif.RESTORE, 10),
                        new Frame(30, 6, small, null, 0, false, ConformanceGif.KEEP, 11))));
        gifs.add(new Gif(
                "animated, odd sides and places",
                81,
                61,
                many,
                1,
                List.of(
                        new Frame(
                                0, 0, indices(81, 61, 64), null, ConformanceGif.OPAQUE, false, ConformanceGif.KEEP, 4),
                        new Frame(5, 3, odd, null, ConformanceGif.OPAQUE, false, ConformanceGif.KEEP, 4),
                        new Frame(31, 29, odd, null, ConformanceGif.OPAQUE, true, ConformanceGif.RESTORE, 4),
                        new Frame(47, 1, odd, null, 0, false, ConformanceGif.CLEAR, 4))));
        gifs.add(new Gif(
                "animated, local palettes, shown once",
                80,
                60,
                many,
                ConformanceGif.NO_LOOP,
                List.of(
                        whole,
                        new Frame(20, 20, indices(40, 30, 16), other, 0, false, ConformanceGif.KEEP, 30),
                        new Frame(
                                0,
                                0,
                                indices(80, 60, 16),
                                other,
                                ConformanceGif.OPAQUE,
                                false,
                                ConformanceGif.KEEP,
                                30),
                        new Frame(10, 10, small, null, 0, false, ConformanceGif.KEEP, 30))));
        return gifs.stream();
    }

    private static Gif still(String name, Frame frame) {
        return new Gif(name, 80, 60, palette(64), ConformanceGif.NO_LOOP, List.of(frame));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void gif(Gif gif) throws Exception {
        byte[] file = ConformanceGif.write(gif.width, gif.height, gif.palette, gif.loops, gif.frames);
        Animation expected = ConformanceGif.show(gif.width, gif.height, gif.palette, gif.loops, gif.frames);

        Animation written = ConformanceGif.show(file);
        assertThat(written.delays()).as("what the test has written").isEqualTo(expected.delays());
        assertThat(written.loops()).as("what the test has written").isEqualTo(expected.loops());
        for (int i = 0; i < expected.screens().size(); i++) {
            assertThat(Likeness.of(written.screens().get(i), expected.screens().get(i))
                            .maxDifference())
                    .as("what the test has written")
                    .isZero();
        }

        Thumbnail thumbnail =
                thumbnail(gif.toString(), ImageFormat.GIF, thumbnailer.thumbnail(file), gif.width, gif.height);

        Animation actual = ConformanceGif.show(thumbnail.bytes());
        assertThat(actual.screens().get(0).getWidth())
                .as(gif + ", width of the screen")
                .isEqualTo(thumbnail.width());
        assertThat(actual.screens().get(0).getHeight())
                .as(gif + ", height of the screen")
                .isEqualTo(thumbnail.height());
        assertThat(actual.delays()).as(gif + ", delays").isEqualTo(expected.delays());
        assertThat(actual.loops()).as(gif + ", loops").isEqualTo(expected.loops());
        for (int i = 0; i < expected.screens().size(); i++) {
            BufferedImage reference = Reference.half(expected.screens().get(i));
            Tolerance.EDGES.check(
                    gif.name + ", frame " + i, likeHalf(actual.screens().get(i), reference), binary(reference));
        }
    }

    /** A GIF's pixel is there or not. Where the reference is in between, either will do. */
    private static BufferedImage likeHalf(BufferedImage actual, BufferedImage reference) {
        BufferedImage binary = binary(reference);
        return ConformanceScenes.draw(actual.getWidth(), actual.getHeight(), (x, y) -> {
            int alpha = reference.getRGB(x, y) >>> 24;
            return alpha > 0 && alpha < 255 ? binary.getRGB(x, y) : actual.getRGB(x, y);
        });
    }

    private static BufferedImage binary(BufferedImage image) {
        return ConformanceScenes.draw(
                image.getWidth(),
                image.getHeight(),
                (x, y) -> image.getRGB(x, y) >>> 24 < 128 ? 0 : image.getRGB(x, y) | 0xFF000000);
    }

    // ---- Metadata ----

    private record Secret(String name, ImageFormat format, byte[] file) {
        @Override
        public String toString() {
            return format + " " + name;
        }
    }

    /** Is in everything that is not to be published. */
    private static final String SECRET = "SECRET";

    static Stream<Secret> metadata() {
        BufferedImage photo = photo(96, 64);
        BufferedImage embedded = ConformanceScenes.stored(photo, 3);
        byte[] small = Pictures.insert(
                ConformanceJpeg.write(embedded, ConformanceJpeg.Color.YCC),
                ConformanceJpeg.segment(0xFE, ascii(SECRET)));
        Map<Integer, Object> camera = Map.of(
                ConformanceTiff.DESCRIPTION,
                SECRET,
                ConformanceTiff.MAKE,
                SECRET,
                ConformanceTiff.GPS,
                Map.of(0, new long[] {2}, 29, SECRET, 27, ascii(SECRET)));
        byte[] exif = ConformanceTiff.file(
                ByteOrder.BIG_ENDIAN,
                List.of(
                        camera,
                        Map.of(
                                ConformanceTiff.THUMBNAIL,
                                new ConformanceTiff.Data(List.of(small)),
                                ConformanceTiff.THUMBNAIL_LENGTH,
                                new long[] {small.length})));
        byte[] xmp = ascii("<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + "</x:xmpmeta>");
        byte[] jpeg = ConformanceJpeg.write(photo, ConformanceJpeg.Color.YCC);
        List<Secret> secrets = new ArrayList<>();
        Map<String, byte[]> segments = new TreeMap<>();
        segments.put("EXIF", ConformanceJpeg.segment(0xE1, concat(ascii("Exif\0\0"), exif)));
        segments.put("XMP", ConformanceJpeg.segment(0xE1, concat(ascii("http://ns.adobe.com/xap/1.0/\0"), xmp)));
        segments.put("IPTC", ConformanceJpeg.segment(0xED, ascii("Photoshop 3.0\0" + "8BIM" + SECRET)));
        segments.put("comment", ConformanceJpeg.segment(0xFE, ascii(SECRET)));
        segments.put("unknown segment", ConformanceJpeg.segment(0xEB, ascii(SECRET)));
        segments.forEach(
                (name, segment) -> secrets.add(new Secret(name, ImageFormat.JPEG, Pictures.insert(jpeg, segment))));
        secrets.add(new Secret("behind the end", ImageFormat.JPEG, concat(jpeg, ascii(SECRET))));

        Map<String, byte[]> chunks = new TreeMap<>();
        chunks.put("eXIf", exif);
        chunks.put("tEXt", ascii("Comment\0" + SECRET));
        chunks.put("zTXt", concat(ascii("Comment\0\0"), ConformancePng.deflate(ascii(SECRET))));
        chunks.put("iTXt", concat(ascii("XML:com.adobe.xmp\0\0\0\0\0"), xmp));
        chunks.put("tIME", new byte[] {7, (byte) 0xE5, 1, 2, 3, 4, 5});
        chunks.forEach((name, data) -> {
            for (int colorType : new int[] {ConformancePng.RGB, ConformancePng.RGBA}) {
                byte[] png = ConformancePng.write(photo, colorType, 8, false, Pictures.chunk(name, data));
                secrets.add(new Secret(name + " in colour type " + colorType, ImageFormat.PNG, png));
            }
        });
        int[][] indices = indices(80, 60, 16);
        Frame frame = new Frame(0, 0, indices, null, ConformanceGif.OPAQUE, false, 0, 0);
        secrets.add(new Secret(
                "comment",
                ImageFormat.GIF,
                ConformanceGif.write(
                        80, 60, palette(16), 0, List.of(frame, frame), ConformanceGif.extension(0xFE, ascii(SECRET)))));
        secrets.add(new Secret(
                "XMP",
                ImageFormat.GIF,
                ConformanceGif.write(
                        80,
                        60,
                        palette(16),
                        0,
                        List.of(frame),
                        ConformanceGif.extension(0xFF, ascii("XMP DataXMP"), xmp))));
        for (boolean lossy : new boolean[] {false, true}) {
            byte[] webp = ConformanceWebp.write(photo, lossy);
            secrets.add(new Secret(
                    "EXIF and XMP" + (lossy ? ", lossy" : ", lossless"),
                    ImageFormat.WEBP,
                    ConformanceWebp.extended(photo, webp, null, exif, xmp)));
        }
        Map<Integer, Object> page = page(
                ByteOrder.LITTLE_ENDIAN,
                photo,
                ConformanceTiff.RGB,
                8,
                ConformanceTiff.Layout.STRIPS,
                ConformancePng.RGB);
        page.putAll(camera);
        page.put(ConformanceTiff.XMP, xmp);
        secrets.add(new Secret("tags", ImageFormat.TIFF, ConformanceTiff.file(ByteOrder.LITTLE_ENDIAN, List.of(page))));
        return secrets.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void metadata(Secret secret) throws Exception {
        PICTURES.incrementAndGet();
        if (!secret.name.startsWith("zTXt") && !secret.name.startsWith("tIME")) {
            assertThat(text(secret.file)).contains(SECRET);
        }

        String thumbnail = text(thumbnailer.thumbnail(secret.file).bytes());

        assertThat(thumbnail)
                .as(secret.toString())
                .doesNotContain(SECRET, "Exif\0", "eXIf", "EXIF", "xmp", "XMP", "tEXt", "zTXt", "iTXt", "tIME");
        if (secret.format == ImageFormat.JPEG) {
            assertThat(thumbnail.indexOf("\u00FF\u00D8\u00FF", 2))
                    .as("%s, a picture inside", secret)
                    .isEqualTo(-1);
        }
    }

    // ---- What all have in common ----

    private void conforms(Case picture) throws Exception {
        conforms(picture, thumbnailer);
        if (picture.format == ImageFormat.JPEG || picture.format == ImageFormat.PNG) {
            conforms(picture, inJava);
        }
    }

    private static void conforms(Case picture, Thumbnailer thumbnailer) throws Exception {
        Thumbnail thumbnail = thumbnail(
                picture.toString(),
                picture.format,
                thumbnailer.thumbnail(picture.file),
                picture.upright.getWidth(),
                picture.upright.getHeight());
        BufferedImage actual = ConformanceColors.look(thumbnail.bytes());
        assertThat(actual.getWidth()).as("width").isEqualTo(thumbnail.width());
        assertThat(actual.getHeight()).as("height").isEqualTo(thumbnail.height());
        picture.tolerance.check(picture.toString(), actual, Reference.half(picture.upright));
    }

    private static Thumbnail thumbnail(String name, ImageFormat format, Thumbnail thumbnail, int width, int height) {
        PICTURES.incrementAndGet();
        assertThat(ImageFormat.of(thumbnail.bytes()))
                .as(name + ", format of the bytes")
                .contains(format);
        assertThat(thumbnail.format()).as(name).isEqualTo(format);
        assertThat(thumbnail.contentType()).as(name).isEqualTo(format.contentType());
        assertThat(thumbnail.width()).as(name + ", width").isEqualTo(Reference.half(width));
        assertThat(thumbnail.height()).as(name + ", height").isEqualTo(Reference.half(height));
        return thumbnail;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
