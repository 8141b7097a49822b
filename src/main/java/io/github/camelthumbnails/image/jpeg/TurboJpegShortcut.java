// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.Scale;
import io.github.camelthumbnails.image.pixels.HalfSizeResizer;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Makes the thumbnail of a JPEG with libjpeg-turbo, which scales while it decodes and so skips pixels that are not
 * needed.
 */
final class TurboJpegShortcut implements Codec.Shortcut {

    /** Bytes per pixel of a scaled picture, which has no alpha channel. */
    private static final int SCALED_BYTES_PER_PIXEL = 3;

    private final TurboJpeg codec;
    private final byte[] file;
    private final ImageHeader header;
    private final Scale scale;
    private final Codec.Options options;
    private final long memory;

    private TurboJpegShortcut(
            TurboJpeg codec, byte[] file, ImageHeader header, Scale scale, Codec.Options options, long memory) {
        this.codec = codec;
        this.file = file;
        this.header = header;
        this.scale = scale;
        this.options = options;
        this.memory = memory;
    }

    /** Creates the shortcut. Returns empty if rounding to eighths would visibly distort a small picture. */
    static Optional<Codec.Shortcut> create(
            TurboJpeg codec, byte[] file, ImageHeader header, Scale scale, Codec.Options options) {
        int eighths = scale.eighths();
        boolean fits = HalfSizeResizer.canCrop(header.width(), header.width() * eighths % 8)
                && HalfSizeResizer.canCrop(header.height(), header.height() * eighths % 8);
        return fits
                ? Optional.of(new TurboJpegShortcut(codec, file, header, scale, options, memory(file, header, eighths)))
                : Optional.empty();
    }

    private static long memory(byte[] file, ImageHeader header, int eighths) {
        // Four copies: as decoded, in the size of the thumbnail, upright, and encoded.
        double scale = eighths / 8.0;
        return file.length
                + (long) (header.area()
                        * (header.need().decoderBytesPerPixel() + 4 * SCALED_BYTES_PER_PIXEL * scale * scale));
    }

    @Override
    public long memory() {
        return memory;
    }

    @Override
    public Optional<byte[]> make(Codec.Resizing resizing) throws IOException {
        Dimension size = new Dimension(header.width(), header.height());
        if (scale.isEighths() && header.orientation() == Orientation.TOP_LEFT) {
            return codec.reduce(file, size, scale.eighths(), options.quality());
        }
        Optional<BufferedImage> image = codec.decode(file, size, scale.eighths(), scale.isEighths());
        return image.isEmpty()
                ? Optional.empty()
                : Optional.of(JpegCodec.encode(resizing.resize(image.get()), options));
    }
}
