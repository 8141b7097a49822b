// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.camelthumbnails.http.RequestRefusedException;
import io.github.camelthumbnails.http.StubRequest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadHeadersTest {

    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @Test
    void storedHeadersAreReadFromTheRequest() throws Exception {
        read(
                "content-type: image/png",
                "Cache-Control: public",
                "cache-control: max-age=60",
                "Content-Disposition: inline",
                "X-Amz-Meta-Camera: X100",
                "x-amz-meta-camera: X200",
                "If-None-Match: *",
                "CamelAwsS3Key: stolen");

        assertThat(exchange.getMessage().getHeaders())
                .containsOnly(
                        Map.entry("CamelAwsS3ContentType", "image/png"),
                        Map.entry("CamelAwsS3ContentControl", "public, max-age=60"),
                        Map.entry("CamelAwsS3ContentDisposition", "inline"),
                        Map.entry("CamelAwsS3Metadata", Map.of("camera", "X100,X200")));
        assertThat(exchange.getProperty("ifNoneMatch")).isEqualTo("*");
    }

    @Test
    void requestHeadersTakePrecedenceOverMessageHeaders() throws Exception {
        exchange.getMessage().setHeader("Content-Type", "text/html"); // as Camel sets it for ?Content-Type=text/html

        read("Content-Type: image/png");

        assertThat(exchange.getMessage().getHeader("CamelAwsS3ContentType")).isEqualTo("image/png");
    }

    @Test
    void absentAndEmptyHeadersAreNotStored() throws Exception {
        read("Content-Type: ", "x-amz-meta-: empty");

        assertThat(exchange.getMessage().getHeader("CamelAwsS3ContentType")).isNull();
        assertThat(exchange.getMessage().getHeader("CamelAwsS3ContentControl")).isNull();
        assertThat(exchange.getMessage().getHeader("CamelAwsS3Metadata")).isEqualTo(Map.of());
        assertThat(exchange.getProperty("ifNoneMatch")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: image/\u00e9",
                "Content-Disposition: attachment\u0000",
                "Content-Disposition: inline; filename=\"\ud55c\"",
                "Cache-Control: public\u007f",
                "x-amz-meta-a: \u00e9"
            })
    void controlAndNonAsciiCharactersAreRefused(String header) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> read(header))
                .withMessageContaining(header.substring(0, header.indexOf(':')))
                .withMessageContaining("percent-encode")
                .satisfies(e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void lineBreakThatCouldInjectAResponseHeaderIsRefused() {
        for (String name : new String[] {"Content-Type", "Content-Disposition", "Cache-Control", "x-amz-meta-a"}) {
            for (String lineBreak : new String[] {"\r\n", "\r", "\n"}) {
                assertThatExceptionOfType(RequestRefusedException.class)
                        .isThrownBy(() -> read(name + ": a" + lineBreak + "Set-Cookie: b"));
            }
        }
    }

    @Test
    void metadataOverTheLimitOfS3IsRefused() throws Exception {
        read("x-amz-meta-ab: " + "x".repeat(2046));

        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> read("x-amz-meta-ab: " + "x".repeat(2047)))
                .withMessageContaining("2049 bytes")
                .withMessageContaining("2048");
    }

    @Test
    void clientCannotSetTheSpanOfTheUpload() throws Exception {
        read("X-Amz-Meta-TraceParent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "x-amz-meta-a: b");

        assertThat(exchange.getMessage().getHeader(AWS2S3Constants.METADATA)).isEqualTo(Map.of("a", "b"));
    }

    private void read(String... headers) throws RequestRefusedException {
        UploadHeaders.read(
                exchange, StubRequest.of("PUT", "/dev/originals/a", headers).request());
    }
}
