// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameWriter;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OutputCodec;
import io.github.camelthumbnails.image.limits.Memory;
import java.awt.Dimension;
import java.io.IOException;
import java.util.Optional;

/** Encodes AVIF if libheif and an encoder for AV1 are installed. {@link HeifCodec} decodes it. */
public final class AvifCodec implements OutputCodec {

    /** Bytes per pixel of a rendition on the heap: the pictures of each step. */
    private static final int RENDITION_BYTES = 4 * Integer.BYTES;

    /** Creates a codec, which has no settings. */
    public AvifCodec() {}

    @Override
    public String contentType() {
        return "image/avif";
    }

    @Override
    public boolean hasAlpha() {
        return true;
    }

    @Override
    public String encoder(Codec.Options options) {
        return LibHeif.NAME;
    }

    @Override
    public Optional<String> missingLibrary() {
        return AvifEncoder.find().isPresent() ? Optional.empty() : Optional.of(AvifEncoder.HOW_TO_INSTALL);
    }

    @Override
    public Memory memory(Dimension size, long frames, ImageHeader.Traits traits) {
        long pixels = (long) size.width * size.height;
        return new Memory(
                RENDITION_BYTES * pixels,
                AvifMemory.FIXED_BYTES + (long) (AvifMemory.bytesPerPixel(traits.alpha()) * pixels));
    }

    @Override
    public FrameWriter writer(Dimension size, ImageHeader.Traits traits, double quality, Codec.Options options)
            throws IOException {
        AvifEncoder.checkSize(size.width, size.height);
        AvifEncoder encoder = AvifEncoder.find()
                .orElseThrow(() -> new LinkageError("There is no encoder. " + AvifEncoder.HOW_TO_INSTALL));
        return FrameWriter.still((image, profile) -> encoder.encode(image, quality, profile));
    }
}
