// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.gif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.imageio.ImageIoReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Checks that a GIF which cannot be opened does not leak an ImageIO reader. */
class GifFramesTest {

    private static final String SCREEN_OF_2_BY_2 = "GIF89a\2\0\2\0\0\0\0";
    private static final String FRAME_OF_2_BY_2 = ",\0\0\0\0\2\0\2\0\200\0\0\0\377\377\377\2\2\4\21\0;";

    private final Counter counter = new Counter();

    @BeforeEach
    void preferCounter() {
        IIORegistry registry = IIORegistry.getDefaultInstance();
        registry.registerServiceProvider(counter);
        registry.setOrdering(ImageReaderSpi.class, counter, counter.original);
    }

    @AfterEach
    void removeCounter() {
        IIORegistry.getDefaultInstance().deregisterServiceProvider(counter);
    }

    @Test
    void fileWithoutFramesCreatesNoReader() {
        assertThatThrownBy(() -> new GifFrames(bytes(SCREEN_OF_2_BY_2 + ";"), () -> false))
                .isInstanceOf(IOException.class);

        assertThat(counter.created).isZero();
    }

    @Test
    void screenThatCannotBeAllocatedCreatesNoReader() {
        byte[] file = bytes(SCREEN_OF_2_BY_2 + FRAME_OF_2_BY_2);
        Arrays.fill(file, 6, 10, (byte) 0xFF);

        assertThatThrownBy(() -> new GifFrames(file, () -> false)).isInstanceOf(RuntimeException.class);

        assertThat(counter.created).isZero();
    }

    @Test
    void fileWithAFrameCreatesOneReader() throws Exception {
        new GifFrames(bytes(SCREEN_OF_2_BY_2 + FRAME_OF_2_BY_2), () -> false).close();

        assertThat(counter.created).isEqualTo(1);
    }

    private static byte[] bytes(String gif) {
        return gif.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Counts the readers that are created. */
    private static final class Counter extends ImageReaderSpi {

        private final ImageReaderSpi original;
        private int created;

        Counter() {
            ImageReader reader = ImageIoReader.find("GIF");
            original = reader.getOriginatingProvider();
            names = original.getFormatNames();
            reader.dispose();
        }

        @Override
        public boolean canDecodeInput(Object source) {
            return false;
        }

        @Override
        public ImageReader createReaderInstance(Object extension) throws IOException {
            created++;
            return original.createReaderInstance(extension);
        }

        @Override
        public Class<?>[] getInputTypes() {
            return new Class<?>[] {ImageInputStream.class};
        }

        @Override
        public String getDescription(Locale locale) {
            return "counter";
        }
    }
}
