// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.bmp.BmpCodec;
import io.github.camelthumbnails.image.gif.GifCodec;
import io.github.camelthumbnails.image.heif.AvifCodec;
import io.github.camelthumbnails.image.jpeg.JpegCodec;
import io.github.camelthumbnails.image.png.PngCodec;
import io.github.camelthumbnails.image.tiff.TiffCodec;
import io.github.camelthumbnails.image.webp.WebpCodec;
import java.util.Optional;

/** Formats in which pictures can be encoded, each with its codec. */
public enum ImageFormat {
    JPEG(new JpegCodec()),
    PNG(new PngCodec()),
    GIF(new GifCodec()),
    BMP(new BmpCodec()),
    TIFF(new TiffCodec()),
    WEBP(new WebpCodec()),
    AVIF(new AvifCodec());

    private final OutputCodec codec;

    ImageFormat(OutputCodec codec) {
        this.codec = codec;
    }

    /** Returns the codec of this format. */
    OutputCodec codec() {
        return codec;
    }

    /** Returns how to install what is missing to encode this format; empty if nothing is. */
    public Optional<String> missingLibrary() {
        return codec.missingLibrary();
    }

    /** Returns the media type for a {@code Content-Type} header. */
    public String contentType() {
        return codec.contentType();
    }
}
