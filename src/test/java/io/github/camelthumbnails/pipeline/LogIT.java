// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Tests the log of a process that runs with the application's own log configuration. */
class LogIT {

    @RegisterExtension
    static final Pipeline PIPELINE =
            new Pipeline().withoutApplication().withShortTimes().with("app.roles", "thumbnail");

    /** Control characters except NUL, line separators and bidirectional controls. */
    private static final String UNSAFE = IntStream.of(
                    0x1B, 0x01, 0x07, 0x08, 0x09, 0x0A, 0x0D, 0x7F, 0x80, 0x85, 0x9B, 0x61C, 0x200E, 0x200F, 0x2028,
                    0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069)
            .mapToObj(Character::toString)
            .collect(Collectors.joining());

    @TempDir
    static Path directory;

    private static Command start() throws Exception {
        return PIPELINE.process(
                directory,
                "-Dlog4j2.configurationFile="
                        + Path.of("src/main/resources/log4j2.properties").toUri());
    }

    @Test
    void keyCannotForgeLogLines() throws Exception {
        String key = "한국어 " + UNSAFE + "12:00:00.000 INFO  forged.jpg";
        PIPELINE.store(key, "no picture".getBytes(StandardCharsets.UTF_8));

        try (Command worker = start()) {
            worker.awaitOutput("forged.jpg: UnsupportedFormat");

            assertThat(worker.output().split("\n"))
                    .filteredOn(line -> line.contains("forged"))
                    .singleElement()
                    .asString()
                    .matches("[\\dTZ:.-]{24} WARN  outcomes  .*UnsupportedFormat: The first bytes are not .*");
            assertThat(worker.output()).contains("No thumbnail of 한국어 \\u001B\\u0001\\u0007\\u0008\\t\\n\\r\\u007F");
            for (String unsafe : UNSAFE.replaceAll("[\n\t]", "").split("")) {
                assertThat(worker.output()).doesNotContain(unsafe);
            }
            worker.stop(); // or its last poll could receive the message of the next test
        }
    }

    @Test
    void malformedRecordIsLoggedOncePerReceiveAndMovesToTheDeadLetterQueue() throws Exception {
        PIPELINE.store("good.jpg", Original.picture(new Random(1)).bytes());
        String bucket = PIPELINE.resources.originals();

        try (Command worker = start()) {
            PIPELINE.awaitItem("good.jpg"); // by its own event
            PIPELINE.awaitNoEvents();
            PIPELINE.dynamoDb.deleteItem(request -> request.tableName(PIPELINE.resources.table())
                    .key(Map.of("name", AttributeValue.fromS("good.jpg"))));

            PIPELINE.send("{\"Records\":[" + PIPELINE.record("ObjectCreated:Put", bucket, "") + ","
                    + PIPELINE.record("ObjectCreated:Put", bucket, "good.jpg") + "]}");

            PIPELINE.awaitItem("good.jpg");
            Pipeline.await().until(() -> PIPELINE.count(PIPELINE.resources.dead()) == 1);
            assertThat(worker.output().split("\n"))
                    .filteredOn(line -> line.contains("NotAnS3Event") || line.contains("s3.object.key"))
                    .hasSize(maxReceiveCount())
                    .allMatch(line -> line.contains(" WARN  outcomes "));
        }
    }

    private static int maxReceiveCount() {
        String url = PIPELINE.url(PIPELINE.resources.events());
        String policy = PIPELINE.sqs
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.REDRIVE_POLICY))
                .attributes()
                .get(QueueAttributeName.REDRIVE_POLICY);
        return Integer.parseInt(
                new JsonObject(policy).getValue("maxReceiveCount").toString());
    }
}
