// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests a message on the events queue that is not an event. */
@Tag("long")
class PoisonMessageIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().withShortTimes();

    @Test
    void messageThatIsNotAnEventMovesToTheDeadLetterQueue() {
        PIPELINE.send("hello");

        Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.dead()) == 1);
        assertThat(PIPELINE.count(PIPELINE.resources.events())).isZero();
        assertThat(PIPELINE.count(PIPELINE.resources.failures())).isZero();
    }
}
