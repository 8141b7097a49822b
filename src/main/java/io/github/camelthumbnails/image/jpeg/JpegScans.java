// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.jpeg;

import io.github.camelthumbnails.image.limits.Memory;
import java.io.IOException;
import java.util.Iterator;

/**
 * Checks the scans of a JPEG: estimates the memory that the decoder needs for them, limits their number and detects
 * missing ones.
 *
 * <p>A JPEG of several scans may be cut off exactly between two of them. Decoders then show grey for a missing
 * component and a blur for missing detail, without a warning. This class rejects a picture as broken if
 *
 * <ul>
 *   <li>a component has no scan or, in a progressive picture, no scan with the averages (DC coefficients) of its
 *       blocks, with or without an end-of-image marker. The standard requires these in every picture.
 *   <li>a progressive picture without an end-of-image marker lacks any other coefficient of a component. In a file with
 *       the marker, the encoder may have left it out.
 * </ul>
 *
 * <p>Scans that only refine the precision of coefficients may be missing: browsers show such pictures too, and the
 * thumbnail hardly differs.
 */
final class JpegScans {

    /** The last two bits of the start-of-frame marker of a progressive JPEG. */
    private static final int PROGRESSIVE = 2;

    /** The last two bits of the start-of-frame marker of a lossless JPEG. */
    private static final int LOSSLESS = 3;

    /** Maximum number of scans. Encoders write about ten. */
    private static final int MAX_SCANS = 100;

    private static final int MAX_COMPONENT_ID = 255;

    /** The set of coefficients that holds only the average (DC). Each of the 64 coefficients of a block is a bit. */
    private static final long DC = 1;

    /** The set of all 64 coefficients of a block. */
    private static final long ALL_COEFFICIENTS = -1;

    private final byte[] file;
    private final JpegSegment frame;
    private final int kind;

    /** The sets of coefficients that the scans contain, indexed by component identifier. */
    private final long[] coefficients = new long[MAX_COMPONENT_ID + 1];

    private JpegScans(byte[] file, JpegSegment frame) {
        this.file = file;
        this.frame = frame;
        this.kind = frame.marker() & 3;
    }

    /**
     * Checks the scans and returns the memory per pixel that a decoder holds in addition to the picture. A JPEG of
     * several scans, such as a progressive one, needs two bytes for each component to hold all coefficients, outside the
     * heap.
     *
     * @throws IOException if there are too many scans or segments, or if scans are missing
     */
    static Memory decoderPixel(byte[] file) throws IOException {
        JpegScans scans = null;
        for (JpegSegment segment : JpegSegment.parseHeader(file)) {
            if (segment.isFrame() && scans == null) {
                scans = new JpegScans(file, segment);
            } else if (segment.marker() == JpegSegment.START_OF_SCAN && scans != null) {
                return scans.decoderPixel(segment);
            }
        }
        return Memory.onHeap(0);
    }

    private Memory decoderPixel(JpegSegment firstScan) throws IOException {
        int components = components();
        boolean hasSeveralScans = kind == PROGRESSIVE || file[firstScan.start()] < components;
        if (hasSeveralScans) {
            checkScans();
        }
        // CMYK samples are decoded as they are and converted afterwards.
        int conversionBytes = components == JpegSegment.CMYK ? components : 0;
        if (kind == LOSSLESS) { // decoded in Java
            return Memory.onHeap(conversionBytes + 2 * Integer.BYTES * components);
        }
        return new Memory(conversionBytes, hasSeveralScans ? Short.BYTES * components : 0);
    }

    private int components() {
        return file[frame.start() + 5] & 0xFF;
    }

    /**
     * Limits the number of scans and checks that none is missing. A scan of a few bytes takes as long to decode as a
     * whole picture.
     */
    private void checkScans() throws IOException {
        int scans = 0;
        boolean hasEndMarker = false;
        Iterator<JpegSegment> segments = JpegSegment.fromFirstScan(file).iterator();
        while (segments.hasNext()) {
            JpegSegment segment = segments.next();
            hasEndMarker = segment.marker() == JpegSegment.END_OF_IMAGE;
            if (segment.marker() == JpegSegment.START_OF_SCAN) {
                if (++scans > MAX_SCANS) {
                    throw new IOException("more than " + MAX_SCANS + " scans");
                }
                addScan(segment);
            }
        }
        checkComplete(hasEndMarker ? DC : ALL_COEFFICIENTS);
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

    private void checkComplete(long required) throws IOException {
        int components = components();
        for (int i = 0; i < components; i++) {
            int id = file[frame.start() + 6 + 3 * i] & 0xFF;
            if ((coefficients[id] & required) != required) {
                throw new IOException(
                        "The file lacks scans of component " + (i + 1) + " of " + components + ". It may be cut off.");
            }
        }
    }
}
