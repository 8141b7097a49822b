// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {

    private static final String PARAMETER_HEAD =
            "| parameter | request | effect | what it does, or what to do |\n| --- | --- | --- | --- |\n";
    private static final String HEADER_HEAD = PARAMETER_HEAD.replace("parameter", "header");
    private static final String KEY = "/dev/originals/photo.jpg";

    @ParameterizedTest
    @CsvSource({
        "PUT, ''",
        "PUT, ?",
        "PUT, ?&&",
        "PUT, ?x-id=PutObject",
        "PUT, ?x-id=PutObject&x-id=PutObject",
        "GET, ''",
        "GET, ?x-id=GetObject",
        "GET, ?status",
        "GET, ?status=",
        "GET, ?%73tatus",
        "GET, ?status&wait=0",
        "GET, ?wait=30&status",
        "GET, ?status&wait=99",
        "HEAD, ?x-id=HeadObject",
        "HEAD, ?status"
    })
    void supportedAndHarmlessParametersAreAccepted(String method, String query) {
        accept(method, query);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT  | ?status                        | 400 | status is not known for this request",
                "PUT  | ?wait=1                        | 400 | wait is not supported here",
                "GET  | ?wait=1                        | 400 | Use it as ?status&wait=30",
                "GET  | ?status=1                      | 400 | status has a value that is not supported",
                "GET  | ?status&wait=1&wait=2          | 400 | wait has several values",
                "GET  | ?status;wait=1                 | 400 | status;wait is not known",
                "GET  | ?Status                        | 400 | Status is not known",
                "GET  | ?=x                            | 400 | is not known",
                "GET  | ?%                             | 400 | not percent-encoded",
                "PUT  | ?cache=1                       | 400 | cache is not known",
                "PUT  | ?Content-Type=text/html        | 400 | Content-Type is not known",
                "PUT  | ?objectKey=stolen              | 400 | objectKey is not known",
                "PUT  | ?x-id=CopyObject               | 501 | x-id has a value",
                "PUT  | ?x-id=UploadPart               | 501 | x-id has a value",
                "GET  | ?x-id=GetObjectTagging         | 501 | x-id has a value",
                "PUT  | ?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=a | 501 | Presigned URLs",
                "PUT  | ?x-amz-acl=public-read         | 501 | x-amz-acl",
                "PUT  | ?partNumber=1                  | 501 | multipart uploads",
                "PUT  | ?uploadId=x                    | 501 | multipart uploads",
                "GET  | ?uploads                       | 501 | multipart uploads",
                "GET  | ?partNumber=1                  | 501 | partNumber",
                "GET  | ?versionId=null                | 501 | current version",
                "HEAD | ?versionId=x                   | 501 | versionId",
                "GET  | ?status&versionId=x            | 501 | versionId",
                "GET  | ?response-content-type=x       | 501 | cannot be overridden"
            })
    void otherParametersAreRefusedWithTheirName(String method, String query, int status, String detail) {
        refuse(status, detail, method, query);
    }

    static Stream<String> subResources() {
        return RequestRules.S3_SUB_RESOURCES.stream();
    }

    @ParameterizedTest
    @MethodSource("subResources")
    void s3SubResourcesAreNotImplemented(String name) {
        for (String method : new String[] {"PUT", "GET", "HEAD"}) {
            refuse(501, name + " is not supported", method, "?" + name);
            refuse(501, name + " is not supported", method, "?" + name + "=x&x-id=PutObject");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: image/png",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Type: ",
                "Content-Length: 5",
                "Content-Encoding: aws-chunked",
                "Content-Encoding: identity , AWS-Chunked,",
                "Content-MD5: x",
                "Cache-Control: no-cache",
                "Content-Disposition: attachment",
                "If-None-Match: *",
                "Expect: 100-Continue",
                "x-api-key: secret",
                "x-amz-meta-camera: X100",
                "x-amz-checksum-sha256: x",
                "x-amz-storage-class: STANDARD",
                "X-Amz-Date: 20261128T000000Z",
                "x-amz-content-sha256: UNSIGNED-PAYLOAD",
                "x-amz-security-token: x",
                "x-amz-sdk-checksum-algorithm: CRC32",
                "x-amz-decoded-content-length: 5",
                "x-amz-trailer: x-amz-checksum-crc32",
                "x-amz-user-agent: x",
                "x-amz-request-payer: requester",
                "amz-sdk-invocation-id: x",
                "amz-sdk-request: attempt=1",
                "x-amzn-trace-id: Root=1",
                "Authorization: AWS4-HMAC-SHA256 x",
                "Upload-Complete: ?1",
                "traceparent: 00-x",
                "baggage: a=b",
                "X-Forwarded-For: 127.0.0.1",
                "Forwarded: for=127.0.0.1",
                "Via: 1.1 proxy",
                "X-Request-Id: x",
                "Accept-Encoding: gzip",
                "Cookie: a=b",
                "Origin: https://a.example",
                "X-Unknown: x"
            })
    void supportedAndHarmlessUploadHeadersAreAccepted(String header) {
        accept("PUT", "", header);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-Range: bytes 6-9/10               | 400 | Upload the whole file",
                "Range: bytes=6-                           | 400 | Upload the whole file",
                "If-Range: \"x\"                           | 400 | Upload the whole file",
                "Content-Type: multipart/form-data; boundary=x | 415 | Send the file itself",
                "Content-Type: Multipart/Byteranges        | 415 | Send the file itself",
                "Content-Digest: sha-256=:x:               | 501 | x-amz-checksum-*",
                "Digest: x                                 | 501 | x-amz-checksum-*",
                "Content-Encoding: gzip                    | 415 | as they are",
                "Content-Encoding: aws-chunked, gzip       | 415 | as they are",
                "Content-Encoding: aws-chunked,aws-chunked | 415 | as they are",
                "Expect: a-miracle                         | 417 | Use 100-continue",
                "If-None-Match: \"x\"                      | 501 | Use *",
                "If-Match: *                               | 501 | If-None-Match: *",
                "If-Modified-Since: x                      | 501 | If-None-Match: *",
                "If-Unmodified-Since: x                    | 501 | If-None-Match: *",
                "If: (<urn:uuid:x>)                        | 501 | If-None-Match: *",
                "Content-Language: ko                      | 501 | not be stored",
                "Expires: 0                                | 501 | Cache-Control",
                "Upload-Complete: ?0                       | 501 | Resumable",
                "Upload-Incomplete: ?1                     | 501 | Resumable",
                "Upload-Offset: 5                          | 501 | Resumable",
                "Tus-Resumable: 1.0.0                      | 501 | Resumable",
                "X-HTTP-Method-Override: DELETE            | 400 | request line",
                "x-amz-copy-source: /originals/other       | 501 | cannot be copied",
                "x-amz-copy-source-if-match: x             | 501 | cannot be copied",
                "X-Amz-Acl: public-read                    | 501 | X-Amz-Acl",
                "x-amz-grant-read: id=x                    | 501 | x-amz-grant-read",
                "x-amz-tagging: a=b                        | 501 | Tags",
                "x-amz-server-side-encryption: aws:kms     | 501 | default encryption",
                "x-amz-server-side-encryption-customer-key: x | 501 | default encryption",
                "x-amz-object-lock-mode: GOVERNANCE        | 501 | x-amz-object-lock-mode",
                "x-amz-website-redirect-location: /        | 501 | x-amz-website-redirect-location",
                "x-amz-storage-class: GLACIER              | 501 | Use STANDARD",
                "x-amz-write-offset-bytes: 6               | 501 | as a whole",
                "x-amz-expected-bucket-owner: 1            | 501 | owner",
                "x-amz-something-new: 1                    | 501 | not listed"
            })
    void headersThatWouldChangeTheMeaningOfAnUploadAreRefusedWithTheirName(String header, int status, String detail) {
        refuse(status, detail, "PUT", "", header);
        refuse(status, header.substring(0, header.indexOf(':')), "PUT", "", header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Range: bytes=0-1",
                "If-Range: \"x\"",
                "If-Match: \"x\"",
                "If-None-Match: \"x\", W/\"y\"",
                "If-Modified-Since: x",
                "If-Unmodified-Since: x",
                "x-amz-checksum-mode: ENABLED",
                "x-amz-checksum-crc32: AAAAAA==",
                "x-amz-te: append-md5",
                "x-amz-content-sha256: e3b0",
                "x-amz-request-payer: requester",
                "Cache-Control: no-cache",
                "Content-Type: multipart/form-data",
                "Content-Length: 0",
                "Content-Language: ko",
                "Expires: 0"
            })
    void supportedAndHarmlessReadHeadersAreAccepted(String header) {
        accept("GET", "", header);
        accept("HEAD", "", header);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-amz-server-side-encryption-customer-algorithm: AES256",
                "x-amz-expected-bucket-owner: 1",
                "x-amz-object-attributes: ETag",
                "x-amz-meta-a: b",
                "x-amz-acl: private"
            })
    void otherS3HeadersAreRefusedForReads(String header) {
        refuse(501, header.substring(0, header.indexOf(':')), "GET", "", header);
        refuse(501, header.substring(0, header.indexOf(':')), "HEAD", "", header);
    }

    @Test
    void ifMatchAndIfUnmodifiedSinceFailForAStatus() {
        accept("GET", "?status", "If-None-Match: \"x\"", "Range: bytes=0-1");
        refuse(412, "If-Match", "GET", "?status", "If-Match: *");
        refuse(412, "If-Unmodified-Since", "GET", "?status", "If-Unmodified-Since: x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "Content-MD5", "Content-Disposition", "x-api-key"})
    void singleValuedHeaderMayBeRepeatedOnlyWithTheSameValue(String name) {
        accept("PUT", "", name + ": a", name.toUpperCase(Locale.ROOT) + ": a");
        refuse(400, "several values", "PUT", "", name + ": a", name + ": b");
    }

    @Test
    void eachValueOfARepeatedHeaderIsChecked() {
        refuse(501, "If-None-Match", "PUT", "", "If-None-Match: *", "If-None-Match: \"x\"");
        refuse(415, "Content-Encoding", "PUT", "", "Content-Encoding: aws-chunked", "Content-Encoding: aws-chunked");
    }

    @Test
    void readWithABodyIsRefused() {
        for (String method : new String[] {"GET", "HEAD"}) {
            refuse(400, "Remove the body", method, "", "Content-Length: 5");
            refuse(400, "Remove the body", method, "?status", "Transfer-Encoding: chunked");
        }
    }

    @Test
    void tablesInTheDocsMatchTheRules() throws Exception {
        String page = Files.readString(Path.of("docs/api.md"));

        assertThat(page).contains(PARAMETER_HEAD + rows(RequestRules.PARAMETERS) + "\n");
        assertThat(page).contains(HEADER_HEAD + rows(RequestRules.HEADERS) + "\n");
        assertThat(page.replace('\n', ' '))
                .contains(": "
                        + RequestRules.S3_SUB_RESOURCES.stream()
                                .map(name -> "`" + name + "`")
                                .collect(Collectors.joining(", "))
                        + ". ");
    }

    @Test
    void tablesInTheOpenApiDescriptionMatchTheRules() throws Exception {
        String description = new JsonObject(Files.readString(Path.of("src/main/resources/web/openapi.json")))
                .getJsonObject("info")
                .getString("description");

        assertThat(description).contains(PARAMETER_HEAD + rows(RequestRules.PARAMETERS) + "\n");
        assertThat(description).endsWith(HEADER_HEAD + rows(RequestRules.HEADERS));
    }

    private static String rows(List<RequestRules.Rule> rules) {
        return rules.stream().map(RequestRules.Rule::row).collect(Collectors.joining());
    }

    private static void accept(String method, String query, String... headers) {
        assertThatCode(() -> RequestRules.check(
                        StubRequest.of(method, KEY + query, headers).request()))
                .doesNotThrowAnyException();
    }

    private static void refuse(int status, String detail, String method, String query, String... headers) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> RequestRules.check(
                        StubRequest.of(method, KEY + query, headers).request()))
                .withMessageContaining(detail)
                .satisfies(e -> assertThat(e.status()).isEqualTo(status));
    }
}
