// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.InvalidObjectStateException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

class AwsSdkAnswerTest {

    @ParameterizedTest
    @CsvSource({
        "400, InvalidArgument",
        "401, AccessDenied",
        "403, AccessDenied",
        "404, NoSuchKey",
        "405, MethodNotAllowed",
        "408, RequestTimeout",
        "411, MissingContentLength",
        "412, PreconditionFailed",
        "413, EntityTooLarge",
        "415, InvalidRequest",
        "416, InvalidRange",
        "417, InvalidRequest",
        "500, InternalError",
        "501, NotImplemented",
        "503, ServiceUnavailable"
    })
    void eachHttpStatusHasAnS3ErrorCode(int status, String code) {
        assertThat(AwsSdkAnswer.code(null, status)).isEqualTo(code);
        assertThat(AwsSdkAnswer.code(NoSuchKeyException.builder().build(), status))
                .isEqualTo(code);
    }

    @Test
    void refusalHasASpecificErrorCode() {
        assertThat(code(RequestRefusedException.badRequest("x"))).isEqualTo("InvalidArgument");
        assertThat(code(RequestRefusedException.invalidRequest("x"))).isEqualTo("InvalidRequest");
        assertThat(code(RequestRefusedException.incompleteBody("x"))).isEqualTo("IncompleteBody");
        assertThat(code(RequestRefusedException.badDigest("x"))).isEqualTo("BadDigest");
        assertThat(code(RequestRefusedException.invalidDigest("x"))).isEqualTo("InvalidDigest");
        assertThat(code(RequestRefusedException.contentSha256Mismatch("x"))).isEqualTo("XAmzContentSHA256Mismatch");
        assertThat(code(RequestRefusedException.lengthRequired("x"))).isEqualTo("MissingContentLength");
        assertThat(code(RequestRefusedException.contentTooLarge("x"))).isEqualTo("EntityTooLarge");
        assertThat(code(RequestRefusedException.unauthorized("x"))).isEqualTo("AccessDenied");
        assertThat(code(RequestRefusedException.forbidden("x"))).isEqualTo("AccessDenied");
        assertThat(code(RequestRefusedException.notFound("x"))).isEqualTo("NoSuchBucket");
        assertThat(code(RequestRefusedException.timeout("x"))).isEqualTo("RequestTimeout");
        assertThat(code(RequestRefusedException.busy("x"))).isEqualTo("SlowDown");
        assertThat(code(RequestRefusedException.notImplemented("x"))).isEqualTo("NotImplemented");
    }

    private static String code(RequestRefusedException refused) {
        Exception wrapped = SdkClientException.create("while it was sent", new IOException(refused));
        assertThat(AwsSdkAnswer.code(wrapped, refused.status()))
                .isEqualTo(AwsSdkAnswer.code(refused, refused.status()));
        return AwsSdkAnswer.code(refused, refused.status());
    }

    @Test
    void archivedObjectHasErrorCodeInvalidObjectState() {
        assertThat(AwsSdkAnswer.code(InvalidObjectStateException.builder().build(), 403))
                .isEqualTo("InvalidObjectState");
    }

    @Test
    void xmlIsWellFormedWithSpecialCharacters() throws Exception {
        String detail = "<a> & \"b\" ]]> \u0000 \u001b \uFFFF \uD800 \u00e9 \uD83D\uDE00";

        String xml = AwsSdkAnswer.xml("InvalidArgument", detail, "/a?<b>&", "1");

        Document document = DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getDocumentElement().getNodeName()).isEqualTo("Error");
        assertThat(document.getElementsByTagName("Code").item(0).getTextContent())
                .isEqualTo("InvalidArgument");
        assertThat(document.getElementsByTagName("Message").item(0).getTextContent())
                .isEqualTo("<a> & \"b\" ]]> ? ? ? ? \u00e9 \uD83D\uDE00");
        assertThat(document.getElementsByTagName("Resource").item(0).getTextContent())
                .isEqualTo("/a?<b>&");
    }
}
