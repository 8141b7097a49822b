// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsOriginsTest {

    private static final List<String> ALLOWED = List.of("https://a.example", "https://b.example:8443");

    @ParameterizedTest
    @ValueSource(
            strings = {"https://a.example,https://b.example:8443", " https://a.example ,\n https://b.example:8443 "})
    void originsAreSeparatedByCommas(String setting) {
        assertThat(CorsOrigins.origins(setting)).isEqualTo(ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void emptyPropertyMeansNoOrigins(String setting) {
        assertThat(CorsOrigins.origins(setting)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example", "https://b.example:8443"})
    void allowedOriginIsKept(String origin) {
        assertThat(originAfter(origin)).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://a.example",
                "https://a.example.evil.example",
                "https://a.example:443",
                "https://b.example",
                "HTTPS://A.EXAMPLE",
                "null",
                "*"
            })
    void originThatIsNotAllowedIsRemoved(String origin) {
        assertThat(originAfter(origin)).isNull();
    }

    @Test
    void everyAllowedHeaderIsHonouredByAReadOrAnUpload() {
        assertThat(CorsOrigins.ALLOWED_HEADERS)
                .allSatisfy(header -> assertThat(header).isLowerCase());
        assertThat(CorsOrigins.ALLOWED_HEADERS)
                .allSatisfy(header -> assertThat(RequestRules.HEADERS)
                        .anyMatch(rule -> rule.effect() == RequestRules.Effect.HONOURED
                                && rule.operations().stream()
                                        .anyMatch(operation -> rule.appliesTo(header, operation))));
    }

    private static String originAfter(String origin) {
        HttpServerRequest request =
                StubRequest.of("GET", "/dev/originals/a", "Origin: " + origin).request();
        CorsOrigins.hideForeignOrigin(request, ALLOWED);
        return request.getHeader("Origin");
    }
}
