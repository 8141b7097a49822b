// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.heif.HeifSamples;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sample files of one format, for {@link CodecContractTest}. {@link FormatSamples} covers the formats that ImageIO can
 * write. For any other format, add a class to {@link #OTHERS}.
 */
public abstract class CodecSamples {

    private static final List<CodecSamples> OTHERS = List.of(new HeifSamples());

    /**
     * A sample file.
     *
     * @param name what is special about the file
     * @param upright the expected upright picture in sRGB; null if it does not matter
     */
    public record Sample(String name, byte[] file, BufferedImage upright) {}

    /** Returns the samples of all codecs, and fails if there are none for one of them. */
    static Stream<CodecSamples> all() {
        return Codecs.STANDARD.all().stream().map(CodecSamples::of);
    }

    private static CodecSamples of(Codec codec) {
        Stream<CodecSamples> formats = Pictures.FORMATS.stream().map(FormatSamples::new);
        return Stream.concat(OTHERS.stream(), formats)
                .filter(samples -> samples.toString().equals(codec.name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no example file of " + codec.name()
                        + ". Add a subclass of CodecSamples with that name to OTHERS."));
    }

    /** Returns a file of 120 x 80 pixels with four quarters of different colours. */
    public abstract Sample picture();

    /** Returns a file of the given size. */
    public abstract byte[] sized(int width, int height);

    /** Returns a file for each orientation; none if the format has no orientation. */
    public abstract List<Sample> turned();

    /**
     * Returns files whose colours are right only if their colour profile is applied; none if the format has no
     * profiles.
     */
    public abstract List<Sample> profiles();

    /** Returns files with the word {@code SECRET} in their metadata, each named after the place of the word. */
    public abstract List<Sample> secrets();

    /** Returns small valid files of all kinds, for tests that damage them. */
    public abstract List<byte[]> validFiles();

    /** Corrects the checksums of a damaged file, if the format has any, so that decoders reach the damage. */
    public void fixChecksums(byte[] file) {
        // Most formats have no checksums.
    }

    /** Returns the name of the codec. */
    @Override
    public abstract String toString();

    /** Returns the codec. */
    final Codec codec() {
        return Codecs.STANDARD.all().stream()
                .filter(codec -> codec.name().equals(toString()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Returns the optional native library without which the codec cannot read at all; an empty string if it is
     * available.
     */
    public abstract String missingLibrary();
}
