// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.Codec;
import io.github.camelthumbnails.image.FrameReader;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.ImageHeader;
import io.github.camelthumbnails.image.OriginalFormat;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import net.coobird.thumbnailator.util.exif.Orientation;

/**
 * Decodes HEIC and AVIF if libheif is installed. A thumbnail that has the format of its original is a JPEG, or a WebP if
 * the picture has an alpha channel.
 */
public final class HeifCodec implements Codec {

    /** Creates a codec, which has no settings. */
    public HeifCodec() {}

    @Override
    public String name() {
        return "HEIC or AVIF";
    }

    @Override
    public List<OriginalFormat> originalFormats() {
        Optional<LibHeif> library = LibHeif.find();
        return List.of(
                new OriginalFormat(
                        "HEIC",
                        List.of("heic", "heif", "hif"),
                        List.of("image/heic", "image/heif"),
                        library.filter(LibHeif::decodesHeic).isPresent()),
                new OriginalFormat(
                        "AVIF",
                        List.of("avif"),
                        List.of("image/avif"),
                        library.filter(LibHeif::decodesAvif).isPresent()));
    }

    @Override
    public ImageFormat thumbnailFormat(ImageHeader header) {
        return header.traits().alpha() ? ImageFormat.WEBP : ImageFormat.JPEG;
    }

    @Override
    public Map<String, Boolean> findLibraries(Options options) {
        return Map.of(LibHeif.NAME, LibHeif.find().isPresent());
    }

    @Override
    public String format(byte[] file) {
        return HeifHeader.detectKind(file).orElseThrow().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String decoder(byte[] file, Options options) {
        return LibHeif.NAME;
    }

    @Override
    public boolean recognizes(byte[] file) {
        return HeifHeader.detectKind(file).isPresent();
    }

    @Override
    public ImageHeader header(byte[] file, long maxPixels, BooleanSupplier cancelled) throws IOException {
        if (LibHeif.find().isEmpty()) {
            throw LibHeif.missing(HeifHeader.detectKind(file).orElseThrow());
        }
        HeifHeader header = HeifHeader.read(file);
        header.checkPixels(maxPixels);
        return new ImageHeader(
                header.width(),
                header.height(),
                1,
                (long) header.width() * header.height(),
                Orientation.TOP_LEFT, // libheif already turns the picture upright
                new ImageHeader.Need(0, 0, 0, header.memory(file.length)),
                new ImageHeader.Traits(false, header.alpha(), false, false));
    }

    @Override
    public FrameReader open(byte[] file, Options options, BooleanSupplier cancelled) throws IOException {
        HeifHeader header = HeifHeader.read(file);
        LibHeif library = LibHeif.find().orElseThrow(() -> new IllegalStateException("libheif is not installed"));
        LibHeif.Decoded decoded = library.decode(file, header, cancelled);
        FrameReader still = FrameReader.still(decoded.image());
        Optional<byte[]> profile = decoded.profile();
        return new FrameReader() {
            @Override
            public BufferedImage next() throws IOException {
                return still.next();
            }

            @Override
            public Optional<byte[]> profile() {
                return profile;
            }
        };
    }
}
