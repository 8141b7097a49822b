// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests several events about the same object, which fails. */
class FailureReportIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("events.consumers", "8");

    @Test
    void sameFailureOfSeveralEventsIsReportedOnce() {
        PIPELINE.disableNotifications();
        PIPELINE.store("overwritten", new byte[] {1});
        String record = PIPELINE.record("ObjectCreated:Put", PIPELINE.resources.originals(), "overwritten");
        IntStream.range(0, 20).forEach(i -> PIPELINE.send("{\"Records\":[" + record + "]}"));

        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures("overwritten")).hasSize(1);
        assertThat(PIPELINE.failedItem("overwritten")).containsKey("reportedAt");

        PIPELINE.store("overwritten", new byte[] {2});
        PIPELINE.send("{\"Records\":[" + record + "]}");
        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures("overwritten"))
                .as("failures after the object got other bytes")
                .hasSize(2);
    }
}
