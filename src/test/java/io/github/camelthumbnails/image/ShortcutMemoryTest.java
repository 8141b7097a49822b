// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import io.github.camelthumbnails.image.limits.Memory;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests what the memory of a shortcut means for the decode. */
class ShortcutMemoryTest {

    private static final int WIDTH = 1000;
    private static final int HEIGHT = 800;
    private static final Codec.Options NATIVE = new Codec.Options(true);

    @Test
    void heapOfAnImageThatIsCroppedCounts() throws Exception {
        InstalledLibraries.require("libjpeg-turbo");
        byte[] file = Pictures.quarters(ImageFormat.JPEG, WIDTH, HEIGHT);

        Memory cropped = memory(file, new Box(260, 260, true));
        Memory half = memory(file, new Scale(new BigDecimal("0.5")));

        assertThat(cropped.heap()).isGreaterThan((long) (0.75 * WIDTH * HEIGHT) + 9 * 260 * 260);
        assertThat(half.heap()).as("only the file of the rendition").isLessThan((long) (0.8 * WIDTH * HEIGHT));
    }

    @Test
    void wholePictureIsDecodedIfTheShortcutNeedsTooMuch() throws Exception {
        InstalledLibraries.require("libwebpmux");
        byte[] file = Pictures.quarters(ImageFormat.WEBP, WIDTH, HEIGHT);
        Sizing half = new Scale(new BigDecimal("0.5"));
        Memory budget = new Memory(100_000_000, memory(file, half).outside() - 1);
        Thumbnailer thumbnailer = new Thumbnailer(
                List.of(new Preset("half", half)),
                NATIVE,
                new ImageLimits(50_000_000, budget, Duration.ofSeconds(60)),
                new HangingDecodes(Duration.ZERO));

        List<Thumbnail> renditions = thumbnailer.renditions(file);

        assertThat(renditions)
                .singleElement()
                .satisfies(rendition -> assertThat(rendition.width()).isEqualTo(WIDTH / 2));
        assertThat(thumbnailer.memory().used()).isEqualTo(new Memory(0, 0));
    }

    /** Returns the memory to make a rendition with the shortcut of the codec. */
    private static Memory memory(byte[] file, Sizing sizing) throws Exception {
        Codec codec = Codecs.STANDARD.find(file).orElseThrow();
        ImageHeader header = codec.header(file, WIDTH * HEIGHT, () -> false);
        RenditionMaker maker = new RenditionMaker(file, codec, header, List.of(new Preset("x", sizing)), NATIVE);
        return maker.memory(
                codec.shortcut(file, header, maker.targets(), NATIVE).orElseThrow());
    }
}
