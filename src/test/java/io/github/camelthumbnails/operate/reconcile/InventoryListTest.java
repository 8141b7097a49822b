// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an S3 Inventory lists the originals. */
class InventoryListTest {

    private static final String SCHEMA =
            "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate, ETag";

    private static final String SHORT_SCHEMA = "Bucket, Key, LastModifiedDate, ETag";

    private static final Instant T = Instant.parse("2026-01-02T03:04:05Z");

    private final StoredFiles s3 = new StoredFiles();

    @TempDir
    private Path directory;

    @Test
    void originalsAreListedWithTheirDecodedKeys() throws Exception {
        String manifest = store(
                SCHEMA,
                row("a%2Bb+c%C3%A9.jpg", "true", "false", "5", T),
                row("old.jpg", "false", "false", "5", T),
                row("deleted.jpg", "true", "true", "", T),
                row("folder/", "true", "false", "0", T),
                row("%F0%9F%98%80%22%0A%2C.png", "true", "false", "5", T.plusSeconds(1)));

        assertThat(list(manifest, scope("")))
                .containsExactly(
                        new Compared("a+b cé.jpg", "tag", T, Look.DOUBTFUL),
                        new Compared("\uD83D\uDE00\"\n,.png", "tag", T.plusSeconds(1), Look.DOUBTFUL));
    }

    @Test
    void optionalColumnsMayBeMissing() throws Exception {
        String manifest = store(SHORT_SCHEMA, shortRow("a.jpg"), shortRow("folder/"));

        assertThat(list(manifest, scope(""))).extracting(Compared::key).containsExactly("a.jpg");
    }

    @Test
    void keysThatAreTooLongForRenditionsAreSkipped() throws Exception {
        String longest = "\u00e9".repeat(505);

        assertThat(list(store(SHORT_SCHEMA, shortRow(longest), shortRow(longest + "a")), scope("")))
                .extracting(Compared::key)
                .containsExactly(longest);
    }

    @Test
    void prefixAndTimesApply() throws Exception {
        String manifest = store(
                SCHEMA,
                row("p/old", "true", "false", "5", T.minusSeconds(1)),
                row("p/between", "true", "false", "5", T),
                row("q/between", "true", "false", "5", T),
                row("p/young", "true", "false", "5", T.plusSeconds(1)));

        assertThat(list(manifest, new WalkScope("p/", T, T.plusSeconds(1), null, false, "")))
                .extracting(Compared::key, Compared::look)
                .containsExactly(tuple("p/between", Look.DOUBTFUL), tuple("p/young", Look.YOUNG));
    }

    @Test
    void aListContinuesAtEachPositionWithoutGapOrRepetition() throws Exception {
        String manifest = manyRows();

        List<String> keys = new ArrayList<>();
        String position = "";
        boolean hasNext = true;
        while (hasNext) {
            try (InventoryList list = InventoryList.of(s3, "originals", manifest, scope(position), 1010)) {
                ComparedPage page = list.next();
                assertThat(page.keys()).hasSizeLessThanOrEqualTo(1000);
                page.keys().forEach(compared -> keys.add(compared.key()));
                position = page.position();
                hasNext = list.hasNext();
            }
        }
        assertThat(keys).hasSize(3500).doesNotHaveDuplicates();
        assertThat(position).isEqualTo("1767225600000/2/0");
    }

    @Test
    void thePositionInAnOlderInventoryIsIgnored() throws Exception {
        String manifest = manyRows();

        assertThat(list(manifest, scope("1767139200000/1/500"))).hasSize(3500);
        assertThat(list(manifest, scope("1767225600000/1/500"))).hasSize(500);
    }

    @Test
    void lostConnectionsAreOpenedAgain() throws Exception {
        String manifest = manyRows();
        s3.lostConnections = 2;

        assertThat(list(manifest, scope(""))).hasSize(3500).doesNotHaveDuplicates();

        s3.lostConnections = 3;
        assertThatThrownBy(() -> list(manifest, scope("")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("Cannot read 0.csv.gz");
    }

    @Test
    void damagedFilesEndTheList() throws Exception {
        String manifest = store(SHORT_SCHEMA, shortRow("a.jpg"));
        s3.put("inventories", "data/0.csv.gz", gzip(shortRow("b.jpg")));

        assertThatThrownBy(() -> list(manifest, scope("")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("0.csv.gz of the S3 Inventory is damaged");
    }

    @Test
    void filesCanBeNextToTheManifestOrWhereTheirKeySays() throws Exception {
        byte[] file = gzip(shortRow("a.jpg"));
        String json = manifest("CSV", "originals", SHORT_SCHEMA, List.of(file));
        Path manifest =
                Files.createDirectories(directory.resolve("data/2026-01-01")).resolve("manifest.json");
        Files.writeString(manifest, json);

        assertThatThrownBy(() -> list(manifest.toString(), scope("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0.csv.gz of the S3 Inventory is missing");

        Files.write(directory.resolve("data/0.csv.gz"), file);
        assertThat(list(manifest.toString(), scope(""))).hasSize(1);

        Files.move(directory.resolve("data/0.csv.gz"), manifest.resolveSibling("0.csv.gz"));
        assertThat(list(manifest.toString(), scope(""))).hasSize(1);
    }

    @Test
    void otherInventoriesAreRefused() throws Exception {
        refuses(manifest("ORC", "originals", SHORT_SCHEMA, List.of()), "in the format ORC. Only CSV is supported");
        refuses(manifest("CSV", "other", SHORT_SCHEMA, List.of()), "of the bucket other, but the originals are in");
        refuses(manifest("CSV", "originals", "Bucket, Key, ETag", List.of()), "without LastModifiedDate");
        refuses("{}", "is not the manifest of an S3 Inventory");
        refuses("Bucket,Key", "is not the manifest of an S3 Inventory");
    }

    @Test
    void rowsThatAreInvalidAreNamed() throws Exception {
        String manifest = store(SHORT_SCHEMA, shortRow("a.jpg"), "\"originals\",\"b.jpg\",\"yesterday\",\"tag\"\n");

        assertThatThrownBy(() -> list(manifest, scope("")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Row 2 of 0.csv.gz is not a row of an S3 Inventory");
    }

    @Test
    void anEmptyInventoryHasOneEmptyPage() throws Exception {
        s3.put("inventories", "manifest.json", utf8(manifest("CSV", "originals", SHORT_SCHEMA, List.of())));

        assertThat(list("s3://inventories/manifest.json", scope(""))).isEmpty();
    }

    private void refuses(String json, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("manifest.json"), json);
        assertThatThrownBy(() -> InventoryList.of(s3, "originals", file.toString(), scope(""), 1010))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static WalkScope scope(String startAfter) {
        return new WalkScope("", null, null, null, false, startAfter);
    }

    private List<Compared> list(String manifest, WalkScope scope) {
        List<Compared> found = new ArrayList<>();
        try (InventoryList list = InventoryList.of(s3, "originals", manifest, scope, 1010)) {
            list.forEachRemaining(page -> found.addAll(page.keys()));
        }
        return found;
    }

    private static String row(String key, String isLatest, String isDeleteMarker, String size, Instant changedAt) {
        return List.of("originals", key, "v1", isLatest, isDeleteMarker, size, changedAt.toString(), "tag").stream()
                .map(value -> "\"" + value + "\"")
                .collect(Collectors.joining(",", "", "\n"));
    }

    private static String shortRow(String key) {
        return "\"originals\",\"" + key + "\",\"2026-01-02T03:04:05.000Z\",\"tag\"\n";
    }

    /** Stores two files with 2500 and 1000 rows. */
    private String manyRows() throws Exception {
        byte[] one =
                gzip(IntStream.range(0, 2500).mapToObj(i -> shortRow("one" + i)).collect(Collectors.joining()));
        byte[] two =
                gzip(IntStream.range(0, 1000).mapToObj(i -> shortRow("two" + i)).collect(Collectors.joining()));
        return store(SHORT_SCHEMA, List.of(one, two));
    }

    private String store(String schema, String... rows) throws Exception {
        return store(schema, List.of(gzip(String.join("", rows))));
    }

    private String store(String schema, List<byte[]> files) throws Exception {
        for (int i = 0; i < files.size(); i++) {
            s3.put("inventories", "data/" + i + ".csv.gz", files.get(i));
        }
        s3.put("inventories", "x/manifest.json", utf8(manifest("CSV", "originals", schema, files)));
        return "s3://inventories/x/manifest.json";
    }

    private static String manifest(String format, String bucket, String schema, List<byte[]> files)
            throws GeneralSecurityException {
        List<String> entries = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            String md5 =
                    HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(files.get(i)));
            entries.add("{\"key\":\"data/%d.csv.gz\",\"size\":1,\"MD5checksum\":\"%s\"}".formatted(i, md5));
        }
        return "{\"sourceBucket\":\"%s\",\"destinationBucket\":\"arn:aws:s3:::inventories\",\"version\":\"2016-11-30\",\"creationTimestamp\":\"1767225600000\",\"fileFormat\":\"%s\",\"fileSchema\":\"%s\",\"files\":[%s]}"
                .formatted(bucket, format, schema, String.join(",", entries));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(utf8(text));
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
