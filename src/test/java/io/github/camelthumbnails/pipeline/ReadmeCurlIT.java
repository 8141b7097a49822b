// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the curl examples in README.md and docs/api.md work. */
class ReadmeCurlIT {

    private static final String KEY = "a-key-of-this-test";

    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().with("api.keyRequired", "true").with("api.keys", KEY);

    @TempDir
    Path directory;

    @BeforeAll
    static void findCurl() {
        Assumptions.assumeTrue(
                System.getenv("CI") != null || Files.isExecutable(Path.of("/usr/bin/curl")), "curl is not installed");
    }

    @Test
    void examplesOfTheReadmeWork() throws Exception {
        Files.write(directory.resolve("photo.jpg"), Pictures.quarters(ImageFormat.JPEG, 40, 20));

        String output = run(example("README.md", "curl ")
                .replace("curl ", "curl -f -H 'x-api-key: " + KEY + "' ")
                .replace("http://127.0.0.1:8080/", "http://127.0.0.1:" + PIPELINE.httpPort + "/"));

        assertThat(output).contains("\"state\":\"ready\"");
        byte[] thumbnail = Files.readAllBytes(directory.resolve("thumbnail.jpg"));
        assertThat(ImageIO.read(new ByteArrayInputStream(thumbnail)).getWidth()).isEqualTo(20);
    }

    @Test
    void examplesOfTheApiWork() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.PNG, 40, 20);
        Files.write(directory.resolve("photo.png"), photo);

        String output = run(example("docs/api.md", "export API="));

        assertThat(output).contains("\"state\":\"ready\"", "x-amz-meta-camera: X100");
        assertThat(PIPELINE.keys(PIPELINE.resources.originals()))
                .filteredOn(key -> key.startsWith("2026/"))
                .containsExactlyInAnyOrder("2026/photo.png", "2026/piped.png", "2026/new.png");
        assertThat(PIPELINE.original("2026/piped.png")).isEqualTo(photo);
        byte[] thumbnail = Files.readAllBytes(directory.resolve("thumbnail.png"));
        assertThat(ImageIO.read(new ByteArrayInputStream(thumbnail)).getWidth()).isEqualTo(20);
        assertThat(Files.readAllBytes(directory.resolve("first-bytes"))).hasSize(8);
    }

    /** Returns the shell commands of the block that begins so, with the names that this test uses. */
    private static String example(String page, String begin) throws Exception {
        Matcher block = Pattern.compile("```sh\n(" + begin + ".*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of(page)));
        assertThat(block.find()).isTrue();
        return block.group(1)
                .replaceFirst("^export .*", "")
                .replace("/originals/", "/" + PIPELINE.resources.originals() + "/")
                .replace("/thumbnails/", "/" + PIPELINE.resources.thumbnails() + "/");
    }

    /** Runs a script in the directory of the test, which fails if one of its commands does. */
    private String run(String script) throws Exception {
        ProcessBuilder bash = new ProcessBuilder("bash", "-c", "set -eo pipefail\n" + script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        bash.environment().put("API", "http://127.0.0.1:" + PIPELINE.httpPort + "/dev");
        bash.environment().put("KEY", KEY);
        Process process = bash.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String output = Files.readString(directory.resolve("output"), StandardCharsets.ISO_8859_1);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
