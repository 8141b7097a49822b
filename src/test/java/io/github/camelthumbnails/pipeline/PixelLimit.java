// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.util.FileUtil;

/**
 * Measures the memory of the application while all its consumers work on pictures of 50 megapixels, the default limit.
 *
 * <pre>
 * mvn test-compile exec:exec -Dexec.executable=java \
 *     -Dexec.args="-cp %classpath io.github.camelthumbnails.pipeline.PixelLimit -Xmx1g"
 * </pre>
 */
public final class PixelLimit {

    private static final int WIDTH = 8660;
    private static final int HEIGHT = 5773;

    private PixelLimit() {}

    /**
     * Prints the result for each picture, and the peak resident memory of the process.
     *
     * @param args options for the application's JVM
     */
    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("pixel-limit");
        Pipeline pipeline = new Pipeline().withoutApplication();
        pipeline.beforeAll(null);
        try (Command application = pipeline.process(directory, args)) {
            application.awaitOutput("(camel-thumbnails) started");
            Map<String, byte[]> pictures = new LinkedHashMap<>();
            pictures.put("progressive.jpg", Pictures.progressiveJpeg(WIDTH, HEIGHT));
            for (ImageFormat format : Pictures.FORMATS) {
                if (format != ImageFormat.BMP && format != ImageFormat.TIFF) { // these exceed image.maxBytes
                    pictures.put("plain." + format, Pictures.quarters(format, WIDTH, HEIGHT));
                }
            }
            for (int i = 1; i <= 2; i++) { // one picture for each of the two consumers
                String folder = i + "/";
                pictures.forEach((key, picture) -> pipeline.store(folder + key, picture));
            }
            for (String key : pictures.keySet()) {
                Pipeline.await()
                        .atMost(Duration.ofMinutes(10))
                        .until(() -> pipeline.isDone("1/" + key) && pipeline.isDone("2/" + key));
                System.out.printf(
                        "%-16s %s%n",
                        key,
                        pipeline.failures("1/" + key).isEmpty()
                                ? "thumbnail"
                                : pipeline.failures("1/" + key)
                                        .get(0)
                                        .messageAttributes()
                                        .get("reason")
                                        .stringValue());
            }
            Files.lines(Path.of("/proc/" + application.pid() + "/status"))
                    .filter(line -> line.startsWith("VmHWM"))
                    .forEach(System.out::println);
        } finally {
            pipeline.afterAll(null);
            FileUtil.removeDir(directory.toFile());
        }
        System.exit(0);
    }
}
