// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.webp;

import com.luciad.imageio.webp.WebPWriteParam;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes still pictures as lossless WebP. */
public final class WebpLosslessWriter {

    /** Compression method from 0 (fastest) to 6. */
    private static final int METHOD = 2;

    /** Compression effort from 0 to 1. Values above what {@link #METHOD} allows have no effect. */
    private static final float EFFORT = 0.25f;

    private WebpLosslessWriter() {}

    /** Encodes a picture. All pixels are kept exactly, including the colours of transparent ones. */
    public static byte[] encode(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("webp").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            WebPWriteParam parameters = (WebPWriteParam) writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionType("Lossless");
            parameters.setCompressionQuality(EFFORT);
            parameters.setMethod(METHOD);
            parameters.setExact(true);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
