// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageEventsTest {

    /** As in the S3 user guide, with made-up names. */
    private static final String RECORD = """
            {"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"ap-northeast-2",
             "eventTime":"2026-11-24T01:02:03.456Z","eventName":"ObjectCreated:Put",
             "userIdentity":{"principalId":"AIDA"},"requestParameters":{"sourceIPAddress":"127.0.0.1"},
             "responseElements":{"x-amz-request-id":"C3D13FE58DE4C810","x-amz-id-2":"FMyUVURIY8"},
             "s3":{"s3SchemaVersion":"1.0","configurationId":"uploads",
              "bucket":{"name":"originals","ownerIdentity":{"principalId":"A3NL"},"arn":"arn:aws:s3:::originals"},
              "object":{"key":"red+flower%2B%ED%95%9C/1.jpg","size":1024,"eTag":"d41d8cd98f00b204e9800998ecf8427e",
               "versionId":"096fKKXTRTtl3on89fVO.nfljtsv6qko","sequencer":"0055AED6DCD90281E5"}}}
            """;

    @Test
    void recordIsRead() throws Exception {
        assertThat(ImageEvents.read("{\"Records\":[" + RECORD + "]}"))
                .containsExactly(new ImageEvent(
                        "ObjectCreated:Put",
                        "originals",
                        "red flower+한/1.jpg",
                        "d41d8cd98f00b204e9800998ecf8427e",
                        "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                        Instant.parse("2026-11-24T01:02:03.456Z")));
    }

    @Test
    void optionalFieldsMayBeMissingAndUnknownOnesMayBeThere() throws Exception {
        String minimal = """
                {"Records":[{"eventVersion":"2.6","eventName":"s3:ObjectCreated:Copy","new":{"a":[1]},
                  "s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}
                """;

        assertThat(ImageEvents.read(minimal))
                .containsExactly(new ImageEvent("ObjectCreated:Copy", "b", "k", null, null, null));
    }

    @Test
    void recordsKeepTheirOrder() throws Exception {
        String other = RECORD.replace("1.jpg", "2.jpg").replace("ObjectCreated:Put", "ObjectRemoved:Delete");

        assertThat(ImageEvents.read("{\"Records\":[" + RECORD + "," + other + "]}"))
                .extracting(ImageEvent::created)
                .containsExactly(true, false);
    }

    @Test
    void removalsAreToldApart() throws Exception {
        for (String name : List.of("ObjectRemoved:DeleteMarkerCreated", "LifecycleExpiration:Delete")) {
            assertThat(ImageEvents.read("{\"Records\":[" + RECORD.replace("ObjectCreated:Put", name) + "]}"))
                    .allMatch(ImageEvent::removed)
                    .noneMatch(ImageEvent::created);
        }
    }

    @Test
    void testEventIsNoNewOriginal() throws Exception {
        assertThat(ImageEvents.read("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"originals\"}"))
                .containsExactly(new ImageEvent("TestEvent", "originals", "", null, null, null))
                .noneMatch(ImageEvent::created);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "[]",
                "null",
                "42",
                "{}",
                "{\"Records\":{}}",
                "{\"Records\":[{}]}",
                "{\"Records\":[null]}",
                "{\"Records\":[{\"eventVersion\":\"3.0\"}]}",
                "{\"Records\":[{\"eventVersion\":\"2.1\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{}}]}",
                "{\"Event\":\"s3:SomethingElse\"}"
            })
    void otherMessagesAreNoEvents(String message) {
        assertThatExceptionOfType(NotAnS3EventException.class)
                .isThrownBy(() -> ImageEvents.read(message))
                .withMessageStartingWith("Not an S3 event notification: ");
    }
}
