// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.event.EventMessage;
import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.AwsEndpoint;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;

/** Tests that a removed original takes everything with it, unless the bucket's notification configuration leaves out removals. */
class RemovalSwitchIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    private static final byte[] PHOTO = Pictures.noise(ImageFormat.JPEG, 20, 20);
    private static final byte[] BAD = {1, 2, 3};

    @Test
    void removedOriginalTakesEverythingWithIt() throws Exception {
        uploadBoth("followed");

        removeBoth("followed");
        PIPELINE.awaitNoEvents();

        PIPELINE.assertNoThumbnailAndNoItem("followed.jpg");
        assertThat(PIPELINE.failedItem("followed.txt")).isEmpty();
        for (String key : List.of("followed.jpg", "followed.txt")) {
            assertThat(status(key).statusCode()).isEqualTo(404);
        }
    }

    /** The same failure of the same bytes counts as a new one after a removal. */
    @Test
    void originalThatIsUploadedAgainIsReportedAgain() throws Exception {
        uploadBoth("again");
        removeBoth("again");
        PIPELINE.awaitNoEvents();

        uploadBoth("again");

        assertThat(PIPELINE.failures().get("again.txt")).hasSize(2);
        assertThat(state("again.txt")).isEqualTo("failed");
        assertThat(state("again.jpg")).isEqualTo("ready");
    }

    @Test
    void folderTakesTheFailureOfAPictureWithIt() {
        PIPELINE.store("folder/", BAD);
        PIPELINE.awaitFailure("folder/");

        PIPELINE.store("folder/", new byte[0]);
        PIPELINE.awaitNoEvents();

        assertThat(PIPELINE.failedItem("folder/")).isEmpty();
    }

    @Test
    void withoutEventsOfRemovalsNothingIsRemovedUntilAReconcileAsksForIt() throws Exception {
        uploadBoth("kept");
        List<String> before = events();
        configure(List.of("s3:ObjectCreated:*", "s3:ObjectRestore:Completed"));
        try {
            PIPELINE.resources.provision(new AwsEndpoint(PIPELINE.endpoint(), "ap-northeast-2")); // the next start

            removeBoth("kept");
            PIPELINE.awaitNoEvents();

            assertThat(PIPELINE.awaitThumbnail("kept.jpg").asByteArray()).isNotEmpty();
            assertThat(PIPELINE.item("kept.jpg")).isNotEmpty();
            assertThat(PIPELINE.failedItem("kept.txt")).isNotEmpty();
            assertThat(status("kept.jpg").statusCode()).isEqualTo(404);
        } finally {
            configure(before);
        }

        for (String key : List.of("kept.jpg", "kept.txt")) {
            PIPELINE.send(EventMessage.removed("Reconcile", PIPELINE.resources.originals(), key));
        }
        PIPELINE.awaitNoEvents();

        PIPELINE.assertNoThumbnailAndNoItem("kept.jpg");
        assertThat(PIPELINE.failedItem("kept.txt")).isEmpty();
    }

    private static void uploadBoth(String name) throws Exception {
        PIPELINE.upload(name + ".jpg", PHOTO);
        PIPELINE.upload(name + ".txt", BAD);
        PIPELINE.awaitNoEvents();
        PIPELINE.awaitItem(name + ".jpg");
        PIPELINE.awaitFailure(name + ".txt");
    }

    private static void removeBoth(String name) {
        for (String type : List.of(".jpg", ".txt")) {
            PIPELINE.s3.deleteObject(
                    request -> request.bucket(PIPELINE.resources.originals()).key(name + type));
        }
    }

    private static List<String> events() {
        return PIPELINE.s3
                .getBucketNotificationConfiguration(request -> request.bucket(PIPELINE.resources.originals()))
                .queueConfigurations()
                .get(0)
                .eventsAsStrings();
    }

    private static void configure(List<String> events) {
        List<QueueConfiguration> present = PIPELINE.s3
                .getBucketNotificationConfiguration(request -> request.bucket(PIPELINE.resources.originals()))
                .queueConfigurations();
        List<QueueConfiguration> changed = new ArrayList<>();
        present.forEach(
                queue -> changed.add(queue.toBuilder().eventsWithStrings(events).build()));
        PIPELINE.s3.putBucketNotificationConfiguration(request -> request.bucket(PIPELINE.resources.originals())
                .notificationConfiguration(configuration -> configuration.queueConfigurations(changed)));
    }

    private static HttpResponse<byte[]> status(String key) throws Exception {
        return PIPELINE.read("GET", PIPELINE.path(key) + "?status&wait=1");
    }

    private static String state(String key) throws Exception {
        return new JsonObject(new String(status(key).body(), StandardCharsets.UTF_8)).getString("state");
    }
}
