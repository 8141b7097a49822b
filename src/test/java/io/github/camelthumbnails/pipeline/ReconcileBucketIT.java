// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.operate.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Reconciles a whole bucket several times, before and after a change of the settings. */
class ReconcileBucketIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "operate");

    private static final List<String> KEYS = List.of("a.jpg", "b/c+d e.jpg", "\u00e9.jpg");

    private static Main worker;

    @BeforeAll
    static void fill() {
        PIPELINE.disableNotifications();
        worker = PIPELINE.anotherApplication(Map.of("app.roles", "thumbnail"));
        KEYS.forEach(key -> PIPELINE.store(key, Pictures.quarters(ImageFormat.JPEG, 100, 50)));
        awaitAnotherSecond();
        reconcile(PIPELINE.camel()).run();
        KEYS.forEach(PIPELINE::awaitItem);
        PIPELINE.awaitNoEvents();
    }

    /** Listings have times in seconds: a rendition of the same second as its original does not look newer. */
    private static void awaitAnotherSecond() {
        Instant stored = Instant.now().plusSeconds(1);
        Pipeline.await().until(() -> Instant.now().isAfter(stored));
    }

    private static ReconcileCommand reconcile(CamelContext operator) {
        return new ReconcileCommand(operator);
    }

    /** One test, because a run over the whole bucket changes what the next one trusts. */
    @Test
    void tableIsAskedUntilTheListingsAreVerifiedAndAgainAfterAChangeOfTheSettings() {
        Operation first = reconcile(PIPELINE.camel()).dryRun().run();
        assertThat(first.counts()).containsEntry("complete", 3L).containsEntry("tableReads", 1L);
        Operation second = reconcile(PIPELINE.camel()).dryRun().run();
        assertThat(second.counts()).as("clocks may differ").containsEntry("tableReads", 1L);
        letTimePass();
        second = reconcile(PIPELINE.camel()).dryRun().run();
        assertThat(second.counts()).containsEntry("complete", 3L).containsEntry("tableReads", 0L);

        worker.stop();
        Map<String, String> changed = Map.of("renditions.thumbnail", "scale:0.5 quality:0.2");
        worker = PIPELINE.anotherApplication(with(changed, "thumbnail"));
        CamelContext operator =
                PIPELINE.anotherApplication(with(changed, "operate")).getCamelContext();
        Operation third = reconcile(operator).run();
        assertThat(third.counts()).containsEntry("stale", 3L).containsEntry("sent", 3L);
        PIPELINE.awaitNoEvents();

        Operation fourth = reconcile(operator).run();
        assertThat(fourth.counts()).containsEntry("complete", 3L).containsEntry("sent", 0L);

        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.thumbnails()).key("resized-a.jpg"));
        assertThat(reconcile(operator).run().examples()).isEqualTo(Map.of("missing", List.of("a.jpg")));
        PIPELINE.awaitThumbnail("a.jpg");
    }

    /** Makes the last run look as if it was half an hour after the renditions were made. */
    private static void letTimePass() {
        PIPELINE.dynamoDb.updateItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .key(Map.of("name", AttributeValue.fromS("camel-thumbnails-reconcile")))
                .updateExpression("SET verifiedUntil = :now")
                .expressionAttributeValues(
                        Map.of(":now", AttributeValue.fromS(Instant.now().toString()))));
    }

    private static Map<String, String> with(Map<String, String> settings, String role) {
        return Map.of("app.roles", role, "renditions.thumbnail", settings.get("renditions.thumbnail"));
    }

    @Test
    void originalsOfAnInventoryAreLookedUp(@TempDir Path directory) throws Exception {
        PIPELINE.store("inventory.jpg", Pictures.quarters(ImageFormat.JPEG, 60, 40));

        Operation operation = reconcile(PIPELINE.camel())
                .inventory(inventory(directory).toString())
                .dryRun()
                .run();

        assertThat(operation.counts())
                .containsEntry("originals", 4L)
                .containsEntry("missing", 1L)
                .containsEntry("listRequests", 0L);
        assertThat(operation.examples()).containsEntry("missing", List.of("inventory.jpg"));
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key("inventory.jpg"));
    }

    /** Writes an inventory of the originals bucket, in reverse order, as inventories are in no order. */
    private static Path inventory(Path directory) throws Exception {
        String bucket = PIPELINE.resources.originals();
        String csv = PIPELINE.s3.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .sorted((one, other) -> other.key().compareTo(one.key()))
                .map(object -> row(bucket, object))
                .collect(Collectors.joining());
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(csv.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        Files.write(directory.resolve("data.csv.gz"), gzip.toByteArray());
        String checksum =
                HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(gzip.toByteArray()));
        return Files.writeString(directory.resolve("manifest.json"), """
                {"sourceBucket":"%s","destinationBucket":"arn:aws:s3:::inventories","version":"2016-11-30",
                 "fileFormat":"CSV","fileSchema":"Bucket, Key, Size, LastModifiedDate, ETag",
                 "files":[{"key":"data.csv.gz","size":%d,"MD5checksum":"%s"}]}
                """.formatted(bucket, gzip.size(), checksum));
    }

    private static String row(String bucket, S3Object object) {
        return "\"%s\",\"%s\",\"%d\",\"%s\",\"%s\"\n"
                .formatted(
                        bucket,
                        URLEncoder.encode(object.key(), StandardCharsets.UTF_8),
                        object.size(),
                        object.lastModified(),
                        object.eTag().replace("\"", ""));
    }
}
