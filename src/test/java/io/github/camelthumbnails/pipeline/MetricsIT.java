// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MetricsIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    @Test
    void scrape() throws Exception {
        Files.writeString(Path.of("/tmp/metrics-scratch/start.txt"), PIPELINE.observe("metrics"));
        PIPELINE.upload("photo.jpg", Pictures.quarters(ImageFormat.JPEG, 100, 50));
        PIPELINE.awaitItem("photo.jpg");
        PIPELINE.upload("text.jpg", Pictures.ascii("text"));
        PIPELINE.awaitFailure("text.jpg");
        PIPELINE.awaitNoEvents();
        Files.writeString(Path.of("/tmp/metrics-scratch/end.txt"), PIPELINE.observe("metrics"));
    }
}
