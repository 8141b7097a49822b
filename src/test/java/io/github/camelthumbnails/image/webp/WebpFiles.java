// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelthumbnails.image.webp.WebpAnimationReader.Frame;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Loads, decodes and changes WebP files for the tests. Most files were created with the libwebp tools. */
public final class WebpFiles {

    private WebpFiles() {}

    /** Skips the test if the libraries are not installed, except in CI. */
    public static void assumeLibraries() {
        assumeThat(WebpAnimationReader.isAvailable() || System.getenv("CI") != null)
                .as("libwebpdemux and libwebpmux are not installed")
                .isTrue();
    }

    static byte[] read(String name) {
        try (InputStream in = WebpFiles.class.getResourceAsStream("/webp/" + name + ".webp")) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Frame> frames(byte[] webp) throws IOException {
        List<Frame> frames = new ArrayList<>();
        try (WebpAnimationReader reader = WebpAnimationReader.open(webp)) {
            while (reader.hasNext()) {
                frames.add(reader.next());
            }
        }
        return frames;
    }

    /** Decodes a still picture with webp-imageio. */
    static BufferedImage decode(byte[] webp) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(webp));
    }

    static BufferedImage plain(int width, int height, Color color) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fillRect(0, 0, width, height);
        graphics.dispose();
        return image;
    }

    static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** Returns the index of the first chunk of a type. */
    public static int find(byte[] webp, String type) {
        return new String(webp, StandardCharsets.ISO_8859_1).indexOf(type);
    }

    /** Returns a copy of a file with a changed 24-bit number. */
    public static byte[] with24Bits(byte[] webp, int position, int value) {
        byte[] copy = webp.clone();
        ByteBuffer out = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        out.putShort(position, (short) value).put(position + 2, (byte) (value >> 16));
        return copy;
    }
}
