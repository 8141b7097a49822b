// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import com.sun.jna.Pointer;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/** Copies decoded pixels from libheif (RGB or RGBA) into a {@link BufferedImage} (BGR or ABGR). */
final class HeifPixels {

    private HeifPixels() {}

    /**
     * Copies pixels into a new image.
     *
     * @param plane start of the first row
     * @param stride number of bytes from one row to the next
     * @param alpha whether the pixels are RGBA, four bytes each, rather than RGB, three bytes each
     * @param premultiplied whether the colours are premultiplied by alpha; the copy's are not
     */
    static BufferedImage copy(Pointer plane, int stride, int width, int height, boolean alpha, boolean premultiplied) {
        BufferedImage image =
                new BufferedImage(width, height, alpha ? BufferedImage.TYPE_4BYTE_ABGR : BufferedImage.TYPE_3BYTE_BGR);
        byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        int rowBytes = width * (alpha ? 4 : 3);
        for (int y = 0; y < height; y++) {
            int start = y * rowBytes;
            plane.read((long) y * stride, pixels, start, rowBytes);
            if (!alpha) {
                swapRgb(pixels, start, start + rowBytes);
            } else {
                if (premultiplied) {
                    divideByAlpha(pixels, start, start + rowBytes);
                }
                reverseRgba(pixels, start, start + rowBytes);
            }
        }
        return image;
    }

    private static void swapRgb(byte[] pixels, int start, int end) {
        for (int i = start; i < end; i += 3) {
            byte red = pixels[i];
            pixels[i] = pixels[i + 2];
            pixels[i + 2] = red;
        }
    }

    private static void reverseRgba(byte[] pixels, int start, int end) {
        for (int i = start; i < end; i += 4) {
            byte red = pixels[i];
            byte green = pixels[i + 1];
            pixels[i] = pixels[i + 3];
            pixels[i + 1] = pixels[i + 2];
            pixels[i + 2] = green;
            pixels[i + 3] = red;
        }
    }

    private static void divideByAlpha(byte[] pixels, int start, int end) {
        for (int i = start; i < end; i += 4) {
            int alpha = pixels[i + 3] & 0xFF;
            for (int band = 0; band < 3 && alpha != 0; band++) {
                pixels[i + band] = (byte) Math.min(255, ((pixels[i + band] & 0xFF) * 255 + alpha / 2) / alpha);
            }
        }
    }
}
