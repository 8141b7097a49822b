// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.imageio;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures through ImageIO, without any metadata. */
public final class ImageIoWriter {

    private ImageIoWriter() {}

    /**
     * Encodes a picture.
     *
     * @param format a name of the format that ImageIO knows
     * @param settings changes the writer's default parameters
     */
    public static byte[] encode(BufferedImage image, String format, Consumer<ImageWriteParam> settings)
            throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        settings.accept(parameters);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Makes a writer use its lossy compression. */
    public static Consumer<ImageWriteParam> quality(double quality) {
        return parameters -> {
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality((float) quality);
        };
    }

    /** Makes a writer use a compression. */
    public static Consumer<ImageWriteParam> compression(String type) {
        return parameters -> {
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionType(type);
        };
    }
}
