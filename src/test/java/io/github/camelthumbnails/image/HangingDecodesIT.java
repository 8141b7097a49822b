// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.App;
import io.github.camelthumbnails.image.limits.Deadline;
import io.github.camelthumbnails.image.limits.HangingDecodes;
import io.github.camelthumbnails.localaws.FreePort;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Tests the health checks of a process in which a decode cannot be stopped. */
class HangingDecodesIT {

    private final int port = FreePort.next();

    @Test
    void livenessFailsButReadinessDoesNot() throws Exception {
        Main main = new Main(App.class);
        main.configure().setRoutesIncludePattern("false");
        main.addOverrideProperty("app.roles", "thumbnail");
        main.addOverrideProperty("camel.server.enabled", "false");
        main.addOverrideProperty("camel.management.port", String.valueOf(port));
        main.start();
        CountDownLatch end = new CountDownLatch(1);
        try {
            assertThat(status("live")).isEqualTo(200);
            HangingDecodes hanging = main.getCamelContext().getRegistry().findSingleByType(HangingDecodes.class);

            assertThatThrownBy(() -> new Deadline(Duration.ofMillis(10), Duration.ofMinutes(1), hanging)
                            .run(cancelled -> {
                                while (end.getCount() > 0) {
                                    Thread.onSpinWait(); // like a decoder in an endless loop
                                }
                                return null;
                            }))
                    .isInstanceOf(TimeoutException.class);

            assertThat(status("live")).as("liveness during the grace period").isEqualTo(200);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> status("live") == 503);
            assertThat(get("ready").body()).as("readiness").doesNotContain("hanging-decodes");
        } finally {
            end.countDown();
            main.stop();
        }
    }

    private int status(String check) throws Exception {
        return get(check).statusCode();
    }

    private HttpResponse<String> get(String check) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/observe/health/" + check);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
