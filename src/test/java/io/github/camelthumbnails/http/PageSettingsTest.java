// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureReason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageSettingsTest {

    private final Map<String, String> settings = new HashMap<>(Map.of(
            "api.stage", "prod",
            "originals.bucket", "pictures",
            "thumbnails.bucket", "small",
            "app.roles", "upload,operate",
            "api.keyRequired", "true",
            "api.keys", "a-secret-of-uploaders",
            "operate.keyRequired", "false",
            "upload.maxBytes", "5000",
            "image.maxBytes", "4000",
            "image.maxPixels", "3000000000"));

    private JsonObject json() {
        return new JsonObject(new PageSettings(settings::get, List.of("thumbnail", "card"))
                .toJson()
                .encode());
    }

    @Test
    void settingsAreThoseOfTheProcess() {
        JsonObject json = json();

        assertThat(json.fieldNames())
                .containsExactly(
                        "stage",
                        "originals",
                        "thumbnails",
                        "roles",
                        "keyRequired",
                        "operatorKeyRequired",
                        "maxBytes",
                        "maxPixels",
                        "formats",
                        "renditions",
                        "reasons");
        assertThat(json.getString("stage")).isEqualTo("prod");
        assertThat(json.getString("originals")).isEqualTo("pictures");
        assertThat(json.getString("thumbnails")).isEqualTo("small");
        assertThat(json.getJsonArray("roles")).containsExactly("upload", "operate");
        assertThat(json.getBoolean("keyRequired")).isTrue();
        assertThat(json.getBoolean("operatorKeyRequired")).isFalse();
        assertThat(json.getLong("maxPixels")).isEqualTo(3_000_000_000L);
        assertThat(json.getJsonArray("renditions")).containsExactly("thumbnail", "card");
        assertThat(json.encode()).doesNotContain("secret");
    }

    @Test
    void smallerLimitForBytesApplies() {
        assertThat(json().getLong("maxBytes")).isEqualTo(4000);

        settings.put("upload.maxBytes", "3000");

        assertThat(json().getLong("maxBytes")).isEqualTo(3000);
    }

    @Test
    void formatsHaveExtensionsAndMediaTypes() {
        JsonArray formats = json().getJsonArray("formats");

        assertThat(objects(formats).map(format -> format.getString("name")))
                .containsExactlyInAnyOrder("JPEG", "PNG", "GIF", "BMP", "TIFF", "WebP", "HEIC", "AVIF");
        assertThat(objects(formats)).allSatisfy(format -> {
            assertThat(format.getJsonArray("extensions"))
                    .isNotEmpty()
                    .allSatisfy(extension -> assertThat((String) extension).matches("[a-z]+"));
            assertThat(format.getJsonArray("contentTypes"))
                    .isNotEmpty()
                    .allSatisfy(type -> assertThat((String) type).matches("image/[a-z]+"));
        });
        assertThat(objects(formats).flatMap(format -> format.getJsonArray("extensions").stream()))
                .contains("jpg", "jpeg", "heic", "tif")
                .doesNotHaveDuplicates();
        assertThat(objects(formats).flatMap(format -> format.getJsonArray("contentTypes").stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void onlyFormatsThatNeedLibheifCanBeUnavailable() {
        assertThat(objects(json().getJsonArray("formats"))
                        .filter(format -> !format.getBoolean("available"))
                        .map(format -> format.getString("name")))
                .isSubsetOf("HEIC", "AVIF");
    }

    @Test
    void reasonsSayWhetherThePictureIsAtFault() {
        JsonArray reasons = json().getJsonArray("reasons");

        assertThat(objects(reasons).map(reason -> FailureReason.valueOf(reason.getString("name"))))
                .containsExactly(FailureReason.values());
        assertThat(objects(reasons)
                        .filter(reason -> reason.getBoolean("pictureAtFault"))
                        .map(reason -> reason.getString("name")))
                .contains("CorruptImage")
                .doesNotContain("ServiceUnavailable", "AccessDenied");
    }

    private static Stream<JsonObject> objects(JsonArray array) {
        return array.stream().map(JsonObject.class::cast);
    }
}
