// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sample files of a format that ImageIO can write. */
final class FormatSamples extends CodecSamples {

    private static final Set<ImageFormat> WITH_ORIENTATION =
            EnumSet.of(ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP, ImageFormat.TIFF);

    private final ImageFormat format;

    FormatSamples(ImageFormat format) {
        this.format = format;
    }

    @Override
    public Sample picture() {
        BufferedImage image = Pictures.quarters(120, 80, BufferedImage.TYPE_INT_RGB);
        return new Sample("quarters", Pictures.encode(image, format), image);
    }

    @Override
    public byte[] sized(int width, int height) {
        return Pictures.quarters(format, width, height);
    }

    @Override
    public List<Sample> turned() {
        List<Sample> turned = new ArrayList<>();
        if (!WITH_ORIENTATION.contains(format)) {
            return turned;
        }
        BufferedImage upright = ConformanceScenes.photo(128, 94);
        for (int orientation = 1; orientation <= 8; orientation++) {
            BufferedImage stored = ConformanceScenes.stored(upright, orientation);
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                byte[] file = ConformanceExif.withOrientation(stored, format, order, orientation);
                turned.add(new Sample("orientation " + orientation + ", " + order, file, upright));
            }
        }
        return turned;
    }

    @Override
    public List<Sample> profiles() {
        BufferedImage image = ConformanceScenes.patches(120, 90);
        BufferedImage stored = ConformanceColors.DISPLAY_P3.stored(image);
        byte[] profile = ConformanceColors.DISPLAY_P3.profile();
        return withProfile(stored, profile)
                .map(file -> List.of(new Sample("Display P3", file, image)))
                .orElse(List.of());
    }

    private Optional<byte[]> withProfile(BufferedImage stored, byte[] profile) {
        return switch (format) {
            case JPEG ->
                Optional.of(Pictures.insert(
                        ConformanceJpeg.write(stored, ConformanceJpeg.Color.YCC),
                        ConformanceColors.segments(profile, 60_000)));
            case PNG ->
                Optional.of(
                        ConformancePng.write(stored, ConformancePng.RGB, 8, false, ConformancePng.profile(profile)));
            case WEBP ->
                Optional.of(ConformanceWebp.extended(stored, ConformanceWebp.write(stored, true), profile, null, null));
            case TIFF -> {
                Map<Integer, Object> page = ConformanceTiff.page(
                        ByteOrder.LITTLE_ENDIAN,
                        stored,
                        ConformanceTiff.RGB,
                        8,
                        ConformanceTiff.Layout.STRIPS,
                        ConformancePng.RGB);
                page.put(ConformanceTiff.PROFILE, profile);
                yield Optional.of(ConformanceTiff.file(ByteOrder.LITTLE_ENDIAN, List.of(page)));
            }
            default -> Optional.empty();
        };
    }

    @Override
    public List<Sample> secrets() {
        return SecretPictures.of(format);
    }

    @Override
    public List<byte[]> validFiles() {
        return ValidPictures.all().stream()
                .filter(picture -> picture.format() == format)
                .map(MalformedPictures.Malformed::bytes)
                .toList();
    }

    @Override
    public void fixChecksums(byte[] file) {
        if (format == ImageFormat.PNG) {
            Pictures.fixChecksums(file);
        }
    }

    @Override
    public String missingLibrary() {
        return "";
    }

    @Override
    public String toString() {
        return format.name();
    }
}
