// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import net.coobird.thumbnailator.util.exif.Orientation;

/** How a camera was held. Thumbnailator reads it from JPEG only; phones also write it into WebP, PNG and TIFF. */
final class ExifOrientation {

    private ExifOrientation() {}

    /**
     * Reads the orientation tag of IFD 0.
     *
     * @param file the bytes of a picture
     * @return how its pixels lie; {@link Orientation#TOP_LEFT} where no valid tag says otherwise
     */
    static Orientation of(byte[] file) {
        try {
            Integer tag = ImageMetadataReader.readMetadata(new ByteArrayInputStream(file), file.length)
                    .getDirectoriesOfType(ExifIFD0Directory.class)
                    .stream()
                    .map(directory -> directory.getInteger(ExifIFD0Directory.TAG_ORIENTATION))
                    .filter(value -> value != null && value >= 1 && value <= 8)
                    .findFirst()
                    .orElse(1);
            return Orientation.typeOf(tag);
        } catch (ImageProcessingException | IOException | RuntimeException e) {
            // Metadata is an extra: a picture whose metadata is broken is still a picture.
            return Orientation.TOP_LEFT;
        }
    }

    /** Whether the upright picture is as wide as the stored one is high. */
    static boolean isSideways(Orientation orientation) {
        return switch (orientation) {
            case LEFT_TOP, RIGHT_TOP, RIGHT_BOTTOM, LEFT_BOTTOM -> true;
            case TOP_LEFT, TOP_RIGHT, BOTTOM_RIGHT, BOTTOM_LEFT -> false;
        };
    }
}
