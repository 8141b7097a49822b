// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Tests that AWS SDKs with default settings can upload to the API and read from it. Those for Python and JavaScript are
 * skipped if they are not installed, except in CI.
 */
@Tag("long")
class AwsClientsIT {

    private static final String KEY = "a-key-of-this-test";
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Path SCRIPTS = Path.of("src/test/aws-clients").toAbsolutePath();

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("upload.maxBytes", "13000000");

    @TempDir
    static Path directory;

    private static final byte[] SMALL = Pictures.quarters(ImageFormat.PNG, 60, 40);
    private static final byte[] LARGE = random(12 * 1024 * 1024);
    private static final byte[] TOO_LARGE = new byte[13_000_001];

    private static String bucket;
    private static String api;
    private static String apiWithKey;

    @BeforeAll
    static void prepare() throws Exception {
        Files.write(directory.resolve("small"), SMALL);
        Files.write(directory.resolve("large"), LARGE);
        Files.write(directory.resolve("too-large"), TOO_LARGE);
        bucket = PIPELINE.resources.originals();
        api = "http://127.0.0.1:" + PIPELINE.httpPort + "/dev";
        int port = Pipeline.port(
                PIPELINE.anotherApplication(Map.of("api.keyRequired", "true", "api.keys", KEY, "app.roles", "upload")));
        apiWithKey = "http://127.0.0.1:" + port + "/dev";
    }

    @BeforeEach
    void empty() {
        PIPELINE.keys(bucket)
                .forEach(key ->
                        PIPELINE.s3.deleteObject(one -> one.bucket(bucket).key(key)));
    }

    @Test
    void sdkForJavaScriptUploadsAndReads() throws Exception {
        assumeJavaScript();
        double before = uploadRequests();

        Map<String, String> outcomes = run("node", SCRIPTS.resolve("client.mjs").toString());

        assertStored(outcomes, "small", SMALL);
        assertStored(outcomes, "large", LARGE);
        assertStored(outcomes, "file stream", LARGE);
        assertStored(outcomes, "stream", SMALL);
        assertStored(outcomes, "crc64nvme", LARGE);
        assertStored(outcomes, "crc32c", SMALL);
        assertStored(outcomes, "sha1", SMALL);
        assertStored(outcomes, "sha256", SMALL);
        assertOthers(outcomes);
        assertThat(outcomes.get("missing head")).startsWith("NotFound, 404");
        assertUploadRequests("11 uploads", before + 11);
    }

    @Test
    void boto3UploadsAndReads() throws Exception {
        assumeBoto3();
        double before = uploadRequests();

        Map<String, String> outcomes =
                run(PYTHON.toString(), SCRIPTS.resolve("client.py").toString());

        assertStored(outcomes, "small", SMALL);
        assertStored(outcomes, "large", LARGE);
        assertStored(outcomes, "file stream", LARGE);
        assertStored(outcomes, "sha1", SMALL);
        assertStored(outcomes, "sha256", SMALL);
        assertThat(PIPELINE.original("stream")).isEqualTo(SMALL);
        assertOthers(outcomes);
        assertThat(outcomes.get("missing head")).startsWith("404, 404");
        assertThat(outcomes.get("exception")).isEqualTo("NoSuchKey");
        assertThat(outcomes.get("multipart")).contains("(NotImplemented)", "raise multipart_threshold");
        assertUploadRequests("9 uploads; boto3 itself sends a body four times more after BadDigest", before + 9 + 4);
    }

    private static void assumeJavaScript() {
        boolean installed = Files.isDirectory(SCRIPTS.resolve("node_modules/@aws-sdk/client-s3"));
        if (!installed && System.getenv("CI") != null) {
            throw new IllegalStateException("CI has to run: npm install --prefix src/test/aws-clients");
        }
        assumeTrue(installed, "the SDK for JavaScript is not installed: npm install --prefix src/test/aws-clients");
    }

    private static void assumeBoto3() throws Exception {
        boolean installed = Files.isExecutable(PYTHON)
                && new ProcessBuilder(PYTHON.toString(), "-c", "import boto3")
                                .start()
                                .waitFor()
                        == 0;
        if (!installed && System.getenv("CI") != null) {
            throw new IllegalStateException("CI has to install boto3 (Debian: python3-boto3)");
        }
        assumeTrue(installed, "boto3 is not installed (Debian: python3-boto3)");
    }

    /** Returns the documented example in a language, with the names that this test uses. */
    private static String example(String language) throws Exception {
        Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/aws-clients.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static String scriptOfExample(String language) throws Exception {
        return example(language)
                .replace("http://127.0.0.1:8080/dev", apiWithKey)
                .replaceAll("([\"'])KEY\\1", "$1" + KEY + "$1")
                .replaceAll("([\"'])originals\\1", "$1" + bucket + "$1")
                .replaceAll("(open|createReadStream)\\((.)photo.jpg", "$1($2" + directory.resolve("small"));
    }

    @Test
    void exampleInPythonWorks() throws Exception {
        assumeBoto3();

        run(PYTHON.toString(), "-c", scriptOfExample("python"));

        assertThat(PIPELINE.original("photo.jpg")).isEqualTo(SMALL);
        assertThat(head("photo.jpg").contentType()).isEqualTo("image/jpeg");
    }

    @Test
    void exampleInJavaScriptWorks() throws Exception {
        assumeJavaScript();
        Files.createSymbolicLink(directory.resolve("node_modules"), SCRIPTS.resolve("node_modules"));

        run("node", "--input-type=module", "-e", scriptOfExample("js"));

        assertThat(PIPELINE.original("photo.jpg")).isEqualTo(SMALL);
    }

    @Test
    void exampleInJavaWorks() throws Exception {
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        System.setProperty("aws.region", "ap-northeast-2");
        Path photo = directory.resolve("small");
        try {
            S3Client s3 = S3Client.builder()
                    .endpointOverride(URI.create(apiWithKey))
                    .forcePathStyle(true)
                    .overrideConfiguration(client -> client.putHeader("x-api-key", KEY))
                    .build();
            s3.putObject(put -> put.bucket(bucket).key("photo.jpg"), RequestBody.fromFile(photo));
            s3.close();
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
            System.clearProperty("aws.region");
        }

        assertThat(PIPELINE.original("photo.jpg")).isEqualTo(SMALL);
        String code = example("java")
                .replaceAll("(?m)^ *//.*", "")
                .replace("\"http://127.0.0.1:8080/dev\"", "apiWithKey")
                .replace("\"KEY\"", "KEY")
                .replace("\"originals\"", "bucket")
                .replace("Path.of(\"photo.jpg\")", "photo");
        String source =
                Files.readString(Path.of("src/test/java", getClass().getName().replace('.', '/') + ".java"));
        assertThat(source.replaceAll("\\s", "")).contains(code.replaceAll("\\s", ""));
    }

    private static Map<String, String> run(String... command) throws Exception {
        Map<String, String> environment = new HashMap<>(
                Map.of("AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "local", "AWS_REGION", "ap-northeast-2"));
        environment.put("AWS_DEFAULT_REGION", "ap-northeast-2");
        environment.put("API", api);
        environment.put("API_WITH_KEY", apiWithKey);
        environment.put("API_KEY", KEY);
        environment.put("BUCKET", bucket);
        environment.put("SMALL", directory.resolve("small").toString());
        environment.put("LARGE", directory.resolve("large").toString());
        environment.put("TOO_LARGE", directory.resolve("too-large").toString());
        try (Command client = Command.start(directory, environment, List.of(command))) {
            int exitCode = client.exitCode();
            assertThat(exitCode).as(client.output()).isZero();
            Map<String, String> outcomes = new HashMap<>();
            client.output()
                    .lines()
                    .filter(line -> line.contains(": "))
                    .forEach(line -> outcomes.put(
                            line.substring(0, line.indexOf(": ")), line.substring(line.indexOf(": ") + 2)));
            return outcomes;
        }
    }

    private static void assertStored(Map<String, String> outcomes, String key, byte[] body) {
        assertThat(outcomes.get(key))
                .isEqualTo("200, 1 request, ETag " + head(key).eTag());
        assertThat(PIPELINE.original(key)).isEqualTo(body);
        assertThat(head(key).contentEncoding()).isNull();
    }

    private static HeadObjectResponse head(String key) {
        return PIPELINE.s3.headObject(one -> one.bucket(bucket).key(key));
    }

    /** Checks the results that all scripts have in common. */
    private static void assertOthers(Map<String, String> outcomes) {
        assertThat(head("small").contentType()).isEqualTo("image/png");
        assertThat(head("small").metadata()).containsExactly(Map.entry("camera", "X100"));
        assertThat(outcomes.get("wrong checksum"))
                .startsWith("BadDigest, 400, ")
                .contains("x-amz-checksum-crc32");
        assertThat(outcomes.get("too large"))
                .startsWith("EntityTooLarge, 413, ")
                .contains("upload.maxBytes");
        assertThat(outcomes.get("wrong bucket"))
                .startsWith("AccessDenied, 403, ")
                .contains(bucket);
        assertThat(outcomes.get("head")).startsWith("200, 1 request");
        assertThat(outcomes.get("get")).startsWith("200, 1 request");
        assertThat(outcomes.get("got")).isEqualTo("true");
        assertThat(outcomes.get("missing")).startsWith("NoSuchKey, 404, ");
        assertThat(outcomes.get("delete")).startsWith("MethodNotAllowed, 405, ");
        assertThat(outcomes.get("no key")).startsWith("AccessDenied, 401, ").contains("x-api-key");
        assertThat(outcomes.get("key")).startsWith("200, 1 request");
        assertThat(PIPELINE.original("key")).isEqualTo(SMALL);
        assertThat(PIPELINE.keys(bucket)).doesNotContain("wrong", "too large", "no key", "multipart");
        PIPELINE.awaitThumbnail("small");
    }

    /** Returns the number of uploads that the application without API keys has answered. */
    private static double uploadRequests() throws Exception {
        Matcher count = Pattern.compile("(?m)^camel_exchanges_total\\{.*routeId=\"upload-image\".*} (.*)$")
                .matcher(PIPELINE.observe("metrics"));
        return count.find() ? Double.parseDouble(count.group(1)) : 0;
    }

    /** An upload is counted after its response was sent. */
    private static void assertUploadRequests(String uploads, double expected) {
        Pipeline.await()
                .untilAsserted(() -> assertThat(uploadRequests())
                        .as("requests for " + uploads)
                        .isEqualTo(expected));
    }

    private static S3Client java(String endpoint) {
        return builder(endpoint).build();
    }

    private static S3ClientBuilder builder(String endpoint) {
        return S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .forcePathStyle(true)
                .region(Region.AP_NORTHEAST_2)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
    }

    @Test
    void sdkForJavaUploads() throws Exception {
        double before = uploadRequests();
        try (S3Client s3 = java(api)) {
            s3.putObject(
                    put -> put.bucket(bucket)
                            .key("a b/small")
                            .contentType("image/png")
                            .metadata(Map.of("camera", "X100")),
                    RequestBody.fromBytes(SMALL));
            s3.putObject(put -> put.bucket(bucket).key("large"), RequestBody.fromFile(directory.resolve("large")));
            s3.putObject(
                    put -> put.bucket(bucket).key("stream"), RequestBody.fromInputStream(pipe(LARGE), LARGE.length));
            s3.putObject(
                    put -> put.bucket(bucket).key("unknown length"),
                    RequestBody.fromContentProvider(() -> pipe(LARGE), "image/x-test"));
        }

        assertThat(PIPELINE.original("a b/small")).isEqualTo(SMALL);
        assertThat(head("a b/small").contentType()).isEqualTo("image/png");
        assertThat(head("a b/small").contentEncoding()).isNull();
        assertThat(head("a b/small").metadata()).containsExactly(Map.entry("camera", "X100"));
        for (String key : List.of("large", "stream", "unknown length")) {
            assertThat(PIPELINE.original(key)).as(key).isEqualTo(LARGE);
        }
        assertThat(head("unknown length").contentType()).isEqualTo("image/x-test");
        assertUploadRequests("4 uploads", before + 4);
        PIPELINE.awaitThumbnail("a b/small");
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void sdkForJavaSendsAnyChecksum(ChecksumAlgorithm algorithm) {
        try (S3Client s3 = java(api)) {
            assertThat(s3.putObject(
                                    put -> put.bucket(bucket).key("sum").checksumAlgorithm(algorithm),
                                    RequestBody.fromBytes(LARGE))
                            .eTag())
                    .isEqualTo(head("sum").eTag());
        }
        assertThat(PIPELINE.original("sum")).isEqualTo(LARGE);
    }

    @Test
    void sdkForJavaReads() throws Exception {
        PIPELINE.store("object", LARGE);
        try (S3Client s3 = java(api)) {
            assertThat(s3.getObjectAsBytes(get -> get.bucket(bucket).key("object"))
                            .asByteArray())
                    .isEqualTo(LARGE);
            assertThat(s3.headObject(head -> head.bucket(bucket).key("object")).contentLength())
                    .isEqualTo(LARGE.length);
            assertThat(s3.getObjectAsBytes(
                                    get -> get.bucket(bucket).key("object").range("bytes=0-9"))
                            .asByteArray())
                    .isEqualTo(Arrays.copyOf(LARGE, 10));
            assertThatExceptionOfType(NoSuchKeyException.class)
                    .isThrownBy(
                            () -> s3.getObjectAsBytes(get -> get.bucket(bucket).key("missing")))
                    .satisfies(e -> assertThat(e.requestId()).isNotBlank());
            assertThatExceptionOfType(NoSuchKeyException.class)
                    .isThrownBy(() -> s3.headObject(head -> head.bucket(bucket).key("missing")));
            assertRefused(
                    416,
                    "InvalidRange",
                    () -> s3.getObjectAsBytes(
                            get -> get.bucket(bucket).key("object").range("bytes=999999999-")));
            assertRefused(
                    412,
                    "PreconditionFailed",
                    () -> s3.getObjectAsBytes(
                            get -> get.bucket(bucket).key("object").ifMatch("\"other\"")));
            assertRefused(
                    304,
                    null,
                    () -> s3.getObjectAsBytes(get -> get.bucket(bucket)
                            .key("object")
                            .ifNoneMatch(head("object").eTag())));
        }
    }

    @Test
    void errorsTellTheSdkForJavaWhatToChange() throws Exception {
        double before = uploadRequests();
        try (S3Client s3 = java(api);
                S3Client otherStage = java(api.replace("/dev", "/prod"))) {
            RequestBody small = RequestBody.fromBytes(SMALL);
            assertRefused(
                    403,
                    "AccessDenied",
                    () -> s3.putObject(put -> put.bucket("other").key("a"), small));
            assertRefused(
                    404,
                    "NoSuchBucket",
                    () -> otherStage.putObject(put -> put.bucket(bucket).key("a"), small));
            assertRefused(
                    413,
                    "EntityTooLarge",
                    () -> s3.putObject(put -> put.bucket(bucket).key("a"), RequestBody.fromBytes(TOO_LARGE)));
            assertRefused(
                    400,
                    "InvalidArgument",
                    () -> s3.putObject(put -> put.bucket(bucket).key("a"), RequestBody.empty()));
            assertRefused(
                    400,
                    "BadDigest",
                    () -> s3.putObject(put -> put.bucket(bucket).key("a").checksumSHA256("A".repeat(43) + "="), small));
            assertRefused(
                    400,
                    "BadDigest",
                    () -> s3.putObject(put -> put.bucket(bucket).key("a").checksumCRC64NVME("AAAAAAAAAAA="), small));
            assertUploadRequests("6 uploads", before + 6);
            assertRefused(
                    405,
                    "MethodNotAllowed",
                    () -> s3.deleteObject(one -> one.bucket(bucket).key("a")));
            assertRefused(
                    501,
                    "NotImplemented",
                    () -> s3.createMultipartUpload(one -> one.bucket(bucket).key("a")));
            assertRefused(400, "InvalidArgument", () -> s3.listObjectsV2(list -> list.bucket(bucket)));
        }
        assertThat(PIPELINE.keys(bucket)).doesNotContain("a");
    }

    @Test
    void sdkForJavaSendsTheKey() {
        try (S3Client without = java(apiWithKey);
                S3Client with = builder(apiWithKey)
                        .overrideConfiguration(client -> client.putHeader("x-api-key", KEY))
                        .build()) {
            assertRefused(
                    401,
                    "AccessDenied",
                    () -> without.putObject(put -> put.bucket(bucket).key("a"), RequestBody.fromBytes(SMALL)));
            with.putObject(put -> put.bucket(bucket).key("key"), RequestBody.fromBytes(SMALL));
        }
        assertThat(PIPELINE.original("key")).isEqualTo(SMALL);
    }

    private static void assertRefused(int status, String code, Runnable request) {
        assertThatExceptionOfType(S3Exception.class)
                .isThrownBy(request::run)
                .satisfies(e -> assertThat(e.statusCode()).as(e.getMessage()).isEqualTo(status))
                .satisfies(e -> assertThat(
                                code == null ? null : e.awsErrorDetails().errorCode())
                        .isEqualTo(code))
                .extracting(SdkException::numAttempts)
                .isEqualTo(1);
    }

    /** Returns a stream that can be read only once and has no known length. */
    private static InputStream pipe(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int available() {
                return 0;
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
