// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RequestRefusedExceptionTest {

    static Stream<Arguments> exceptions() {
        return Stream.of(
                Arguments.of(RequestRefusedException.badRequest("d"), 400, "Bad Request"),
                Arguments.of(RequestRefusedException.unauthorized("d"), 401, "Unauthorized"),
                Arguments.of(RequestRefusedException.forbidden("d"), 403, "Forbidden"),
                Arguments.of(RequestRefusedException.notFound("d"), 404, "Not Found"),
                Arguments.of(RequestRefusedException.timeout("d"), 408, "Request Timeout"),
                Arguments.of(RequestRefusedException.contentTooLarge("d"), 413, "Content Too Large"),
                Arguments.of(RequestRefusedException.busy("d"), 503, "Service Unavailable"),
                Arguments.of(RequestRefusedException.of(400, "d"), 400, "Bad Request"),
                Arguments.of(RequestRefusedException.of(412, "d"), 412, "Precondition Failed"),
                Arguments.of(RequestRefusedException.of(415, "d"), 415, "Unsupported Media Type"),
                Arguments.of(RequestRefusedException.of(416, "d"), 416, "Range Not Satisfiable"),
                Arguments.of(RequestRefusedException.of(417, "d"), 417, "Expectation Failed"),
                Arguments.of(RequestRefusedException.of(501, "d"), 501, "Not Implemented"));
    }

    @ParameterizedTest
    @MethodSource("exceptions")
    void eachStatusHasItsReasonPhrase(RequestRefusedException exception, int status, String title) {
        assertThat(exception.status()).isEqualTo(status);
        assertThat(exception.title()).isEqualTo(title);
        assertThat(exception).hasMessage("d");
    }

    @Test
    void everyStatusInTheRulesHasAReasonPhrase() {
        assertThatIllegalArgumentException().isThrownBy(() -> RequestRefusedException.of(418, "d"));
        Stream.concat(RequestRules.PARAMETERS.stream(), RequestRules.HEADERS.stream())
                .filter(rule -> rule.status() > 0)
                .forEach(rule -> assertThat(
                                RequestRefusedException.of(rule.status(), "d").title())
                        .isNotEmpty());
    }
}
