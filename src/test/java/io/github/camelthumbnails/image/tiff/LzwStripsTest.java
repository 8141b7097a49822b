// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.tiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.ConformanceScenes;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.image.imageio.ImageIoReader;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares strips that {@link LzwStrips} decompresses with what the ImageIO reader decodes from the compressed file.
 */
class LzwStripsTest {

    private static final int DAMAGED_FILES = 3000;

    @Test
    void decompressesToTheSamePixelsAsTheReader() throws Exception {
        for (byte[] file : files()) {
            byte[] page = TiffPages.extractFirst(file);

            byte[] decompressed = LzwStrips.decompress(page, () -> false);

            assertThat(decompressed).as("is decompressed").isNotSameAs(page);
            assertThat(LzwStrips.isLzw(decompressed)).isFalse();
            assertThat(outcome(decompressed)).isNotEmpty().isEqualTo(outcome(page));
        }
    }

    /** Flips random bits in the strips, which changes LZW codes, and in the tags. */
    @Test
    void decodesDamagedFilesLikeTheReader() throws Exception {
        List<byte[]> files = files();
        Random random = new Random(1);
        int decompressedFiles = 0;
        for (int i = 0; i < DAMAGED_FILES; i++) {
            byte[] file = files.get(random.nextInt(files.size())).clone();
            for (int bits = 1 + random.nextInt(3); bits > 0; bits--) {
                file[8 + random.nextInt(file.length - 8)] ^= (byte) (1 << random.nextInt(8));
            }
            byte[] page;
            try {
                page = TiffPages.extractFirst(file);
            } catch (IOException | RuntimeException e) {
                continue;
            }
            byte[] decompressed = LzwStrips.decompress(page, () -> false);
            if (decompressed != page) {
                decompressedFiles++;
                assertThat(outcome(decompressed)).as("file %d", i).isEqualTo(outcome(page));
            }
        }
        assertThat(decompressedFiles).isGreaterThan(DAMAGED_FILES / 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ZLib", "PackBits"})
    void otherCompressionIsLeftToTheReader(String compression) throws Exception {
        byte[] page = TiffPages.extractFirst(Pictures.encode(
                Pictures.quarters(40, 30, BufferedImage.TYPE_INT_RGB),
                ImageFormat.TIFF,
                Pictures.compression(compression)));

        assertThat(LzwStrips.decompress(page, () -> false)).isSameAs(page);
    }

    @Test
    void tilesAreLeftToTheReader() throws Exception {
        byte[] page = TiffPages.extractFirst(Pictures.encode(
                Pictures.quarters(100, 80, BufferedImage.TYPE_INT_RGB), ImageFormat.TIFF, parameters -> {
                    parameters.setTilingMode(ImageWriteParam.MODE_EXPLICIT);
                    parameters.setTiling(32, 32, 0, 0);
                    Pictures.compression("LZW").accept(parameters);
                }));

        assertThat(LzwStrips.isLzw(page)).isTrue();
        assertThat(LzwStrips.decompress(page, () -> false)).isSameAs(page);
    }

    @Test
    void stopsWhenCancelled() throws Exception {
        byte[] page = TiffPages.extractFirst(files().get(0));

        assertThatThrownBy(() -> LzwStrips.decompress(page, () -> true)).isInstanceOf(CancellationException.class);
    }

    /** Encodes pictures of all kinds with each installed writer. Only one of the writers uses a predictor. */
    private static List<byte[]> files() throws IOException {
        List<BufferedImage> images = new ArrayList<>();
        Random random = new Random(7);
        for (int type : new int[] {
            BufferedImage.TYPE_3BYTE_BGR,
            BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_BYTE_INDEXED,
            BufferedImage.TYPE_BYTE_BINARY
        }) {
            images.add(ConformanceScenes.as(type, ConformanceScenes.photo(121, 93)));
            images.add(ConformanceScenes.as(type, ConformanceScenes.patches(300, 200))); // encoded as long strings
            images.add(ConformanceScenes.as(
                    type,
                    ConformanceScenes.draw(
                            90, 70, (x, y) -> random.nextInt() | 0xFF000000))); // encoded as short strings
        }
        images.add(Pictures.components(ColorSpace.CS_sRGB, false, DataBuffer.TYPE_USHORT, 1000, 40_000, 65_535));
        images.add(Pictures.components(ColorSpace.CS_GRAY, false, DataBuffer.TYPE_USHORT, 40_000));
        List<byte[]> files = new ArrayList<>();
        for (BufferedImage image : images) {
            Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("TIFF");
            while (writers.hasNext()) {
                ImageWriter writer = writers.next();
                boolean isJdkWriter = writer.getClass().getName().startsWith("com.sun");
                if (isJdkWriter
                        || image.getRaster().getTransferType()
                                == DataBuffer.TYPE_BYTE) { // other writers do not support 16 bits
                    files.add(lzw(writer, image));
                }
            }
        }
        return files;
    }

    private static byte[] lzw(ImageWriter writer, BufferedImage image) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            Pictures.compression("LZW").accept(parameters);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return file.toByteArray();
    }

    private static BufferedImage decode(byte[] page) throws IOException {
        return ImageIoReader.decode("TIFF", page, () -> false);
    }

    /**
     * Returns the type, the size and a hash of all samples of a picture. Returns an empty list if it cannot be decoded.
     */
    private static List<Object> outcome(byte[] page) {
        try {
            BufferedImage image = decode(page);
            int[] samples = null;
            samples = image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), samples);
            return List.of(image.getType(), image.getWidth(), Arrays.hashCode(samples));
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }
}
