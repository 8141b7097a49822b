// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.UnsupportedImageException;
import java.io.IOException;

/**
 * Reads the real size of an encoded picture from its HEVC or AV1 bit stream. The decoder allocates memory for this
 * size, even if the file declares another one for the item.
 */
final class CodedPicture {

    private static final int HEVC_SEQUENCE_PARAMETERS = 33;
    private static final int LAST_HEVC_SLICE = 31;
    private static final int HEVC_HEADER_BYTES = 2;

    private static final int AV1_SEQUENCE_HEADER = 1;
    private static final int AV1_FRAME_HEADER = 3;
    private static final int AV1_FRAME = 6;

    private long maxPixels;
    private int pairBytes;
    private int pictures;

    private CodedPicture() {}

    /** Returns the largest size that the stream declares, in pixels; 0 if it declares none. */
    long maxPixels() {
        return maxPixels;
    }

    /** Returns the size of two decoded pixels in bytes: two luma samples and their share of the chroma samples. */
    int pairBytes() {
        return pairBytes;
    }

    /** Returns the number of pictures in the stream; a still picture has one, unless it has layers. */
    int pictures() {
        return pictures;
    }

    /**
     * Reads the headers of the NAL units of an HEVC picture.
     *
     * @param configuration content of the box {@code hvcC}
     * @param data data of the item
     * @throws IOException if they are damaged
     */
    static CodedPicture hevc(BoxReader configuration, byte[] data) throws IOException {
        CodedPicture picture = new CodedPicture();
        BoxReader reader = new BoxReader(configuration);
        reader.skip(21);
        int lengthSize = (reader.smallNumber(1) & 3) + 1;
        if (lengthSize != Integer.BYTES) {
            // libheif always reads four bytes, so it would see other units than this class.
            throw new UnsupportedImageException(
                    "The HEIC has units with a length of " + lengthSize + " bytes. Save it again.");
        }
        for (int arrays = reader.smallNumber(1); arrays > 0; arrays--) {
            reader.skip(1);
            for (int units = reader.smallNumber(2); units > 0; units--) {
                picture.addHevcUnit(reader.bytes(reader.smallNumber(2)));
            }
        }
        BoxReader units = new BoxReader(data, 0, data.length);
        while (units.remaining() > lengthSize) {
            picture.addHevcUnit(units.bytes(units.smallNumber(lengthSize)));
        }
        return picture;
    }

    private void addHevcUnit(byte[] unit) throws IOException {
        if (unit.length <= HEVC_HEADER_BYTES) {
            return;
        }
        int type = unit[0] >> 1 & 0x3F;
        if (type <= LAST_HEVC_SLICE && unit[HEVC_HEADER_BYTES] < 0) { // the top bit marks a picture's first slice
            pictures++;
        } else if (type == HEVC_SEQUENCE_PARAMETERS) {
            readHevcSize(BitReader.forHevc(unit, HEVC_HEADER_BYTES, Math.min(unit.length, 1024)));
        }
    }

    private void readHevcSize(BitReader bits) throws IOException {
        bits.skip(4);
        int subLayers = (int) bits.bits(3);
        bits.skip(1 + 88 + 8);
        boolean[] profiles = new boolean[subLayers];
        boolean[] levels = new boolean[subLayers];
        for (int i = 0; i < subLayers; i++) {
            profiles[i] = bits.flag();
            levels[i] = bits.flag();
        }
        bits.skip(subLayers > 0 ? 2 * (8 - subLayers) : 0);
        for (int i = 0; i < subLayers; i++) {
            bits.skip((profiles[i] ? 88 : 0) + (levels[i] ? 8 : 0));
        }
        bits.exponentialGolomb(); // id of the parameter set
        long chroma = bits.exponentialGolomb();
        if (chroma == 3) { // 4:4:4
            bits.skip(1);
        }
        addSize(bits.exponentialGolomb(), bits.exponentialGolomb());
        if (bits.flag()) { // conformance window
            for (int side = 0; side < 4; side++) {
                bits.exponentialGolomb();
            }
        }
        addSamples(bits.exponentialGolomb() + bits.exponentialGolomb() > 0, chroma > 1);
    }

    /**
     * Reads the headers of the open bitstream units (OBUs) of an AV1 picture.
     *
     * @param configuration content of the box {@code av1C}
     * @param data data of the item
     * @throws IOException if they are damaged
     */
    static CodedPicture av1(BoxReader configuration, byte[] data) throws IOException {
        CodedPicture picture = new CodedPicture();
        BoxReader reader = new BoxReader(configuration);
        reader.skip(4);
        picture.addAv1Units(reader);
        picture.addAv1Units(new BoxReader(data, 0, data.length));
        return picture;
    }

    private void addAv1Units(BoxReader reader) throws IOException {
        while (reader.remaining() > 0) {
            int header = reader.smallNumber(1);
            reader.skip(header >> 2 & 1);
            long length = (header & 2) != 0 ? reader.littleEndianBase128() : reader.remaining();
            byte[] unit = reader.bytes((int) Math.min(Integer.MAX_VALUE, length));
            int type = header >> 3 & 15;
            if (type == AV1_FRAME_HEADER || type == AV1_FRAME) {
                pictures++;
            } else if (type == AV1_SEQUENCE_HEADER) {
                readAv1Size(new BitReader(unit, 0, unit.length));
            }
        }
    }

    private void readAv1Size(BitReader bits) throws IOException {
        long profile = bits.bits(3);
        bits.skip(1);
        boolean still = bits.flag();
        if (still) {
            bits.skip(5);
        } else {
            skipAv1OperatingPoints(bits);
        }
        int widthBits = (int) bits.bits(4) + 1;
        int heightBits = (int) bits.bits(4) + 1;
        addSize(bits.bits(widthBits) + 1, bits.bits(heightBits) + 1);
        if (!still && bits.flag()) { // frame numbers
            bits.skip(7);
        }
        bits.skip(3);
        if (!still) {
            skipAv1Tools(bits);
        }
        bits.skip(3);
        addSamples(bits.flag(), profile > 0);
    }

    private static void skipAv1Tools(BitReader bits) throws IOException {
        bits.skip(4);
        boolean order = bits.flag();
        bits.skip(order ? 2 : 0);
        boolean screenContent = bits.flag() || bits.flag();
        if (screenContent && !bits.flag()) {
            bits.skip(1);
        }
        bits.skip(order ? 3 : 0);
    }

    private static void skipAv1OperatingPoints(BitReader bits) throws IOException {
        int delayBits = 0;
        if (bits.flag()) { // timing
            bits.skip(64);
            if (bits.flag()) {
                bits.exponentialGolomb();
            }
            if (bits.flag()) { // decoder model
                delayBits = (int) bits.bits(5) + 1;
                bits.skip(32 + 5 + 5);
            }
        }
        boolean displayDelays = bits.flag();
        for (long points = bits.bits(5); points >= 0; points--) {
            bits.skip(12);
            if (bits.bits(5) > 7) { // a level that has tiers
                bits.skip(1);
            }
            if (delayBits > 0 && bits.flag()) {
                bits.skip(2 * delayBits + 1);
            }
            if (displayDelays && bits.flag()) {
                bits.skip(4);
            }
        }
    }

    private void addSize(long width, long height) {
        maxPixels = Math.max(maxPixels, SaturatedMath.product(width, height));
    }

    private void addSamples(boolean deep, boolean fullChroma) {
        pairBytes = Math.max(pairBytes, (fullChroma ? 6 : HeifMemory.DEFAULT_PAIR_BYTES) * (deep ? 2 : 1));
    }
}
