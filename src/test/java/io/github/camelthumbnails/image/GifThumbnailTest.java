// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.GifFile.BLUE;
import static io.github.camelthumbnails.image.GifFile.CLEAR;
import static io.github.camelthumbnails.image.GifFile.GREEN;
import static io.github.camelthumbnails.image.GifFile.KEEP;
import static io.github.camelthumbnails.image.GifFile.RED;
import static io.github.camelthumbnails.image.GifFile.RESTORE;
import static io.github.camelthumbnails.image.GifFile.TRANSPARENT;
import static io.github.camelthumbnails.image.GifFile.YELLOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.image.UnusableImageException.Reason;
import io.github.camelthumbnails.image.imageio.ByteArrayImageInputStream;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import net.coobird.thumbnailator.Thumbnails;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the thumbnails of animated GIFs. */
@Timeout(60)
class GifThumbnailTest {

    private static final String METADATA = "javax_imageio_gif_image_1.0";

    private final HangingDecodes hanging = new HangingDecodes(Duration.ZERO);

    @Test
    void framesAndDelaysAreKept() throws Exception {
        GifFile file = new GifFile(8, 8);
        int[] delays = {5, 0, 65_535, 1, 300};
        for (int i = 0; i < delays.length; i++) {
            file.control(delays[i], KEEP).frame(0, 0, 8, 8, i % 2); // the third frame is like the first
        }

        List<IIOMetadataNode> frames = metadata(thumbnail(file.finish()));

        assertThat(frames.stream()
                        .map(frame -> attribute(frame, "GraphicControlExtension", "delayTime"))
                        .mapToInt(Integer::parseInt))
                .containsExactly(Arrays.stream(delays).boxed().toArray(Integer[]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 65_535})
    void loopsAreKept(int loops) throws Exception {
        GifFile file = new GifFile(8, 8).loops(loops);
        for (int color : new int[] {RED, BLUE}) {
            file.control(10, KEEP).frame(0, 0, 8, 8, color);
        }

        IIOMetadataNode first = metadata(thumbnail(file.finish())).get(0);

        IIOMetadataNode extension = child(first, "ApplicationExtension");
        assertThat(extension.getAttribute("applicationID") + extension.getAttribute("authenticationCode"))
                .isEqualTo("NETSCAPE2.0");
        assertThat((byte[]) extension.getUserObject()).containsExactly(1, loops & 0xFF, loops >> 8);
    }

    @Test
    void loopExtensionIsMissingIfTheOriginalHasNone() throws Exception {
        byte[] thumbnail = thumbnail(
                new GifFile(8, 8).frame(0, 0, 8, 8, RED).frame(0, 0, 8, 8, BLUE).finish());

        assertThat(child(metadata(thumbnail).get(0), "ApplicationExtension")).isNull();
    }

    @Test
    void disposalMethodsAreApplied() throws Exception {
        byte[] original = new GifFile(16, 16)
                .control(1, KEEP)
                .frame(0, 0, 16, 16, RED)
                .control(1, RESTORE)
                .frame(0, 0, 8, 8, GREEN)
                .control(1, CLEAR)
                .frame(8, 0, 8, 8, BLUE)
                .control(1, 4) // some encoders write 4 instead of 3
                .frame(0, 8, 8, 8, YELLOW)
                .control(1, KEEP)
                .frame(0, 0, 8, 8, TRANSPARENT)
                .control(1, 0)
                .frame(8, 8, 8, 8, GREEN)
                .finish();

        assertThat(quarters(original)).isEqualTo(quarters(thumbnail(original)));
        assertThat(quarters(thumbnail(original)))
                .containsExactly(
                        List.of(RED, RED, RED, RED),
                        List.of(GREEN, RED, RED, RED),
                        List.of(RED, BLUE, RED, RED),
                        List.of(RED, TRANSPARENT, YELLOW, RED),
                        List.of(RED, TRANSPARENT, RED, RED),
                        List.of(RED, TRANSPARENT, RED, GREEN));
    }

    @Test
    void firstFrameSmallerThanTheScreenKeepsItsPosition() throws Exception {
        byte[] thumbnail = thumbnail(
                new GifFile(16, 16).control(0, KEEP).frame(8, 0, 8, 8, BLUE).finish());

        assertThat(quarters(thumbnail)).containsExactly(List.of(TRANSPARENT, BLUE, TRANSPARENT, TRANSPARENT));
    }

    @Test
    void frameBeyondTheScreenIsCropped() throws Exception {
        byte[] thumbnail = thumbnail(new GifFile(16, 16)
                .frame(0, 0, 16, 16, RED)
                .frame(8, 8, 16, 16, GREEN)
                .frame(20, 20, 16, 16, BLUE)
                .finish());

        assertThat(Pictures.decode(thumbnail).getWidth()).isEqualTo(8);
        assertThat(quarters(thumbnail))
                .containsExactly(
                        List.of(RED, RED, RED, RED), List.of(RED, RED, RED, GREEN), List.of(RED, RED, RED, GREEN));
    }

    @Test
    void screenWithoutSizeHasTheSizeOfTheFirstFrame() throws Exception {
        byte[] thumbnail = thumbnail(new GifFile(0, 0)
                .frame(0, 0, 12, 10, RED)
                .frame(0, 0, 6, 5, GREEN)
                .finish());

        assertThat(Pictures.decode(thumbnail).getWidth()).isEqualTo(6);
        assertThat(Pictures.decode(thumbnail).getHeight()).isEqualTo(5);
        assertThat(quarters(thumbnail)).containsExactly(List.of(RED, RED, RED, RED), List.of(GREEN, RED, RED, RED));
    }

    @Test
    void pixelIsOpaqueIfItsAlphaIsAtLeastHalf() throws Exception {
        int[] pixels = {
            RED, RED, TRANSPARENT, RED,
            RED, TRANSPARENT, TRANSPARENT, TRANSPARENT
        };

        BufferedImage image = Pictures.decode(thumbnail(
                new GifFile(4, 2).control(0, KEEP).frame(0, 0, 4, 2, pixels).finish()));

        assertThat(Integer.toHexString(image.getRGB(0, 0))).isEqualTo("ffff0000");
        assertThat(image.getRGB(1, 0) >>> 24).isZero();
    }

    /** Combines all features of GIF: the frames of the thumbnail must be those of the original, only smaller. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void framesLookLikeThoseOfTheOriginal(int seed) throws Exception {
        Random random = new Random(seed);
        GifFile file = new GifFile(40, 30);
        for (int i = 0; i < 30; i++) {
            int width = 1 + random.nextInt(40);
            int height = 1 + random.nextInt(30);
            int block = 1 + random.nextInt(8);
            int[] colors = random.ints(0, GifFile.COLORS.length).limit(40).toArray();
            int[] pixels = IntStream.range(0, width * height)
                    .map(pixel -> colors[pixel / block % colors.length])
                    .toArray();
            file.control(i, random.nextInt(5)).frame(random.nextInt(30), random.nextInt(20), width, height, pixels);
        }
        byte[] original = file.finish();

        List<BufferedImage> expected = frames(original);
        List<BufferedImage> actual = frames(thumbnail(original));

        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertSimilar(actual.get(i), resized(expected.get(i)), "frame " + i);
        }
    }

    @Test
    void framesAtFullSizeAreExact() throws Exception {
        byte[] original = twoFrames()
                .control(1, CLEAR)
                .frame(2, 2, 3, 3, YELLOW)
                .frame(0, 0, 1, 1, GREEN)
                .finish();
        ImageLimits limits = new ImageLimits(1000, Budgets.both(1_000_000), Duration.ofSeconds(50));

        byte[] copy = new SingleThumbnailer(new Scale(BigDecimal.ONE), 0.8, true, limits, hanging)
                .thumbnail(original)
                .bytes();

        List<BufferedImage> expected = frames(original);
        assertThat(frames(copy)).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(frames(copy).get(i).getRGB(0, 0, 8, 8, null, 0, 8))
                    .isEqualTo(expected.get(i).getRGB(0, 0, 8, 8, null, 0, 8));
        }
    }

    @Test
    void fewColoursAreExact() throws Exception {
        BufferedImage image = new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 900; i++) {
            int color = i / 60 * 15 + i % 30 / 2; // one colour for each 2 x 2 pixels
            image.setRGB(i % 30, i / 30, color * 0x010203 & 0xFFFFFF);
        }
        byte[] original = Pictures.encode(image, ImageFormat.GIF);

        BufferedImage thumbnail = Pictures.decode(thumbnail(original));

        BufferedImage decoded = Pictures.decode(original);
        for (int i = 0; i < 225; i++) {
            assertThat(thumbnail.getRGB(i % 15, i / 15)).isEqualTo(decoded.getRGB(i % 15 * 2, i / 15 * 2));
        }
    }

    @Test
    void manyColoursAreSimilar() throws Exception {
        byte[] original = Pictures.encode(photo(400, 300, 0), ImageFormat.GIF);

        BufferedImage thumbnail = Pictures.decode(thumbnail(original));

        assertThat(noiseRatio(thumbnail, resized(Pictures.decode(original)))).isGreaterThan(39);
    }

    @Test
    void colourThatFirstAppearsInALaterFrameIsKept() throws Exception {
        byte[] original = animation(photo(100, 80, 0), photo(100, 80, 0xFF0000));

        List<BufferedImage> frames = frames(thumbnail(original));

        List<BufferedImage> expected = frames(original);
        for (int i = 0; i < 2; i++) {
            assertThat(noiseRatio(frames.get(i), resized(expected.get(i)))).isGreaterThan(36);
        }
    }

    @Test
    void unchangedPixelsAreNotWrittenAgain() throws Exception {
        BufferedImage photo = photo(200, 200, 0);
        BufferedImage[] frames = new BufferedImage[50];
        Arrays.fill(frames, photo);

        int still = thumbnail(Pictures.encode(photo, ImageFormat.GIF)).length;
        int animated = thumbnail(animation(frames)).length;

        assertThat(animated).isBetween(still, still + 50 * 40);
    }

    /** Browsers do the same. */
    @Test
    void brokenLaterFrameEndsTheAnimation() throws Exception {
        byte[] valid = new GifFile(20, 20).frame(0, 0, 20, 20, RED).unfinished();
        byte[] file = new GifFile(20, 20)
                .frame(0, 0, 20, 20, RED)
                .control(1, CLEAR)
                .frame(0, 0, 20, 20, BLUE)
                .unfinished();
        List<byte[]> broken = new ArrayList<>();
        for (int length = valid.length + 1; length < file.length; length++) {
            broken.add(Arrays.copyOf(file, length));
        }
        byte[] damaged = file.clone();
        Arrays.fill(damaged, file.length - 40, file.length - 20, (byte) 0xFF); // codes that are not in the table yet
        broken.add(damaged);
        broken.add(new GifFile(20, 20)
                .frame(0, 0, 20, 20, RED)
                .frame(0, 0, 20, 20, new int[399])
                .finish());
        broken.add(new GifFile(20, 20).frame(0, 0, 20, 20, RED).raw(0x55).finish());
        broken.add(
                new GifFile(20, 20).frame(0, 0, 20, 20, RED).frame(0, 0, 0, 20).finish());
        for (byte[] one : broken) {
            assertThat(frames(thumbnail(one))).hasSize(1);
        }
    }

    @Test
    void brokenFirstFrameIsCorrupt() {
        byte[] valid = new GifFile(20, 20).frame(0, 0, 20, 20, RED).unfinished();

        for (int length = 13; length < valid.length; length++) {
            assertUnusable(Arrays.copyOf(valid, length), Reason.CorruptImage);
        }
        assertUnusable(new GifFile(20, 20).frame(0, 0, 20, 20, new int[399]).finish(), Reason.CorruptImage);
        assertUnusable(new GifFile(20, 20).frame(0, 0, 0, 20).finish(), Reason.CorruptImage);
    }

    @Test
    void transparentColorBeyondThePaletteIsIgnored() throws Exception {
        byte[] file = Files.readAllBytes(Path.of("src/test/resources/pictures/transparent-index-past-palette.gif"));

        BufferedImage thumbnail = frames(thumbnail(file)).get(0);

        for (int y = 0; y < thumbnail.getHeight(); y++) {
            for (int x = 0; x < thumbnail.getWidth(); x++) {
                assertThat(thumbnail.getRGB(x, y) >>> 24).isEqualTo(255);
            }
        }
    }

    @Test
    void errorsThatBrowsersIgnoreAreIgnored() throws Exception {
        List<byte[]> files = List.of(
                twoFrames().unfinished(),
                twoFrames().raw(0, 0).finish(),
                twoFrames().raw(0x3B, 0x2C, 1, 2, 3).finish());
        for (byte[] file : files) {
            assertThat(frames(thumbnail(file))).hasSize(2);
        }
    }

    @Test
    void hugeLaterFrameIsRejected() {
        byte[] file = new GifFile(1, 1)
                .frame(0, 0, 1, 1, RED)
                .frame(0, 0, 65_535, 65_535, RED, BLUE)
                .finish();

        assertUnusable(file, Reason.TooManyPixels);
    }

    @Test
    void memoryEstimateIncludesAllFrames() {
        GifFile file = new GifFile(1, 1);
        for (int i = 0; i < 200_000; i++) {
            file.frame(0, 0, 1, 1, i % 2);
        }

        assertThatExceptionOfType(WorkerLimitException.class)
                .isThrownBy(() -> thumbnail(file.finish()))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(WorkerLimitException.Reason.NotEnoughMemory));
    }

    @Test
    void thousandFramesAreAccepted() throws Exception {
        GifFile file = new GifFile(10, 10);
        for (int i = 0; i < 1000; i++) {
            file.control(2, KEEP).frame(i % 10, 0, 1, 10, i % 7);
        }

        assertThat(metadata(thumbnail(file.finish()))).hasSize(1000);
    }

    @Test
    void animationThatTakesTooLongIsCancelled() {
        BufferedImage[] frames = new BufferedImage[40];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = photo(500, 400, i);
        }
        byte[] original = animation(frames);

        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnailer(Duration.ofMillis(20)).thumbnail(original))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.Timeout));
        Awaitility.await("it stops").until(() -> hanging.count() == 0);
    }

    private static GifFile twoFrames() {
        return new GifFile(8, 8).frame(0, 0, 8, 8, RED).frame(0, 0, 4, 4, BLUE);
    }

    private byte[] thumbnail(byte[] original) throws Exception {
        return thumbnailer(Duration.ofSeconds(50)).thumbnail(original).bytes();
    }

    private SingleThumbnailer thumbnailer(Duration timeout) {
        ImageLimits limits = new ImageLimits(50_000_000, Budgets.both(500_000_000), timeout, Duration.ofMinutes(1));
        return new SingleThumbnailer(new Scale(new BigDecimal("0.5")), 0.8, true, limits, hanging);
    }

    private void assertUnusable(byte[] original, Reason reason) {
        assertThatExceptionOfType(UnusableImageException.class)
                .isThrownBy(() -> thumbnail(original))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** Draws a picture of many colours; the last parameter varies them. */
    private static BufferedImage photo(int width, int height, int more) {
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(more);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double light = 127 + 80 * Math.sin(x / 37.0) * Math.cos(y / 51.0) + random.nextInt(20);
                double tint = 12 * Math.sin((x + y) / 61.0);
                int red = (int) (light + tint);
                int green = (int) light;
                int blue = (int) (light - 2 * tint);
                photo.setRGB(x, y, red << 16 | green << 8 | blue | more);
            }
        }
        return photo;
    }

    private static byte[] animation(BufferedImage... frames) {
        return Pictures.animation(ImageFormat.GIF, Arrays.asList(frames));
    }

    /** Returns the frames as a browser shows them. */
    private static List<BufferedImage> frames(byte[] file) throws Exception {
        List<BufferedImage> all = new ArrayList<>();
        try (FrameReader frames =
                Codecs.STANDARD.find(file).orElseThrow().open(file, new Codec.Options(false), () -> false)) {
            for (BufferedImage frame = frames.next(); frame != null; frame = frames.next()) {
                BufferedImage copy = new BufferedImage(frame.getWidth(), frame.getHeight(), frame.getType());
                frame.copyData(copy.getRaster());
                all.add(copy);
            }
        }
        return all;
    }

    /** Returns for each frame the indices of the colours in the middle of its quarters. */
    private static List<List<Integer>> quarters(byte[] file) throws Exception {
        List<Integer> colors = Arrays.stream(GifFile.COLORS).boxed().toList();
        return frames(file).stream()
                .map(frame -> IntStream.range(0, 4)
                        .map(i -> Pictures.quarter(frame, i).getRGB())
                        .mapToObj(colors::indexOf)
                        .toList())
                .toList();
    }

    private static BufferedImage resized(BufferedImage image) throws Exception {
        return Thumbnails.of(image)
                .forceSize(image.getWidth() / 2, image.getHeight() / 2)
                .imageType(BufferedImage.TYPE_INT_ARGB)
                .asBufferedImage();
    }

    private static void assertSimilar(BufferedImage actual, BufferedImage expected, String name) {
        for (int y = 0; y < actual.getHeight(); y++) {
            for (int x = 0; x < actual.getWidth(); x++) {
                int a = actual.getRGB(x, y);
                int b = expected.getRGB(x, y);
                assertThat(a >>> 24).as("alpha of %s at %d, %d", name, x, y).isEqualTo(b >>> 24 < 128 ? 0 : 255);
                for (int shift = 0; shift < 24 && a != 0; shift += 8) {
                    assertThat(a >> shift & 0xFF)
                            .as("%s at %d, %d", name, x, y)
                            .isBetween((b >> shift & 0xFF) - 24, (b >> shift & 0xFF) + 24);
                }
            }
        }
    }

    /** Returns the peak signal-to-noise ratio of two pictures in dB; libimagequant in sharp reaches 40 for photos. */
    private static double noiseRatio(BufferedImage actual, BufferedImage expected) {
        double sum = 0;
        for (int y = 0; y < actual.getHeight(); y++) {
            for (int x = 0; x < actual.getWidth(); x++) {
                for (int shift = 0; shift < 24; shift += 8) {
                    int difference = (actual.getRGB(x, y) >> shift & 0xFF) - (expected.getRGB(x, y) >> shift & 0xFF);
                    sum += difference * difference;
                }
            }
        }
        return 10 * Math.log10(255 * 255 * 3.0 * actual.getWidth() * actual.getHeight() / sum);
    }

    private static List<IIOMetadataNode> metadata(byte[] file) throws Exception {
        ImageReader reader = reader(file);
        List<IIOMetadataNode> all = new ArrayList<>();
        for (int i = 0; i < reader.getNumImages(true); i++) {
            all.add((IIOMetadataNode) reader.getImageMetadata(i).getAsTree(METADATA));
        }
        reader.dispose();
        return all;
    }

    private static ImageReader reader(byte[] file) {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(new ByteArrayImageInputStream(file, () -> false));
        return reader;
    }

    private static IIOMetadataNode child(IIOMetadataNode root, String name) {
        return (IIOMetadataNode) root.getElementsByTagName(name).item(0);
    }

    private static String attribute(IIOMetadataNode root, String child, String name) {
        return child(root, child).getAttribute(name);
    }
}
