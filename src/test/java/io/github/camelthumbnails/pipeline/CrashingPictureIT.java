// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.CrashingApp;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests a picture that kills the process each time it is decoded, like a crash in a native library. */
@Tag("long")
class CrashingPictureIT {

    private static final int RECEIVES = 5;
    private static final int PICTURES = 10;

    private static final byte[] PICTURE = Pictures.quarters(ImageFormat.JPEG, 20, 10);

    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().withoutApplication().withShortTimes().withMaxReceiveCount(RECEIVES);

    @TempDir
    private Path directory;

    @Test
    void itsEventMovesToTheDeadLetterQueueAndAllOthersAreProcessed() throws Exception {
        List<String> others = new ArrayList<>();
        PIPELINE.store("crash", CrashingApp.PICTURE);
        store(others, "before");

        for (int receive = 1; receive <= RECEIVES; receive++) {
            try (Command worker = worker()) {
                store(others, "receive-" + receive);
                assertThat(worker.exitCode()).as(worker.output()).isEqualTo(CrashingApp.EXIT_CODE);
                boolean last = receive == RECEIVES;
                assertThat(worker.output().contains("The last receive of ObjectCreated:Put of crash in bucket"))
                        .as(worker.output())
                        .isEqualTo(last);
            }
        }

        try (Command worker = worker()) {
            Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.dead()) == 1);
            store(others, "after");
            others.forEach(PIPELINE::awaitThumbnail);
            assertThat(worker.stop()).isEqualTo(143);
        }
        String dead = PIPELINE.url(PIPELINE.resources.dead());
        assertThat(PIPELINE.sqs
                        .receiveMessage(request -> request.queueUrl(dead))
                        .messages())
                .singleElement()
                .satisfies(message -> assertThat(message.body()).contains("\"key\":\"crash\""));
        assertThat(PIPELINE.count(PIPELINE.resources.events())).isZero();
        assertThat(PIPELINE.failures()).isEmpty();
    }

    private static void store(List<String> keys, String prefix) {
        for (int i = 0; i < PICTURES; i++) {
            String key = prefix + "/" + i;
            PIPELINE.store(key, PICTURE);
            keys.add(key);
        }
    }

    private Command worker() throws IOException {
        return Command.java(
                directory,
                PIPELINE.environment(),
                List.of("-cp", System.getProperty("java.class.path"), CrashingApp.class.getName()));
    }
}
