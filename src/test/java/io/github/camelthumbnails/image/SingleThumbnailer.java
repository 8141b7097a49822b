// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.image.limits.ImageLimits;
import java.util.List;
import java.util.Optional;

/** Makes one rendition of a picture. */
final class SingleThumbnailer {

    private final Thumbnailer thumbnailer;

    /** Creates a thumbnailer for pictures in the format of their originals. */
    SingleThumbnailer(Sizing sizing, double quality, boolean nativeCodec, ImageLimits limits, HangingDecodes hanging) {
        this(preset(sizing, Optional.empty(), quality), nativeCodec, limits, hanging);
    }

    SingleThumbnailer(Preset preset, boolean nativeCodec, ImageLimits limits, HangingDecodes hanging) {
        thumbnailer = new Thumbnailer(List.of(preset), new Codec.Options(nativeCodec), limits, hanging);
    }

    static Preset preset(Sizing sizing, Optional<ImageFormat> format, double quality) {
        return new Preset("thumbnail", sizing, format, quality, Preset.BACKGROUND);
    }

    Thumbnail thumbnail(byte[] original) throws UnusableImageException, WorkerLimitException, InterruptedException {
        return thumbnailer.renditions(original).get(0);
    }
}
