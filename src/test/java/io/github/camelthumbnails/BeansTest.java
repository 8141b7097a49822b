// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.github.camelthumbnails.image.Stage;
import io.github.camelthumbnails.observe.BrokenRegistry;
import io.github.camelthumbnails.observe.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests that beans which only observe the work never make it fail. */
class BeansTest {

    private static final Stage STAGE =
            new Stage(Stage.Kind.DECODE, "png", "ImageIO", 1, 1, Instant.EPOCH, Duration.ZERO, false);

    private final Meters broken = new Meters(new BrokenRegistry());

    @Test
    void brokenMetricsDoNotFailARetry() {
        assertThatNoException().isThrownBy(() -> new Beans().countRetry(broken).process(null));
    }

    @Test
    void brokenMetricsFailNeitherAPictureNorItsSpans() {
        List<Stage> spans = new ArrayList<>();

        Beans.stageObserver(broken, spans::add).accept(STAGE);

        assertThat(spans).containsExactly(STAGE);
    }

    @Test
    void brokenTracesDoNotFailAPicture() {
        Meters meters = new Meters(new SimpleMeterRegistry());

        assertThatNoException()
                .isThrownBy(() -> Beans.stageObserver(meters, stage -> {
                            throw new IllegalStateException("no spans");
                        })
                        .accept(STAGE));
    }
}
