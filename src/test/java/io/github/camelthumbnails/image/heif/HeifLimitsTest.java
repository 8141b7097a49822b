// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.image.TooManyPixelsException;
import io.github.camelthumbnails.image.heif.HeifFile.Coded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests malicious files that would need far more memory or time than their size suggests. */
class HeifLimitsTest {

    @Test
    void pixelLimitIsExact() throws Exception {
        HeifHeader header = HeifHeader.read(HeifFile.resource("alpha.heic"));

        assertThatCode(() -> header.checkPixels(120 * 80)).doesNotThrowAnyException();
        assertThatThrownBy(() -> header.checkPixels(120 * 80 - 1)).isInstanceOf(TooManyPixelsException.class);
    }

    @Test
    void hiddenPictureCounts() throws Exception {
        HeifFile file = new HeifFile();
        file.add(Coded.of(HeifFile.resource("plain.heic")), HeifFile.size(120, 80));
        file.add(Coded.of(HeifFile.resource("plain.heic")), HeifFile.size(20_000, 20_000));

        assertTooManyPixels(file.build(), 1_000_000, "400000000 pixels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"large.heic", "large.avif"})
    void sizeInTheBitStreamCounts(String name) throws Exception {
        assertTooManyPixels(
                HeifHeaderTest.single(name, HeifFile.size(8, 8)), 1000, "691200 pixels. At most 1000 are allowed.");
    }

    @Test
    void canvasOfAGridCounts() throws Exception {
        HeifFile file = new HeifFile();
        file.add("grid", HeifFile.grid(1, 1, 30_000, 30_000), HeifFile.size(64, 64));
        file.add(Coded.of(HeifFile.resource("tile.heic")), HeifFile.size(64, 64));

        assertTooManyPixels(file.refer("dimg", 1, 2).build(), 1_000_000, "900000000 pixels");
    }

    @Test
    void tileCountsEachTimeItIsUsed() throws Exception {
        HeifFile file = new HeifFile();
        file.add("grid", HeifFile.grid(256, 256, 64, 64), HeifFile.size(64, 64));
        int tile = file.add(Coded.of(HeifFile.resource("tile.heic")), HeifFile.size(64, 64));
        int[] tiles = new int[65_535];
        Arrays.fill(tiles, tile);

        assertTooManyPixels(file.refer("dimg", 1, tiles).build(), 1_000_000, "268431360 pixels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.heic", "plain.avif"})
    void everyPictureOfAStreamCounts(String name) throws Exception {
        Coded one = Coded.of(HeifFile.resource(name));
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            data.write(one.data());
        }
        HeifFile file = new HeifFile();
        file.add(new Coded(one.type(), one.configuration(), data.toByteArray()), HeifFile.size(120, 80));

        assertTooManyPixels(file.build(), 1_000_000, "far too many");
    }

    @Test
    void pictureThatIsPartOfItselfIsRejected() throws Exception {
        HeifFile file = new HeifFile();
        file.add("grid", HeifFile.grid(1, 1, 64, 64), HeifFile.size(64, 64));

        assertThatThrownBy(() -> HeifHeader.read(file.refer("dimg", 1, 1).build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("composed of itself");
    }

    @Test
    void deepNestingIsRejected() throws Exception {
        HeifFile file = new HeifFile();
        for (int i = 1; i <= 10_000; i++) {
            file.add("iden", new byte[0], HeifFile.size(64, 64));
            file.refer("dimg", i, i + 1);
        }
        file.add(Coded.of(HeifFile.resource("tile.heic")), HeifFile.size(64, 64));

        assertThatThrownBy(() -> HeifHeader.read(file.build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too many layers");
    }

    @Test
    void canvasOfMaximumSizeIsTooLarge() throws Exception {
        HeifFile file = new HeifFile();
        byte[] grid = concat(number(2, 1), number(2, 0), number(4, 0xFFFF_FFFFL), number(4, 0xFFFF_FFFFL));
        file.add("grid", grid, HeifFile.size(64, 64));
        file.add(Coded.of(HeifFile.resource("tile.heic")), HeifFile.size(64, 64));

        assertTooManyPixels(file.refer("dimg", 1, 2).build(), 1_000_000, Long.MAX_VALUE + " pixels");
    }

    @Test
    void bitStreamOfMaximumSizeIsTooLarge() throws Exception {
        String largest = "0".repeat(32) + "1".repeat(33);
        String bits = "0".repeat(104) + "1" + "010" + largest + largest + "1".repeat(18);
        byte[] parameters = new BigInteger("100001000000001" + bits, 2).toByteArray(); // the header is 42 01
        byte[] slice = {0x26, 0x01, (byte) 0x80};
        byte[] configuration = HeifFile.box(
                "hvcC",
                new byte[21],
                number(1, 3),
                number(1, 1),
                number(1, 33),
                number(2, 1),
                number(2, parameters.length),
                parameters);
        HeifFile file = new HeifFile();
        file.add(new Coded("hvc1", configuration, concat(number(4, slice.length), slice)), HeifFile.size(8, 8));

        assertTooManyPixels(file.build(), 1_000_000, Long.MAX_VALUE + " pixels");
    }

    @Test
    void itemsAreLimited() {
        HeifFile file = new HeifFile();
        for (int i = 0; i <= 20_000; i++) {
            file.add("iden", new byte[0]);
        }

        assertTooMany(file.build(), "20000 items");
    }

    @Test
    void propertiesAreLimited() {
        byte[][] properties = new byte[250][];
        Arrays.fill(properties, HeifFile.box("free"));
        HeifFile file = new HeifFile();
        for (int i = 0; i < 81; i++) {
            file.add("iden", new byte[0], properties);
        }

        assertTooMany(file.build(), "20000 properties");
    }

    @Test
    void referencesAreLimited() {
        HeifFile file = new HeifFile();
        file.add("iden", new byte[0]);
        file.refer("dimg", 1, new int[50_000]).refer("cdsc", 1, new int[50_001]);

        assertTooMany(file.build(), "100000 references");
    }

    @Test
    void listsOfPropertiesAreLimited() {
        assertTooMany(withLists(number(4, 20_001), new byte[0]), "20000 lists of properties");
    }

    @Test
    void propertyAssociationsAreLimited() {
        byte[][] lists = new byte[393][];
        for (int i = 0; i < lists.length; i++) {
            lists[i] = concat(number(2, i), number(1, 255), new byte[255]);
        }

        assertTooMany(withLists(number(4, lists.length), concat(lists)), "100000 uses of properties");
    }

    @Test
    void locationsAreLimited() {
        assertTooMany(withLists(number(4, 0), new byte[0]), "20000 locations");
    }

    /** Returns a file with the given property lists and 65,535 locations. */
    private static byte[] withLists(byte[] count, byte[] lists) {
        byte[] meta = HeifFile.box(
                "meta",
                number(4, 0),
                HeifFile.box("pitm", number(4, 0), number(2, 1)),
                HeifFile.box("iinf", number(4, 0), number(2, 0)),
                HeifFile.box("iprp", HeifFile.box("ipco"), HeifFile.box("ipma", number(4, 0), count, lists)),
                HeifFile.box("iloc", number(4, 0), number(2, 0x4400), number(2, 0xFFFF)));
        return concat(HeifFile.box("ftyp", number(4, 0x68656963), number(4, 0)), meta); // "heic"
    }

    private static void assertTooMany(byte[] file, String entries) {
        assertThatThrownBy(() -> HeifHeader.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The file has more than " + entries);
    }

    private static void assertTooManyPixels(byte[] file, long limit, String message) throws IOException {
        HeifHeader header = HeifHeader.read(file);
        assertThatThrownBy(() -> header.checkPixels(limit))
                .isInstanceOf(TooManyPixelsException.class)
                .hasMessageContaining(message);
    }

    private static byte[] number(int length, long value) {
        return HeifFile.number(length, value);
    }

    private static byte[] concat(byte[]... parts) {
        return HeifFile.concat(parts);
    }
}
