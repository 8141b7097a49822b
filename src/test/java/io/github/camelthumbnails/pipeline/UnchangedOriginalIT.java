// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests that a thumbnail stays if a worker that cannot create it receives another event for the unchanged original. */
class UnchangedOriginalIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withoutApplication();

    @ParameterizedTest
    @CsvSource({"image.maxPixels, 1000, TooManyPixels", "image.maxBytes, 1000, TooManyBytes"})
    void thumbnailOfUnchangedBytesStaysAndNoFailureIsReported(String limit, String value, String reason) {
        String key = "unchanged " + reason;
        work(Map.of(), () -> {
            PIPELINE.store(key, Pictures.noise(ImageFormat.PNG, 40, 40));
            PIPELINE.awaitItem(key);
            PIPELINE.awaitNoEvents();
        });
        Map<String, AttributeValue> before = PIPELINE.item(key);

        work(Map.of(limit, value), () -> {
            PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), key)
                    + "]}");
            PIPELINE.awaitNoEvents();
        });

        assertThat(PIPELINE.item(key)).as("item, which must not be replaced").isEqualTo(before);
        assertThat(PIPELINE.outcome(key)).doesNotContain(Original.NONE);
        assertThat(PIPELINE.failures(key)).isEmpty();
    }

    /** Runs an action while an application processes events. */
    private static void work(Map<String, String> settings, Runnable during) {
        Main application = PIPELINE.application(settings);
        try {
            during.run();
        } finally {
            application.stop();
        }
    }
}
