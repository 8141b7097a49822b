// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests uploads while AWS is unavailable, which a client cannot fix. */
class UnavailableIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "upload");

    @Test
    void responseSaysToRetryAnUploadThatCannotBeStored() throws Exception {
        PIPELINE.s3.deleteBucket(request -> request.bucket(PIPELINE.resources.originals()));

        HttpResponse<String> response = PIPELINE.put(PIPELINE.path("a.jpg"), new byte[5_000_000]);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("5");
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(new JsonObject(response.body()).getInteger("status")).isEqualTo(503);
    }
}
