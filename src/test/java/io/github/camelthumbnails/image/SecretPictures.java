// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static io.github.camelthumbnails.image.ConformanceScenes.indices;
import static io.github.camelthumbnails.image.ConformanceScenes.palette;
import static io.github.camelthumbnails.image.ConformanceScenes.photo;
import static io.github.camelthumbnails.image.Pictures.ascii;
import static io.github.camelthumbnails.image.Pictures.concat;

import io.github.camelthumbnails.image.ConformanceGif.Frame;
import java.awt.image.BufferedImage;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Files with private metadata (author, place, camera) in every place that a format provides for it. */
final class SecretPictures {

    /** The word in all metadata that must not be published. */
    static final String SECRET = "SECRET";

    private record Secret(String name, ImageFormat format, byte[] file) {}

    private SecretPictures() {}

    /** Returns the files of a format, each named after the place of the metadata. */
    static List<CodecSamples.Sample> of(ImageFormat format) {
        return all().stream()
                .filter(secret -> secret.format == format)
                .map(secret -> new CodecSamples.Sample(secret.name, secret.file, null))
                .toList();
    }

    private static List<Secret> all() {
        BufferedImage photo = photo(96, 64);
        BufferedImage embedded = ConformanceScenes.stored(photo, 3);
        byte[] small = Pictures.insert(
                ConformanceJpeg.write(embedded, ConformanceJpeg.Color.YCC),
                ConformanceJpeg.segment(0xFE, ascii(SECRET)));
        Map<Integer, Object> camera = Map.of(
                ConformanceTiff.DESCRIPTION,
                SECRET,
                ConformanceTiff.MAKE,
                SECRET,
                ConformanceTiff.GPS,
                Map.of(0, new long[] {2}, 29, SECRET, 27, ascii(SECRET)));
        byte[] exif = ConformanceTiff.file(
                ByteOrder.BIG_ENDIAN,
                List.of(
                        camera,
                        Map.of(
                                ConformanceTiff.THUMBNAIL,
                                new ConformanceTiff.Data(List.of(small)),
                                ConformanceTiff.THUMBNAIL_LENGTH,
                                new long[] {small.length})));
        byte[] xmp = ascii("<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + "</x:xmpmeta>");
        byte[] jpeg = ConformanceJpeg.write(photo, ConformanceJpeg.Color.YCC);
        List<Secret> secrets = new ArrayList<>();
        Map<String, byte[]> segments = new TreeMap<>();
        segments.put("EXIF", ConformanceJpeg.segment(0xE1, concat(ascii("Exif\0\0"), exif)));
        segments.put("XMP", ConformanceJpeg.segment(0xE1, concat(ascii("http://ns.adobe.com/xap/1.0/\0"), xmp)));
        segments.put("IPTC", ConformanceJpeg.segment(0xED, ascii("Photoshop 3.0\0" + "8BIM" + SECRET)));
        segments.put("comment", ConformanceJpeg.segment(0xFE, ascii(SECRET)));
        segments.put("unknown segment", ConformanceJpeg.segment(0xEB, ascii(SECRET)));
        segments.forEach(
                (name, segment) -> secrets.add(new Secret(name, ImageFormat.JPEG, Pictures.insert(jpeg, segment))));

        Map<String, byte[]> chunks = new TreeMap<>();
        chunks.put("eXIf", exif);
        chunks.put("tEXt", ascii("Comment\0" + SECRET));
        chunks.put("zTXt", concat(ascii("Comment\0\0"), ConformancePng.deflate(ascii(SECRET))));
        chunks.put("iTXt", concat(ascii("XML:com.adobe.xmp\0\0\0\0\0"), xmp));
        chunks.put("tIME", new byte[] {7, (byte) 0xE5, 1, 2, 3, 4, 5});
        chunks.forEach((name, data) -> {
            for (int colorType : new int[] {ConformancePng.RGB, ConformancePng.RGBA}) {
                byte[] png = ConformancePng.write(photo, colorType, 8, false, Pictures.chunk(name, data));
                secrets.add(new Secret(name + " in colour type " + colorType, ImageFormat.PNG, png));
            }
        });
        int[][] indices = indices(80, 60, 16);
        Frame frame = new Frame(0, 0, indices, null, ConformanceGif.OPAQUE, false, 0, 0);
        secrets.add(new Secret(
                "comment",
                ImageFormat.GIF,
                ConformanceGif.write(
                        80, 60, palette(16), 0, List.of(frame, frame), ConformanceGif.extension(0xFE, ascii(SECRET)))));
        secrets.add(new Secret(
                "XMP",
                ImageFormat.GIF,
                ConformanceGif.write(
                        80,
                        60,
                        palette(16),
                        0,
                        List.of(frame),
                        ConformanceGif.extension(0xFF, ascii("XMP DataXMP"), xmp))));
        for (boolean lossy : new boolean[] {false, true}) {
            byte[] webp = ConformanceWebp.write(photo, lossy);
            secrets.add(new Secret(
                    "EXIF and XMP" + (lossy ? ", lossy" : ", lossless"),
                    ImageFormat.WEBP,
                    ConformanceWebp.extended(photo, webp, null, exif, xmp)));
        }
        Map<Integer, Object> page = ConformanceTiff.page(
                ByteOrder.LITTLE_ENDIAN,
                photo,
                ConformanceTiff.RGB,
                8,
                ConformanceTiff.Layout.STRIPS,
                ConformancePng.RGB);
        page.putAll(camera);
        page.put(ConformanceTiff.XMP, xmp);
        secrets.add(new Secret("tags", ImageFormat.TIFF, ConformanceTiff.file(ByteOrder.LITTLE_ENDIAN, List.of(page))));
        for (ImageFormat format : Pictures.FORMATS) {
            byte[] file = Pictures.encode(ConformanceScenes.as(BufferedImage.TYPE_INT_RGB, photo), format);
            secrets.add(new Secret("behind the end", format, concat(file, ascii(SECRET))));
        }
        return secrets;
    }
}
