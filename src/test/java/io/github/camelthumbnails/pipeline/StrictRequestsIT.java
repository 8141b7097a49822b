// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Tests requests that S3 would not understand as storing or reading a whole object. The lists were taken from S3's
 * documentation, independently of the rules in the application. A rejected request must leave the object unchanged.
 */
class StrictRequestsIT {

    private static final int REQUESTS = Integer.getInteger("strict.requests", 1000);
    private static final long SEED = Long.getLong("strict.seed", 1);
    private static final String KEY = "photo.jpg";
    private static final byte[] PHOTO = "the photo that must survive".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 (\\d{3}) ");

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "upload");

    /** Query parameters of S3's operations on objects and buckets, and some that do not exist. */
    private static final String[] PARAMETERS = {
        "acl",
        "tagging",
        "tagging=",
        "%74agging",
        "versionId=null",
        "versionId=3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY",
        "partNumber=1",
        "partNumber=1&uploadId=x",
        "uploadId=x",
        "uploads",
        "torrent",
        "restore",
        "select&select-type=2",
        "retention",
        "legal-hold",
        "attributes",
        "append&position=4",
        "renameObject",
        "encryption",
        "cors",
        "policy",
        "policyStatus",
        "lifecycle",
        "versioning",
        "website",
        "notification",
        "object-lock",
        "replication",
        "ownershipControls",
        "publicAccessBlock",
        "requestPayment",
        "inventory&id=x",
        "metrics&id=x",
        "analytics&id=x",
        "intelligent-tiering&id=x",
        "accelerate",
        "logging",
        "location",
        "session",
        "delete",
        "versions",
        "list-type=2",
        "prefix=a",
        "delimiter=/",
        "max-keys=1",
        "response-content-type=text/html",
        "response-content-disposition=attachment",
        "response-cache-control=public",
        "response-expires=0",
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x&X-Amz-Date=x&X-Amz-Expires=1&X-Amz-SignedHeaders=host&X-Amz-Signature=x",
        "AWSAccessKeyId=x&Signature=x&Expires=1",
        "x-id=CopyObject",
        "x-id=UploadPart",
        "x-id=DeleteObject",
        "status",
        "status&wait=1",
        "wait=1",
        "Content-Type=text/html",
        "content-type=text/html",
        "CamelAwsS3Key=stolen",
        "CamelAwsS3ContentType=text/html",
        "Content-Length=3",
        "If-None-Match=*",
        "bucket=other",
        "key=stolen",
        "objectKey=stolen",
        "request=x",
        "cache=1",
        "utm_source=x",
        "a;tagging",
        "%",
        "=",
        "x-id=PutObject&tagging"
    };

    /** Request headers of HTTP and of S3's operations on objects that change the meaning of an upload. */
    private static final String[] HEADERS = {
        "Content-Range: bytes 6-9/10",
        "Content-Range: bytes 0-9/*",
        "content-range: x",
        "Range: bytes=6-",
        "If-Range: \"x\"",
        "If-Match: *",
        "If-Match: \"0\"",
        "If-None-Match: *",
        "If-None-Match: \"0\"",
        "If-None-Match: *\r\nIf-None-Match: \"0\"",
        "If-Modified-Since: Tue, 03 Nov 2026 08:30:00 GMT",
        "If-Unmodified-Since: Tue, 03 Nov 2020 08:30:00 GMT",
        "If: (<urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2>)",
        "Content-Type: multipart/form-data; boundary=x",
        "Content-Type: multipart/byteranges; boundary=x",
        "Content-Type: image/png\r\nContent-Type: text/html",
        "Content-Encoding: gzip",
        "Content-Encoding: aws-chunked,gzip",
        "Content-Language: ko",
        "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==",
        "Content-MD5: x",
        "Expires: 0",
        "Expect: a-miracle",
        "Upload-Complete: ?0",
        "Upload-Incomplete: ?1",
        "Upload-Offset: 4",
        "Tus-Resumable: 1.0.0",
        "X-HTTP-Method-Override: DELETE",
        "X-HTTP-Method: PATCH",
        "X-Method-Override: GET",
        "x-amz-copy-source: /originals/other",
        "x-amz-copy-source-range: bytes=0-3",
        "x-amz-copy-source-if-match: x",
        "x-amz-metadata-directive: REPLACE",
        "x-amz-tagging-directive: REPLACE",
        "x-amz-acl: public-read",
        "X-AMZ-ACL: public-read",
        "x-amz-grant-read: uri=http://acs.amazonaws.com/groups/global/AllUsers",
        "x-amz-grant-full-control: id=x",
        "x-amz-grant-write-acp: id=x",
        "x-amz-tagging: a=b",
        "x-amz-server-side-encryption: aws:kms",
        "x-amz-server-side-encryption: AES256",
        "x-amz-server-side-encryption-aws-kms-key-id: x",
        "x-amz-server-side-encryption-context: x",
        "x-amz-server-side-encryption-bucket-key-enabled: true",
        "x-amz-server-side-encryption-customer-algorithm: AES256",
        "x-amz-server-side-encryption-customer-key: x",
        "x-amz-object-lock-mode: COMPLIANCE",
        "x-amz-object-lock-retain-until-date: 2030-01-01T00:00:00Z",
        "x-amz-object-lock-legal-hold: ON",
        "x-amz-bypass-governance-retention: true",
        "x-amz-website-redirect-location: /",
        "x-amz-storage-class: GLACIER",
        "x-amz-write-offset-bytes: 4",
        "x-amz-expected-bucket-owner: 111122223333",
        "x-amz-source-expected-bucket-owner: 111122223333",
        "x-amz-mfa: 1 2",
        "x-amz-checksum-sha256: AAAA",
        "x-amz-checksum-crc32: AAAAAA==",
        "x-amz-checksum-unheard-of: x",
        "x-amz-if-match-size: 4",
        "x-amz-object-attributes: ETag",
        "x-amz-rename-source: other",
        "x-amz-meta-a: \u00e9",
        "x-amz-something-new: x",
        "Cache-Control: \u00e9",
        "Content-Disposition: attachment\r\nContent-Disposition: inline"
    };

    /** Parameters and headers that do not change the meaning of a request. */
    private static final String[] HARMLESS_PARAMETERS = {"", "x-id=PutObject", "&"};

    private static final String[] HARMLESS_HEADERS = {
        "X-Request-Id: x",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "baggage: a=b",
        "X-Forwarded-For: 127.0.0.1",
        "Via: 1.1 proxy",
        "x-amzn-trace-id: Root=1-67891233-abcdef012345678912345678",
        "amz-sdk-invocation-id: x",
        "x-amz-date: 20261128T000000Z",
        "x-amz-user-agent: x",
        "x-amz-request-payer: requester",
        "x-amz-storage-class: STANDARD",
        "Accept: */*",
        "Content-Type: image/jpeg",
        "User-Agent: x"
    };

    private final Map<String, Integer> counts = new TreeMap<>();

    @Test
    void rejectedRequestChangesNoObject() throws Exception {
        PIPELINE.upload(KEY, PHOTO, "Content-Type", "image/jpeg", "x-amz-meta-camera", "X100");
        String before = describe();
        List<String> changed = new ArrayList<>();
        List<String> accepted = new ArrayList<>();
        List<String> requests = requests();
        for (String request : requests) {
            String answer = send(request);
            Matcher status = STATUS.matcher(answer);
            String code = status.find() ? status.group(1) : "none";
            counts.merge(request.substring(0, request.indexOf(' ')) + " " + code, 1, Integer::sum);
            if (!code.matches("4\\d\\d|501")) {
                accepted.add(request + answer);
            }
            if (!describe().equals(before)) {
                changed.add(request + answer);
                PIPELINE.upload(KEY, PHOTO, "Content-Type", "image/jpeg", "x-amz-meta-camera", "X100");
            }
        }
        LoggerFactory.getLogger(StrictRequestsIT.class)
                .info(
                        "{} requests, {} parameters and {} headers of S3 and HTTP; objects changed: {}; answers: {}",
                        requests.size(),
                        PARAMETERS.length,
                        HEADERS.length,
                        changed.size(),
                        counts);

        assertThat(changed).as("requests that changed the object").isEmpty();
        assertThat(accepted).as("requests that were not rejected").isEmpty();
        assertThat(PIPELINE.keys(PIPELINE.resources.originals())).containsExactly(KEY);
        assertThat(PIPELINE.keys(PIPELINE.resources.thumbnails())).isEmpty();
    }

    @Test
    void harmlessRequestIsServed() throws Exception {
        String key = "harmless";
        for (String parameter : HARMLESS_PARAMETERS) {
            for (String header : HARMLESS_HEADERS) {
                String answer = send("PUT " + PIPELINE.path(key) + "?" + parameter
                        + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n" + header
                        + "\r\n\r\nabc");
                assertThat(answer).as(parameter + " " + header).startsWith("HTTP/1.1 200 ");
                assertThat(PIPELINE.original(key)).asString().isEqualTo("abc");
            }
        }
        PIPELINE.s3.deleteObject(
                request -> request.bucket(PIPELINE.resources.originals()).key(key));
    }

    /** Returns requests with each parameter and header for each method, and then with random combinations of them. */
    private static List<String> requests() {
        List<String> requests = new ArrayList<>();
        for (String parameter : PARAMETERS) {
            requests.add(request("PUT", parameter, List.of()));
            if (!parameter.contains("status")) {
                requests.add(request("GET", parameter, List.of()));
                requests.add(request("HEAD", parameter, List.of()));
            }
        }
        for (String header : HEADERS) {
            requests.add(request("PUT", "", List.of(header)));
        }
        while (requests.size() < REQUESTS) {
            Random random = new Random(SEED * 1_000_003 + requests.size());
            List<String> headers = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                headers.add(one(random, random.nextBoolean() ? HEADERS : HARMLESS_HEADERS));
            }
            headers.add(one(random, HEADERS));
            String parameter = one(random, random.nextBoolean() ? PARAMETERS : HARMLESS_PARAMETERS);
            requests.add(request("PUT", parameter, headers));
        }
        return requests;
    }

    private static String request(String method, String query, List<String> headers) {
        String body = method.equals("PUT") ? "<Tagging/>" : "";
        return method + " " + PIPELINE.path(KEY) + "?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n")
                + String.join(
                        "", headers.stream().map(header -> header + "\r\n").toList())
                + "\r\n"
                + body;
    }

    private static String one(Random random, String[] of) {
        return of[random.nextInt(of.length)];
    }

    /** Describes everything that an upload can change: all properties of the object, and the list of keys. */
    private static String describe() throws Exception {
        HeadObjectResponse head = PIPELINE.s3.headObject(
                request -> request.bucket(PIPELINE.resources.originals()).key(KEY));
        return head.eTag()
                + head.contentLength()
                + head.contentType()
                + head.metadata()
                + head.lastModified()
                + head.cacheControl()
                + head.contentDisposition()
                + new String(PIPELINE.original(KEY), StandardCharsets.ISO_8859_1)
                + PIPELINE.keys(PIPELINE.resources.originals());
    }

    private static String send(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", PIPELINE.httpPort)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
