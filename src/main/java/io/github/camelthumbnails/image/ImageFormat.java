// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.bmp.BmpCodec;
import io.github.camelthumbnails.image.gif.GifCodec;
import io.github.camelthumbnails.image.jpeg.JpegCodec;
import io.github.camelthumbnails.image.png.PngCodec;
import io.github.camelthumbnails.image.tiff.TiffCodec;
import io.github.camelthumbnails.image.webp.WebpCodec;
import java.util.Arrays;
import java.util.Optional;

/** The formats that a thumbnail can have, with their codecs. */
public enum ImageFormat {
    JPEG(new JpegCodec()),
    PNG(new PngCodec()),
    GIF(new GifCodec()),
    BMP(new BmpCodec()),
    TIFF(new TiffCodec()),
    WEBP(new WebpCodec());

    private final OutputCodec codec;

    ImageFormat(OutputCodec codec) {
        this.codec = codec;
    }

    /**
     * Tells the format of a file by its first bytes, never by a file name.
     *
     * @param file its bytes, at least the first {@link Codec#START_BYTES} of a longer file
     * @return the format, or nothing if it is none of these
     */
    public static Optional<ImageFormat> of(byte[] file) {
        return Arrays.stream(values())
                .filter(format -> format.codec.recognizes(file))
                .findFirst();
    }

    /** Returns the codec. */
    OutputCodec codec() {
        return codec;
    }

    /** Returns the media type for a {@code Content-Type} header. */
    public String contentType() {
        return codec.contentType();
    }
}
