// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.pixels.OrientationFilter;
import java.awt.Dimension;
import java.io.IOException;

/**
 * Describes a rendition of one picture.
 *
 * @param target what it shows, in pixels of the picture before it is turned upright
 * @param size size of the rendition after it is turned upright
 * @param traits what it keeps of the original
 * @param encoding measures the time to encode it
 */
record Output(
        Preset preset,
        ImageFormat format,
        Target target,
        Dimension size,
        ImageHeader.Traits traits,
        Stopwatch encoding) {

    /**
     * Plans a rendition.
     *
     * @param codec codec of the original
     * @param header header of the original
     */
    static Output plan(Preset preset, Codec codec, ImageHeader header) {
        boolean sideways = OrientationFilter.isSideways(header.orientation());
        Target upright = sideways
                ? preset.sizing().target(header.height(), header.width())
                : preset.sizing().target(header.width(), header.height());
        ImageHeader.Traits traits = header.traits();
        ImageFormat format = preset.format().orElseGet(() -> codec.thumbnailFormat(header));
        Dimension size = upright.size();
        return new Output(
                preset,
                format,
                sideways ? upright.transposed() : upright,
                size,
                preset.format().isEmpty() ? traits : traits.lossy(), // a format is set to get small files
                new Stopwatch(Stage.Kind.ENCODE, format.name(), (long) size.width * size.height));
    }

    /** Creates a writer whose time is measured. Fails if the format does not allow the size. */
    FrameWriter writer(Codec.Options options) throws IOException {
        OutputCodec encoder = format.codec();
        return encoding.measure(encoder.encoder(options), encoder.writer(size, traits, preset.quality(), options));
    }
}
