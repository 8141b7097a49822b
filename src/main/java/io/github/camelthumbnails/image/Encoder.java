// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import com.luciad.imageio.webp.WebPWriteParam;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes thumbnails.
 *
 * @param quality of the lossy formats, 0 to 1
 * @param turboJpeg writes JPEG, if it is there
 * @param libdeflate compresses PNG, if it is there
 */
record Encoder(double quality, Optional<TurboJpeg> turboJpeg, Optional<Libdeflate> libdeflate) {

    /** Of 0, the fastest, to 6: takes a third of the time of 4, the default, for a file that is 4 % larger. */
    private static final int WEBP_METHOD = 2;

    /** Writes a picture, without any metadata. */
    byte[] encode(BufferedImage image, ImageFormat format) throws IOException {
        if (format == ImageFormat.JPEG && turboJpeg.isPresent() && TurboJpeg.canEncode(image)) {
            return turboJpeg.get().encode(image, quality);
        }
        if (format == ImageFormat.PNG) {
            return PngEncoder.encode(image, libdeflate);
        }
        BufferedImage picture = image;
        if (format == ImageFormat.JPEG && image.getType() == BufferedImage.TYPE_3BYTE_BGR) {
            picture = RgbImages.fromBgr(image);
        } else if (format == ImageFormat.BMP && image.getColorModel().hasAlpha()) {
            picture = onWhite(image);
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format.name()).next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), parameters(writer, format));
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** For a format whose writer knows no alpha. */
    private static BufferedImage onWhite(BufferedImage image) {
        BufferedImage result = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = result.createGraphics();
        graphics.drawImage(image, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return result;
    }

    private ImageWriteParam parameters(ImageWriter writer, ImageFormat format) {
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        switch (format) {
            case JPEG -> {
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionQuality((float) quality);
            }
            case WEBP -> {
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionType("Lossy");
                parameters.setCompressionQuality((float) quality);
                ((WebPWriteParam) parameters).setMethod(WEBP_METHOD);
            }
            case TIFF -> {
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionType("LZW");
            }
            case PNG, GIF, BMP -> {}
        }
        return parameters;
    }
}
