// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.github.camelthumbnails.localaws.AwsEndpoint;
import io.github.camelthumbnails.localaws.FreePort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Runs what the README's run command starts: local AWS, the application and the banner that names both. */
@Tag("long")
class LocalRunIT {

    private final int awsPort = FreePort.next();
    private final int httpPort = FreePort.next();
    private final String endpoint = "http://127.0.0.1:" + awsPort;

    @Test
    void startsPrintsItsBannerStopsAndKeepsStoredData(@TempDir Path directory) throws Exception {
        byte[] photo = Pictures.quarters(ImageFormat.JPEG, 20, 10);
        try (Command run = run(directory)) {
            run.awaitOutput("curl -i -T");
            assertThat(run.output())
                    .contains(
                            "page      http://127.0.0.1:" + httpPort + "/\n",
                            "API       PUT http://127.0.0.1:" + httpPort + "/dev/originals/{key}",
                            "curl -i -T docs/page.png http://127.0.0.1:" + httpPort + "/dev/originals/page.png",
                            "Local AWS is at " + endpoint,
                            "originals, thumbnails",
                            "image-events, image-failures, image-events-dead",
                            "tables    thumbnails, failures",
                            "aws --endpoint-url " + endpoint + " s3 ls --recursive s3://thumbnails",
                            "aws --endpoint-url " + endpoint + " sqs receive-message --message-attribute-names All",
                            "$(aws --endpoint-url " + endpoint
                                    + " sqs get-queue-url --queue-name image-failures --query QueueUrl --output text)");
            assertThat(Path.of("docs/page.png")).as("the file to upload").isRegularFile();
            assertThat(run.output()).doesNotContain("0.0.0.0");

            URI uri = URI.create("http://127.0.0.1:" + httpPort + "/dev/originals/photo.jpg");
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(uri)
                                    .PUT(HttpRequest.BodyPublishers.ofByteArray(photo))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThumbnail();
            run.awaitOutput("Thumbnail of photo.jpg");
            assertThat(run.output()
                            .replaceFirst("(?s).*curl -i -T [^\n]*", "")
                            .strip()
                            .lines())
                    .as("logged after the banner")
                    .hasSize(2) // the upload and its thumbnail
                    .allMatch(line -> line.contains("key=photo.jpg"));

            assertThat(run.stop()).isEqualTo(143);
            assertThat(run.output())
                    .contains("Stopped. Stored data is kept in .local-aws")
                    .doesNotContain("ERROR");
        }

        try (Command again = run(directory, "aws")) {
            again.awaitOutput("Use the aws command");
            assertThat(again.output()).doesNotContain("camel-thumbnails is running");
            assertThumbnail();
        }
    }

    @Test
    void portInUseIsReported(@TempDir Path directory, @TempDir Path other) throws Exception {
        try (Command first = run(directory, "aws")) {
            first.awaitOutput("Use the aws command");
            try (Command second = run(other, "aws")) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.output()).contains("camel-thumbnails did not start: Port " + awsPort + " is in use");
            }
        }
    }

    @Test
    void portInUseByAnotherApplicationIsReported(@TempDir Path directory) throws Exception {
        try (ServerSocket other = new ServerSocket(httpPort, 1, InetAddress.getByName("127.0.0.1"));
                Command run = run(directory)) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.output())
                    .contains("camel-thumbnails did not start: Port " + httpPort + " is in use. Set HTTP_PORT");
        }
    }

    private Command run(Path directory, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of("-cp", System.getProperty("java.class.path"), "io.github.camelthumbnails.localaws.LocalRun"));
        command.addAll(List.of(arguments));
        return Command.java(
                directory,
                Map.of(
                        "AWS_ENDPOINT",
                        endpoint,
                        "HTTP_PORT",
                        String.valueOf(httpPort),
                        "MANAGEMENT_PORT",
                        String.valueOf(FreePort.next())),
                command);
    }

    private void assertThumbnail() {
        try (S3Client s3 = new AwsEndpoint(endpoint, "ap-northeast-2").s3()) {
            Pipeline.await()
                    .ignoreException(NoSuchKeyException.class)
                    .untilAsserted(() -> assertThat(Pictures.decode(s3.getObjectAsBytes(request ->
                                                    request.bucket("thumbnails").key("resized-photo.jpg"))
                                            .asByteArray())
                                    .getWidth())
                            .isEqualTo(10));
        }
    }
}
