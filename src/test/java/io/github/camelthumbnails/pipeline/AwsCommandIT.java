// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests the application with the AWS command line. Skipped if it is not installed, except in CI. */
@Tag("long")
class AwsCommandIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    /** Paths of the command. Debian's comes first, because it is older and uses the older protocol of SQS. */
    private static final List<String> COMMANDS = List.of("/usr/bin/aws", "/usr/local/bin/aws", "/opt/homebrew/bin/aws");

    private static String aws;

    @TempDir
    static Path directory;

    /** The tests share a directory, but not what one of them configures. */
    @BeforeEach
    void forgetConfiguration() throws IOException {
        Files.deleteIfExists(directory.resolve("config"));
    }

    @BeforeAll
    static void findCommand() {
        aws = COMMANDS.stream()
                .filter(command -> Files.isExecutable(Path.of(command)))
                .findFirst()
                .orElse(null);
        if (aws == null && System.getenv("CI") != null) {
            throw new IllegalStateException("CI has to install the aws command (Debian: awscli)");
        }
        assumeTrue(aws != null, "the aws command is not installed");
    }

    @Test
    void commandsOfTheReadmeWork() throws Exception {
        Files.write(directory.resolve("photo.jpg"), Pictures.quarters(ImageFormat.JPEG, 200, 100));
        run("s3", "cp", "photo.jpg", "s3://" + PIPELINE.resources.originals() + "/by aws/photo.jpg");
        PIPELINE.awaitItem("by aws/photo.jpg");

        assertThat(run("s3", "ls", "--recursive", "s3://" + PIPELINE.resources.thumbnails()))
                .contains("resized-by aws/photo.jpg");
        run("s3", "cp", "s3://" + PIPELINE.resources.thumbnails() + "/resized-by aws/photo.jpg", "small.jpg");
        assertThat(Pictures.decode(Files.readAllBytes(directory.resolve("small.jpg")))
                        .getWidth())
                .isEqualTo(100);
        assertThat(run("dynamodb", "scan", "--table-name", PIPELINE.resources.table()))
                .contains("\"S\": \"by aws/photo.jpg\"")
                .contains("\"N\": \"100\"");
        assertThat(run("s3api", "get-bucket-notification-configuration", "--bucket", PIPELINE.resources.originals()))
                .contains("s3:ObjectCreated:*");
    }

    @Test
    void s3CommandsReadFromTheApplication() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.JPEG, 200, 100);
        PIPELINE.upload("by s3api.jpg", photo, "x-amz-meta-camera", "X100");
        String api = "http://127.0.0.1:" + PIPELINE.httpPort + "/dev";
        List<String> object = List.of("--bucket", PIPELINE.resources.originals(), "--key", "by s3api.jpg");

        assertThat(s3api(api, "head-object", object))
                .contains("\"ContentLength\": " + photo.length)
                .contains("X100");
        s3api(api, "get-object", object, "--range", "bytes=0-7", "first-bytes");
        assertThat(Files.readAllBytes(directory.resolve("first-bytes"))).isEqualTo(Arrays.copyOf(photo, 8));
    }

    @Test
    void s3CommandsUploadToTheApplication() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.BMP, 2000, 1600); // 9.6 MB
        Files.write(directory.resolve("photo.bmp"), photo);
        Files.write(directory.resolve("limit"), new byte[105_000_000]);
        String bucket = PIPELINE.resources.originals();
        String api = "http://127.0.0.1:" + PIPELINE.httpPort + "/dev";
        double before = uploadRequests();

        assertThat(s3api(api, "put-object", List.of("--bucket", bucket, "--key", "put.bmp", "--body", "photo.bmp")))
                .contains("ETag");
        assertThat(refused(api, "s3", "cp", "photo.bmp", "s3://" + bucket + "/cp.bmp"))
                .contains("(NotImplemented)", "multipart_threshold");
        runAt(api, "configure", "set", "s3.multipart_threshold", "100MB");
        runAt(api, "s3", "cp", "photo.bmp", "s3://" + bucket + "/cp.bmp");

        assertThat(PIPELINE.original("put.bmp")).isEqualTo(photo);
        assertThat(PIPELINE.original("cp.bmp")).isEqualTo(photo);
        PIPELINE.awaitThumbnail("cp.bmp");
        assertUploadRequests("two uploads", before + 2);
        assertThat(refused(api, "s3api", "put-object", "--bucket", "other", "--key", "a", "--body", "photo.bmp"))
                .contains("(AccessDenied)", "with the bucket " + bucket);
        assertThat(refused(api, "s3api", "put-object", "--bucket", bucket, "--key", "a", "--body", "limit"))
                .contains("(EntityTooLarge)", "upload.maxBytes");
        assertThat(refused(api, "s3api", "get-object", "--bucket", bucket, "--key", "missing", "out"))
                .contains("(NoSuchKey)");
        assertThat(refused(api, "s3api", "head-object", "--bucket", bucket, "--key", "missing"))
                .contains("(404)");
        assertThat(refused(api, "s3", "rm", "s3://" + bucket + "/put.bmp")).contains("(MethodNotAllowed)");
        assertThat(refused(api, "s3", "ls", "s3://" + bucket)).contains("(InvalidArgument)");
        assertUploadRequests("two more", before + 4);
    }

    @Test
    void examplesOfTheDocsWork() throws Exception {
        Files.write(directory.resolve("photo.jpg"), Pictures.quarters(ImageFormat.JPEG, 200, 100));
        PIPELINE.store("photo.jpg", Files.readAllBytes(directory.resolve("photo.jpg")));
        PIPELINE.awaitThumbnail("photo.jpg");
        StringBuilder script = new StringBuilder("set -e\naws() { " + aws + " \"$@\"; }\n");
        Matcher block = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/aws-clients.md")));
        while (block.find()) {
            script.append(block.group(1));
        }
        assertThat(script).contains("put-object", "s3 cp");

        start(
                "bash",
                "-c",
                script.toString()
                        .replace("http://127.0.0.1:8080", "http://127.0.0.1:" + PIPELINE.httpPort)
                        .replaceAll("\\boriginals\\b", PIPELINE.resources.originals())
                        .replaceAll("\\bthumbnails\\b", PIPELINE.resources.thumbnails()));

        assertThat(Pictures.decode(Files.readAllBytes(directory.resolve("thumbnail.jpg")))
                        .getWidth())
                .isEqualTo(100);
    }

    /** An upload is counted after its response was sent. */
    private static void assertUploadRequests(String uploads, double expected) {
        Pipeline.await()
                .untilAsserted(() -> assertThat(uploadRequests())
                        .as(uploads + ", none repeated")
                        .isEqualTo(expected));
    }

    private static double uploadRequests() throws Exception {
        Matcher count = Pattern.compile("(?m)^camel_exchanges_total\\{.*routeId=\"upload-image\".*} (.*)$")
                .matcher(PIPELINE.observe("metrics"));
        return count.find() ? Double.parseDouble(count.group(1)) : 0;
    }

    @Test
    void failureMessageHasItsReason() throws Exception {
        PIPELINE.upload("text.jpg", "text".getBytes(StandardCharsets.UTF_8));
        Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.failures()) == 1);
        Matcher block = Pattern.compile("```sh\n(aws [^`]*?sqs receive-message [^`]*)```")
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();

        String command = block.group(1)
                .replace("http://127.0.0.1:4566", PIPELINE.endpoint())
                .replace("image-failures", PIPELINE.resources.failures());

        assertThat(start("sh", "-c", "aws() { " + aws + " \"$@\"; }\n" + command))
                .contains("\"Body\": \"text.jpg\"")
                .contains("\"StringValue\": \"UnsupportedFormat\"");
    }

    @Test
    void originalIsReprocessedWithTheCommandOfTheDocs() throws Exception {
        PIPELINE.upload("photo.jpg", Pictures.quarters(ImageFormat.JPEG, 20, 20));
        PIPELINE.awaitItem("photo.jpg");
        run("s3", "rm", "s3://" + PIPELINE.resources.thumbnails() + "/resized-photo.jpg");
        Matcher command = Pattern.compile("aws sqs send-message .*?--message-body '(.*?)'", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/repair.md")));
        assertThat(command.find()).isTrue();

        String url = run("sqs", "get-queue-url", "--output", "text", "--queue-name", PIPELINE.resources.events());
        String body = command.group(1).replace("\"originals\"", "\"" + PIPELINE.resources.originals() + "\"");
        run("sqs", "send-message", "--queue-url", url.strip(), "--message-body", body);

        PIPELINE.awaitThumbnail("photo.jpg");
    }

    @Test
    void multipartUploadBecomesAThumbnail() throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.BMP, 2000, 1600); // 9.6 MB: two parts
        Files.write(directory.resolve("large.bmp"), photo);

        run("s3", "cp", "large.bmp", "s3://" + PIPELINE.resources.originals() + "/large.bmp");

        assertThat(Pictures.decode(PIPELINE.awaitThumbnail("large.bmp").asByteArray())
                        .getWidth())
                .isEqualTo(1000);
    }

    private static String s3api(String endpoint, String operation, List<String> object, String... more)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of("s3api", operation));
        arguments.addAll(object);
        arguments.addAll(List.of(more));
        return runAt(endpoint, arguments.toArray(String[]::new));
    }

    private static String run(String... arguments) throws Exception {
        return runAt(PIPELINE.endpoint(), arguments);
    }

    private static String runAt(String endpoint, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(aws, "--endpoint-url", endpoint));
        command.addAll(List.of(arguments));
        return start(command.toArray(String[]::new));
    }

    private static String start(String... command) throws Exception {
        return start(true, List.of(command));
    }

    private static String refused(String endpoint, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(aws, "--endpoint-url", endpoint));
        command.addAll(List.of(arguments));
        return start(false, command);
    }

    private static String start(boolean succeeds, List<String> command) throws Exception {
        Map<String, String> environment = Map.of(
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local",
                "AWS_DEFAULT_REGION",
                "ap-northeast-2",
                "AWS_CONFIG_FILE",
                directory.resolve("config").toString());
        try (Command run = Command.start(directory, environment, command)) {
            assertThat(run.exitCode() == 0).as(run.output()).isEqualTo(succeeds);
            return run.output();
        }
    }
}
