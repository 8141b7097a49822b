// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import java.io.IOException;

/** What the frame and the scans of a JPEG say of the memory and time that it takes to decode it. */
final class JpegScans {

    /** The last two bits of the marker of a progressive JPEG's frame. */
    private static final int PROGRESSIVE = 2;

    /** The last two bits of the marker of a lossless JPEG's frame. */
    private static final int LOSSLESS = 3;

    /** Programs write about ten. */
    private static final int MAX_SCANS = 100;

    private JpegScans() {}

    /**
     * Returns the bytes for each pixel that a decoder holds beside the picture. If a JPEG comes in several scans, which a progressive
     * one does, that is all of its coefficients, two bytes for each component.
     *
     * @throws IOException if it has more scans than any program writes
     */
    static int decoderBytesPerPixel(byte[] file) throws IOException {
        int components = 0;
        int frame = 0;
        for (JpegSegment segment : JpegSegment.of(file)) {
            if (segment.isFrame() && components == 0) {
                frame = segment.marker() & 3;
                components = file[segment.start() + 5] & 0xFF;
            } else if (segment.marker() == JpegSegment.SCAN
                    && frame != LOSSLESS
                    && (frame == PROGRESSIVE || file[segment.start()] < components)) {
                checkScans(file, segment.start());
                frame = PROGRESSIVE;
            }
        }
        int converted = components == JpegSegment.CMYK ? components : 0; // CMYK is decoded as such first
        return converted
                + switch (frame) {
                    case PROGRESSIVE -> Short.BYTES * components;
                    case LOSSLESS -> 2 * Integer.BYTES * components;
                    default -> 0;
                };
    }

    /** Each scan takes the time of a whole picture, but not more than a few bytes. */
    private static void checkScans(byte[] file, int start) throws IOException {
        int scans = 0;
        int position = start - 4;
        while (position + 4 <= file.length) {
            int marker = file[position + 1] & 0xFF;
            if (file[position] != (byte) 0xFF || marker <= 0x01 || marker == 0xFF || marker >= 0xD0 && marker <= 0xD7) {
                position++; // inside a scan
            } else if (marker == JpegSegment.END) {
                return; // what follows is no picture
            } else if (marker == JpegSegment.SCAN && ++scans > MAX_SCANS) {
                throw new IOException("more than " + MAX_SCANS + " scans");
            } else {
                position += 2 + ((file[position + 2] & 0xFF) << 8 | file[position + 3] & 0xFF);
            }
        }
    }
}
