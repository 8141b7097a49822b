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

/** Lets libjpeg-turbo leave out the pixels that a thumbnail does not need. */
final class TurboJpegShortcut implements Codec.Shortcut {

    /** Bytes for each pixel without alpha. */
    private static final int REDUCED_BYTES = 3;

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

    /** Returns the shortcut, unless rounding up to eighths makes a small picture too different. */
    static Optional<Codec.Shortcut> of(
            TurboJpeg codec, byte[] file, ImageHeader header, Scale scale, Codec.Options options) {
        int eighths = scale.eighths();
        boolean fits = HalfSizeResizer.canCrop(header.width(), header.width() * eighths % 8)
                && HalfSizeResizer.canCrop(header.height(), header.height() * eighths % 8);
        return fits
                ? Optional.of(new TurboJpegShortcut(codec, file, header, scale, options, memory(file, header, eighths)))
                : Optional.empty();
    }

    private static long memory(byte[] file, ImageHeader header, int eighths) {
        // The samples, the same in the thumbnail's size, upright, and encoded.
        double scale = eighths / 8.0;
        return file.length
                + (long) (header.area() * (header.need().decoderBytesPerPixel() + 4 * REDUCED_BYTES * scale * scale));
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
