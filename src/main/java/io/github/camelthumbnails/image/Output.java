// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.Memory;
import io.github.camelthumbnails.image.pixels.OrientationFilter;
import java.awt.Dimension;
import java.io.IOException;
import net.coobird.thumbnailator.util.exif.Orientation;

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

    /** Maximum bytes per pixel of a lossy file and its copies. */
    private static final long LOSSY_FILE_BYTES = 3;

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

    /** Returns the memory to make this rendition, without that for resizing. */
    Memory memory(long frames) {
        return format.codec().memory(size, frames, traits);
    }

    /** Returns the memory to encode this rendition from the samples of a shortcut: only the file is on the heap. */
    Memory encoderMemory(long frames) {
        return new Memory(
                LOSSY_FILE_BYTES * size.width * size.height, memory(frames).outside());
    }

    /**
     * Returns whether a shortcut encodes this rendition without an image on the heap, unless the file has a defect.
     *
     * @param codec codec of the original
     * @param header header of the original
     */
    boolean isEncodedBy(Codec.Shortcut shortcut, Codec codec, ImageHeader header) {
        return format.codec() == codec
                && header.orientation() == Orientation.TOP_LEFT
                && target.shows(new Dimension(header.width(), header.height()))
                && shortcut.canEncode(size);
    }

    /** Creates a writer whose time is measured. Fails if the format does not allow the size. */
    FrameWriter writer(Codec.Options options) throws IOException {
        OutputCodec encoder = format.codec();
        return encoding.measure(encoder.encoder(options), encoder.writer(size, traits, preset.quality(), options));
    }
}
