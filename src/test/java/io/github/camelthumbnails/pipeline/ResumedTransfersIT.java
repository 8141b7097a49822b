// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests transfers that curl and wget resume, also after the object was replaced. */
class ResumedTransfersIT {

    private static final String OLD = "0123456789";
    private static final String NEW = "abcdefghijkl";

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "upload");

    @TempDir
    Path directory;

    private String url;
    private String eTag;
    private Path file;

    @BeforeEach
    void storeAndStartDownload() throws Exception {
        PIPELINE.store("photo", OLD.getBytes(StandardCharsets.US_ASCII));
        url = "http://127.0.0.1:" + PIPELINE.httpPort + PIPELINE.path("photo");
        eTag = PIPELINE.read("HEAD", PIPELINE.path("photo"))
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        file = Files.writeString(directory.resolve("photo"), OLD.substring(0, 4));
    }

    private void replace() {
        PIPELINE.store("photo", NEW.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void curlResumesTheSameObject() throws Exception {
        assertThat(run("curl", "-sSf", "-C", "-", "-H", "If-Range: " + eTag, "-o", file.toString(), url))
                .isZero();

        assertThat(file).hasContent(OLD);
    }

    /** curl keeps the incomplete file and reports an error, because it cannot restart the download. */
    @Test
    void curlDoesNotCombineOldAndNewObject() throws Exception {
        replace();

        assertThat(run("curl", "-sS", "-C", "-", "-H", "If-Range: " + eTag, "-o", file.toString(), url))
                .isNotZero();

        assertThat(file).hasContent(OLD.substring(0, 4));
    }

    @Test
    void curlDownloadsAReplacedObjectCompletely() throws Exception {
        replace();

        assertThat(run("curl", "-sSf", "-r", "4-", "-H", "If-Range: " + eTag, "-o", file.toString(), url))
                .isZero();

        assertThat(file).hasContent(NEW);
    }

    @Test
    void resumedUploadWithCurlChangesNothing() throws Exception {
        Path whole = Files.writeString(directory.resolve("upload"), NEW);

        assertThat(run("curl", "-sSf", "-C", "6", "-T", whole.toString(), url)).isEqualTo(22);

        assertThat(PIPELINE.original("photo")).asString().isEqualTo(OLD);
    }

    @Test
    void wgetResumesTheSameObject() throws Exception {
        assertThat(run("wget", "-q", "-c", url)).isZero();
        assertThat(file).hasContent(OLD);

        assertThat(run("wget", "-q", "-c", url)).isZero(); // 416: the file is complete
        assertThat(file).hasContent(OLD);
    }

    /** wget would combine old and new bytes even in a complete response, because it skips as many bytes as it has. */
    @Test
    void wgetDoesNotCombineOldAndNewObject() throws Exception {
        replace();

        assertThat(run("wget", "-q", "-c", "--header=If-Match: " + eTag, url)).isNotZero();

        assertThat(file).hasContent(OLD.substring(0, 4));
    }

    private int run(String... command) throws Exception {
        boolean installed = Files.isExecutable(Path.of("/usr/bin", command[0]));
        assumeTrue(installed || System.getenv("CI") != null, command[0] + " is not installed");
        try (Command process = Command.start(directory, Map.of(), List.of(command))) {
            return process.exitCode();
        }
    }
}
