// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.CodecSamples;
import io.github.camelthumbnails.image.ConformanceScenes;
import io.github.camelthumbnails.image.heif.HeifFile.Coded;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Sample files in HEIC and AVIF. */
public final class HeifSamples extends CodecSamples {

    private static final int WIDTH = 120;
    private static final int HEIGHT = 80;
    private static final int[] QUARTERS_ANTICLOCKWISE = {0, 0, 2, 0, 3, 3, 3, 1};

    /** Creates the samples, whose files are built on demand. */
    public HeifSamples() {}

    @Override
    public Sample picture() {
        return new Sample("HEIC", HeifFile.resource("plain.heic"), HeifScene.draw(WIDTH, HEIGHT, false));
    }

    @Override
    public byte[] sized(int width, int height) {
        HeifFile file = new HeifFile();
        file.add(coded("plain.heic"), HeifFile.size(WIDTH, HEIGHT), HeifFile.crop(width, height));
        return file.build();
    }

    /** Uses the properties {@code irot} and {@code imir}, with which HEIF rotates and mirrors a picture. */
    @Override
    public List<Sample> turned() {
        BufferedImage stored = HeifScene.draw(WIDTH, HEIGHT, false);
        List<Sample> turned = new ArrayList<>();
        for (int orientation = 1; orientation <= 8; orientation++) {
            for (String name : List.of("plain.heic", "plain.avif")) {
                List<byte[]> properties = new ArrayList<>(List.of(HeifFile.size(WIDTH, HEIGHT)));
                int turn = QUARTERS_ANTICLOCKWISE[orientation - 1];
                if (turn != 0) {
                    properties.add(HeifFile.rotation(turn));
                }
                if (orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7) {
                    boolean leftToRight = orientation == 2 || orientation == 5;
                    properties.add(HeifFile.box("imir", HeifFile.number(1, leftToRight ? 1 : 0)));
                }
                HeifFile file = new HeifFile();
                file.add(coded(name), properties.toArray(byte[][]::new));
                int inverse = orientation == 6 ? 8 : orientation == 8 ? 6 : orientation;
                BufferedImage upright = ConformanceScenes.stored(stored, inverse);
                turned.add(new Sample("orientation " + orientation + ", " + name, file.build(), upright));
            }
        }
        return turned;
    }

    /** The thumbnail of the last file is a WebP, because it has alpha. */
    @Override
    public List<Sample> profiles() {
        BufferedImage opaque = HeifScene.draw(WIDTH, HEIGHT, false);
        ColorSpace linear = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);
        BufferedImage seen = ConformanceScenes.draw(WIDTH, HEIGHT, (x, y) -> {
            float[] rgb = linear.toRGB(new Color(opaque.getRGB(x, y)).getRGBColorComponents(null));
            return new Color(rgb[0], rgb[1], rgb[2]).getRGB();
        });
        BufferedImage translucent = ConformanceScenes.draw(WIDTH, HEIGHT, (x, y) -> {
            Color color = new Color(opaque.getRGB(x, y));
            double luma = 0.299 * color.getRed() + 0.587 * color.getGreen() + 0.114 * color.getBlue();
            return (int) Math.round(luma) << 24 | seen.getRGB(x, y) & 0xFFFFFF;
        });
        return List.of(
                new Sample("profile.heic", HeifFile.resource("profile.heic"), seen),
                new Sample("profile.avif", HeifFile.resource("profile.avif"), seen),
                new Sample("profile and alpha", profileAndAlpha(), translucent));
    }

    /** Returns a picture whose alpha channel is its own luma. */
    private static byte[] profileAndAlpha() {
        byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
        byte[] type = "prof".getBytes(StandardCharsets.US_ASCII);
        byte[] alpha = "urn:mpeg:hevc:2015:auxid:1\0".getBytes(StandardCharsets.US_ASCII);
        HeifFile file = new HeifFile();
        file.add(coded("plain.heic"), HeifFile.size(WIDTH, HEIGHT), HeifFile.box("colr", type, profile));
        int auxiliary = file.add(
                coded("plain.heic"), HeifFile.size(WIDTH, HEIGHT), HeifFile.box("auxC", HeifFile.number(4, 0), alpha));
        return file.refer("auxl", auxiliary, 1).build();
    }

    @Override
    public List<Sample> secrets() {
        byte[] secret = "\0\0\0\0MM\0*\0\0\0\b\0\0\0\0\0\0SECRET".getBytes(StandardCharsets.ISO_8859_1);
        HeifFile exif = new HeifFile();
        exif.add(coded("plain.heic"), HeifFile.size(WIDTH, HEIGHT));
        exif.refer("cdsc", exif.add("Exif", secret), 1);
        HeifFile end = new HeifFile();
        end.add(coded("plain.avif"), HeifFile.size(WIDTH, HEIGHT));
        return List.of(
                new Sample("EXIF", exif.build(), null),
                new Sample("behind the end", end.append(HeifFile.box("free", secret)), null));
    }

    @Override
    public List<byte[]> validFiles() {
        return Stream.of("plain", "odd", "alpha", "deep", "profile")
                .flatMap(name -> Stream.of(name + ".heic", name + ".avif"))
                .map(HeifFile::resource)
                .toList();
    }

    @Override
    public String missingLibrary() {
        return LibHeif.find().isPresent() ? "" : "libheif";
    }

    private static Coded coded(String name) {
        try {
            return Coded.of(HeifFile.resource(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "HEIC or AVIF";
    }
}
