// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which requests are accepted if API keys are required. */
class ApiKeyIT {

    private static final String OLD = "the-old-key-of-2025";
    private static final String NEW = "the-new-key-of-2026";

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline()
            .with("app.roles", "upload")
            .with("api.keyRequired", "true")
            .with("api.keys", OLD + ", " + NEW);

    @ParameterizedTest
    @ValueSource(strings = {OLD, NEW})
    void everyConfiguredKeyIsAccepted(String key) throws Exception {
        PIPELINE.upload("mine-" + key, new byte[] {1, 2, 3}, "X-Api-Key", key);

        assertThat(PIPELINE.read("GET", PIPELINE.path("mine-" + key), "x-api-key", key)
                        .body())
                .containsExactly(1, 2, 3);
        assertThat(PIPELINE.read("GET", PIPELINE.path("mine-" + key) + "?status", "x-api-key", key)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "HEAD, ''", "GET, ?status", "GET, ?x-api-key=" + NEW, "PUT, ''"})
    void requestWithoutAKeyIsRejectedWithoutDetails(String method, String query) throws Exception {
        PIPELINE.store("there", new byte[] {1});

        for (String key : new String[] {"there", "absent"}) {
            HttpResponse<byte[]> response = PIPELINE.read(method, PIPELINE.path(key) + query);
            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.headers().firstValue("WWW-Authenticate")).isPresent();
        }
        assertThat(PIPELINE.original("there")).containsExactly(1);
    }

    @Test
    void wrongKeyStoresNothing() throws Exception {
        HttpResponse<String> response = PIPELINE.put(
                PIPELINE.path("wrong"), new byte[1000], "x-api-key", NEW.toUpperCase(java.util.Locale.ROOT));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(new JsonObject(response.body()).getString("detail")).contains("x-api-key");
        assertThat(response.body()).doesNotContainIgnoringCase(NEW);
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).doesNotContain("wrong");
    }

    @Test
    void keyIsNotStoredWithTheObject() throws Exception {
        PIPELINE.upload("plain", "x".getBytes(StandardCharsets.UTF_8), "x-api-key", NEW);

        HttpResponse<byte[]> response = PIPELINE.read("GET", PIPELINE.path("plain"), "x-api-key", NEW);

        assertThat(response.headers().map().toString()).doesNotContain(NEW);
    }
}
