// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import java.io.IOException;
import java.util.Iterator;

/**
 * What the frame and the scans of a JPEG say of the memory and time that it takes to decode it, and whether scans are missing.
 *
 * <p>A JPEG of several scans may be cut off exactly between two of them. Decoders then show grey for a missing component and a blur for
 * missing detail, without a warning. Here the picture is broken if
 *
 * <ul>
 *   <li>a component has no scan, or a progressive one no average (DC) of its blocks, whether or not there is an end marker. The standard
 *       demands these of every picture.
 *   <li>a progressive picture without an end marker lacks any other coefficient of a component. With the marker, the encoder may have
 *       left it out.
 * </ul>
 *
 * Scans that only add precision to coefficients may be missing. Browsers show such a picture, too, and a thumbnail hardly differs.
 */
final class JpegScans {

    /** The last two bits of the marker of a progressive JPEG's frame. */
    private static final int PROGRESSIVE = 2;

    /** The last two bits of the marker of a lossless JPEG's frame. */
    private static final int LOSSLESS = 3;

    /** Programs write about ten. */
    private static final int MAX_SCANS = 100;

    private static final int MAX_COMPONENT_ID = 255;

    /** Sets of the 64 coefficients of a block, a bit for each. */
    private static final long DC = 1;

    private static final long ALL_COEFFICIENTS = -1;

    private final byte[] file;
    private final JpegSegment frame;
    private final int kind;

    /** The coefficients that the scans have for each component, by its number in the file. */
    private final long[] coefficients = new long[MAX_COMPONENT_ID + 1];

    private JpegScans(byte[] file, JpegSegment frame) {
        this.file = file;
        this.frame = frame;
        this.kind = frame.marker() & 3;
    }

    /**
     * Returns the bytes for each pixel that a decoder holds beside the picture. If a JPEG comes in several scans, which a progressive
     * one does, that is all of its coefficients, two bytes for each component.
     *
     * @throws IOException if it has more scans than any program writes, or if scans are missing
     */
    static int decoderBytesPerPixel(byte[] file) throws IOException {
        JpegScans scans = null;
        for (JpegSegment segment : JpegSegment.of(file)) {
            if (segment.isFrame() && scans == null) {
                scans = new JpegScans(file, segment);
            } else if (segment.marker() == JpegSegment.SCAN && scans != null) {
                return scans.decoderBytesPerPixel(segment);
            }
        }
        return 0;
    }

    private int decoderBytesPerPixel(JpegSegment firstScan) throws IOException {
        int components = components();
        boolean several = kind == PROGRESSIVE || file[firstScan.start()] < components;
        if (several) {
            checkScans();
        }
        int converted = components == JpegSegment.CMYK ? components : 0; // CMYK is decoded as such first
        if (kind == LOSSLESS) {
            return converted + 2 * Integer.BYTES * components;
        }
        return converted + (several ? Short.BYTES * components : 0);
    }

    private int components() {
        return file[frame.start() + 5] & 0xFF;
    }

    /** Each scan takes the time of a whole picture, but not more than a few bytes. */
    private void checkScans() throws IOException {
        int scans = 0;
        boolean ended = false;
        Iterator<JpegSegment> segments = JpegSegment.fromFirstScan(file).iterator();
        while (segments.hasNext()) {
            JpegSegment segment = segments.next();
            ended = segment.marker() == JpegSegment.END;
            if (segment.marker() == JpegSegment.SCAN) {
                if (++scans > MAX_SCANS) {
                    throw new IOException("more than " + MAX_SCANS + " scans");
                }
                addScan(segment);
            }
        }
        checkComplete(ended ? DC : ALL_COEFFICIENTS);
    }

    private void addScan(JpegSegment scan) {
        int components = file[scan.start()] & 0xFF;
        int spectrum = scan.start() + 1 + 2 * components;
        if (spectrum + 3 > file.length) {
            return; // cut off
        }
        long added = ALL_COEFFICIENTS;
        if (kind == PROGRESSIVE) {
            int first = Math.min(63, file[spectrum] & 0xFF);
            int last = Math.min(63, file[spectrum + 1] & 0xFF);
            boolean refines = (file[spectrum + 2] & 0xF0) != 0;
            added = refines || last < first ? 0 : ALL_COEFFICIENTS << first & ALL_COEFFICIENTS >>> 63 - last;
        }
        for (int i = 0; i < components; i++) {
            coefficients[file[scan.start() + 1 + 2 * i] & 0xFF] |= added;
        }
    }

    private void checkComplete(long needed) throws IOException {
        int components = components();
        for (int i = 0; i < components; i++) {
            int id = file[frame.start() + 6 + 3 * i] & 0xFF;
            if ((coefficients[id] & needed) != needed) {
                throw new IOException(
                        "The file lacks scans of component " + (i + 1) + " of " + components + ". It may be cut off.");
            }
        }
    }
}
