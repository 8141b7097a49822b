// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.github.camelthumbnails.event.ImageEvent.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageEventsTest {

    /** Example of the S3 user guide, with other names. */
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

    /** Example of the S3 user guide, with other names. */
    private static final String EVENT_BRIDGE = """
            {"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"Object Created","source":"aws.s3",
             "account":"111122223333","time":"2026-11-24T01:02:03Z","region":"ap-northeast-2",
             "resources":["arn:aws:s3:::originals"],
             "detail":{"version":"0","bucket":{"name":"originals"},
              "object":{"key":"red flower+%2B한/1.jpg","size":5,"etag":"b1946ac92492d2347c6235b4d2611184",
               "version-id":"IYV3p45BT0ac8hjHg1houSdS1a.Mro8e","sequencer":"617f08299329d189"},
              "request-id":"N4N7GDK58NMKJ12R","requester":"123456789012","source-ip-address":"1.2.3.4",
              "reason":"PutObject"}}
            """;

    static Stream<String> keys() {
        return Stream.of(
                "plain.jpg",
                "in/folders/and//more.jpg",
                "a+b c.jpg",
                "100% sure.jpg",
                "50%25.jpg",
                "%ED%95%9C.jpg",
                "한국어 사진.jpg",
                "q?a=b&c=d#e;f.jpg",
                "quote\"'\\.jpg",
                "😀👨‍👩‍👧.jpg",
                "${env:HOME}.jpg",
                "line\nbreak\u0085\u001b[2J\u202e.jpg");
    }

    @Test
    void recordIsParsed() throws Exception {
        assertThat(ImageEvents.read("{\"Records\":[" + RECORD + "]}"))
                .containsExactly(ImageEvent.of(
                        Kind.CREATED,
                        "ObjectCreated:Put",
                        "originals",
                        "red flower+한/1.jpg",
                        "d41d8cd98f00b204e9800998ecf8427e",
                        "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                        Instant.parse("2026-11-24T01:02:03.456Z")));
    }

    @Test
    void keyOfEventBridgeIsNotDecoded() throws Exception {
        assertThat(ImageEvents.read(EVENT_BRIDGE))
                .containsExactly(ImageEvent.of(
                        Kind.CREATED,
                        "Object Created",
                        "originals",
                        "red flower+%2B한/1.jpg",
                        "b1946ac92492d2347c6235b4d2611184",
                        "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
                        Instant.parse("2026-11-24T01:02:03Z")));
    }

    @Test
    void snsEnvelopeIsRemoved() throws Exception {
        for (String message : List.of("{\"Records\":[" + RECORD + "," + RECORD + "]}", EVENT_BRIDGE)) {
            List<ImageEvent> events = ImageEvents.read(message);

            assertThat(ImageEvents.read(sns(message))).isEqualTo(events);
            assertThat(ImageEvents.read(sns(sns(message)))).isEqualTo(events);
        }
    }

    @ParameterizedTest
    @MethodSource("keys")
    void keyIsTheSameInEveryEnvelope(String key) throws Exception {
        String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8);
        String aws = s3("ObjectCreated:Put", encoded.replace("%2F", "/"));
        String minioAndMoto = s3("s3:ObjectCreated:Put", encoded);
        String eventBridge = eventBridge("Object Created", key);

        for (String message : List.of(aws, minioAndMoto, eventBridge, sns(aws), sns(eventBridge))) {
            assertThat(ImageEvents.read(message)).singleElement().satisfies(event -> {
                assertThat(event.key()).isEqualTo(key);
                assertThat(event.bucket()).isEqualTo("originals");
                assertThat(event.created()).isTrue();
            });
        }
    }

    /** Keys as the emulator floci sends them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain/key.jpg",
                "100%.jpg",
                "100%zz.jpg",
                "100% sure+more.jpg",
                "50%25 off.jpg",
                "한국어 a+b.jpg",
                "%FF.jpg",
                "q?a=b&c.jpg"
            })
    void unencodedKeyIsNotDecoded(String key) throws Exception {
        assertThat(ImageEvents.read(s3("ObjectCreated:Put", key)))
                .extracting(ImageEvent::key)
                .containsExactly(key);
    }

    /** A raw key that looks encoded is decoded, because S3 always encodes keys. */
    @Test
    void plusSignIsDecodedAsASpace() throws Exception {
        assertThat(ImageEvents.read(s3("ObjectCreated:Put", "a+b%41.jpg")))
                .extracting(ImageEvent::key)
                .containsExactly("a bA.jpg");
    }

    @Test
    void longKeyIsDecoded() throws Exception {
        assertThat(ImageEvents.read(s3("ObjectCreated:Put", "%41".repeat(300_000))))
                .extracting(ImageEvent::key)
                .containsExactly("A".repeat(300_000));
    }

    @Test
    void optionalFieldsMayBeMissingAndUnknownFieldsAreIgnored() throws Exception {
        String minimal = """
                {"Records":[{"eventName":"s3:ObjectCreated:Copy","new":{"a":[1]},
                  "s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}
                """;
        String minimalOfEventBridge = """
                {"detail-type":"Object Created","detail":{"bucket":{"name":"b"},"object":{"key":"k"}}}
                """;

        assertThat(ImageEvents.read(minimal))
                .containsExactly(ImageEvent.of(Kind.CREATED, "ObjectCreated:Copy", "b", "k", null, null, null));
        assertThat(ImageEvents.read(minimalOfEventBridge))
                .containsExactly(ImageEvent.of(Kind.CREATED, "Object Created", "b", "k", null, null, null));
    }

    /** The values are invalid as attributes of the failure message, and not required. */
    @Test
    void invalidOptionalFieldsAreIgnored() throws Exception {
        String odd = """
                {"Records":[{"eventVersion":{},"eventTime":1764000000,"eventName":"ObjectCreated:Put","userIdentity":"me",
                  "responseElements":null,"requestParameters":[],"awsRegion":7,"s3":{"bucket":{"name":"b","arn":{}},
                   "object":{"key":"k","size":"many","eTag":["e"],"versionId":"\\u0001\\ud800","sequencer":12}}}]}
                """;

        assertThat(ImageEvents.read(odd))
                .containsExactly(ImageEvent.of(Kind.CREATED, "ObjectCreated:Put", "b", "k", null, null, null));
        assertThat(ImageEvents.read(s3("ObjectCreated:Put", "k").replace("\"key\"", "\"eTag\":\"\\\"e1\\\"\",\"key\"")))
                .as("an entity tag in quotes, as in the HTTP header")
                .extracting(ImageEvent::eTag)
                .containsExactly("e1");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-27T10:00:00.123Z, 2026-11-27T10:00:00.123Z",
        "2026-11-27T10:00:00.123456, 2026-11-27T10:00:00.123456Z", // moto
        "2026-11-27T10:00:00, 2026-11-27T10:00:00Z",
        "2026-11-27T19:00:00+09:00, 2026-11-27T10:00:00Z",
        "yesterday,",
        "2026-11-27,",
        "'',"
    })
    void timeWithoutZoneIsUtcAndInvalidTimeIsIgnored(String written, Instant time) throws Exception {
        assertThat(ImageEvents.read("{\"Records\":[" + RECORD.replace("2026-11-24T01:02:03.456Z", written) + "]}"))
                .extracting(ImageEvent::time)
                .containsExactly(time);
    }

    @Test
    void orderOfRecordsIsKept() throws Exception {
        String other = RECORD.replace("1.jpg", "2.jpg").replace("ObjectCreated:Put", "ObjectRemoved:Delete");

        assertThat(ImageEvents.read("{\"Records\":[" + RECORD + "," + other + "]}"))
                .extracting(ImageEvent::kind)
                .containsExactly(Kind.CREATED, Kind.REMOVED);
    }

    @ParameterizedTest
    @CsvSource({
        "ObjectCreated:Put, CREATED",
        "ObjectCreated:Post, CREATED",
        "ObjectCreated:Copy, CREATED",
        "s3:ObjectCreated:CompleteMultipartUpload, CREATED",
        "ObjectRestore:Completed, RESTORED",
        "ObjectRestore:Post, OTHER",
        "ObjectRestore:Delete, OTHER",
        "ObjectRemoved:Delete, REMOVED",
        "ObjectRemoved:DeleteMarkerCreated, REMOVED",
        "s3:LifecycleExpiration:Delete, REMOVED",
        "LifecycleExpiration:DeleteMarkerCreated, REMOVED",
        "ObjectTagging:Put, OTHER",
        "ReducedRedundancyLostObject, OTHER"
    })
    void kindFollowsFromTheEventName(String name, Kind kind) throws Exception {
        assertThat(ImageEvents.read(s3(name, "k"))).extracting(ImageEvent::kind).containsExactly(kind);
    }

    /**
     * In a bucket with versions a removal leaves a delete marker. The version in the event is that of the marker, which has no
     * bytes, so it is only a hint to look at the key.
     */
    @Test
    void deleteMarkerIsARemoval() throws Exception {
        String record = RECORD.replace("ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated")
                .replace("\"size\":1024,", "");
        String eventBridge = EVENT_BRIDGE
                .replace("Object Created", "Object Deleted")
                .replace("\"size\":5,", "")
                .replace(
                        "\"reason\":\"PutObject\"",
                        "\"reason\":\"DeleteObject\",\"deletion-type\":\"Delete Marker Created\"");

        assertThat(ImageEvents.read("{\"Records\":[" + record + "]}"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.removed()).isTrue();
                    assertThat(event.key()).isEqualTo("red flower+한/1.jpg");
                    assertThat(event.versionId()).isEqualTo("096fKKXTRTtl3on89fVO.nfljtsv6qko");
                });
        assertThat(ImageEvents.read(eventBridge)).singleElement().satisfies(event -> {
            assertThat(event.removed()).isTrue();
            assertThat(event.key()).isEqualTo("red flower+%2B한/1.jpg");
            assertThat(event.versionId()).isEqualTo("IYV3p45BT0ac8hjHg1houSdS1a.Mro8e");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "Object Created, CREATED",
        "Object Restore Completed, RESTORED",
        "Object Deleted, REMOVED",
        "Object Restore Initiated, OTHER",
        "Object Tags Added, OTHER",
    })
    void kindFollowsFromTheDetailType(String name, Kind kind) throws Exception {
        assertThat(ImageEvents.read(eventBridge(name, "k")))
                .extracting(ImageEvent::kind)
                .containsExactly(kind);
    }

    /** A restored original gets a thumbnail, like a new one. */
    @Test
    void predicatesFollowFromTheKind() throws Exception {
        assertThat(ImageEvents.read(s3("ObjectRestore:Completed", "k")))
                .allMatch(ImageEvent::created)
                .noneMatch(ImageEvent::removed);
        assertThat(ImageEvents.read(s3("ObjectRemoved:Delete", "k")))
                .allMatch(ImageEvent::removed)
                .noneMatch(ImageEvent::created);
        assertThat(ImageEvents.read(s3("ObjectTagging:Put", "k")))
                .noneMatch(event -> event.created() || event.removed() || event.folder() || event.malformed());
    }

    @ParameterizedTest
    @CsvSource({
        "a/, 0, FOLDER",
        "a/, '\"0\"', FOLDER",
        "a/, 1, CREATED",
        "a/, , CREATED",
        "a/, null, CREATED",
        "a/, '\"\"', CREATED",
        "a, 0, CREATED"
    })
    void emptyObjectWithATrailingSlashIsAFolder(String key, String size, Kind kind) throws Exception {
        String field = size == null ? "" : "\"size\":" + size + ",";
        String s3 = s3("ObjectCreated:Put", key).replace("\"key\"", field + "\"key\"");
        String eventBridge = eventBridge("Object Created", key).replace("\"key\"", field + "\"key\"");

        for (String message : List.of(s3, eventBridge)) {
            assertThat(ImageEvents.read(message)).extracting(ImageEvent::kind).containsExactly(kind);
        }
    }

    @Test
    void removedFolderIsARemoval() throws Exception {
        assertThat(ImageEvents.read(s3("ObjectRemoved:Delete", "a/").replace("\"key\"", "\"size\":0,\"key\"")))
                .allMatch(ImageEvent::removed);
    }

    @Test
    void testEventIsRecognised() throws Exception {
        String test = """
                {"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-24T01:02:03.456Z","Bucket":"originals",
                 "RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR"}
                """;

        for (String message : List.of(test, sns(test))) {
            assertThat(ImageEvents.read(message)).singleElement().satisfies(event -> {
                assertThat(event.kind()).isEqualTo(Kind.TEST);
                assertThat(event.created()).isFalse();
                assertThat(event.summary())
                        .isEqualTo("the S3 test event of bucket originals: S3 is able to send events to the queue");
            });
        }
    }

    @Test
    void messageWithoutRecordsIsRecognised() throws Exception {
        for (String message : List.of("{\"Records\":[]}", sns("{\"Records\":[]}"))) {
            assertThat(ImageEvents.read(message)).extracting(ImageEvent::kind).containsExactly(Kind.EMPTY);
        }
    }

    @Test
    void subscriptionMessageSaysWhatToDo() throws Exception {
        JsonObject confirmation = new JsonObject()
                .put("Type", "SubscriptionConfirmation")
                .put("MessageId", "165545c9-2a5c-472c-8df2-7ff2be2b3b1b")
                .put("Token", "2336412f37")
                .put("TopicArn", "arn:aws:sns:ap-northeast-2:123456789012:uploads")
                .put("Message", "You have chosen to subscribe to the topic")
                .put("SubscribeURL", "https://sns.ap-northeast-2.amazonaws.com/?Action=ConfirmSubscription");

        assertThat(ImageEvents.read(confirmation.encode())).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(Kind.SUBSCRIPTION);
            assertThat(event.summary())
                    .contains("aws sns confirm-subscription"
                            + " --topic-arn arn:aws:sns:ap-northeast-2:123456789012:uploads --token 2336412f37");
        });
        assertThat(ImageEvents.read(confirmation.put("Token", "1; rm -rf /").encode()))
                .as("no command with unsafe characters")
                .singleElement()
                .satisfies(event -> assertThat(event.summary()).doesNotContain("rm -rf"));
        assertThat(ImageEvents.read(
                        confirmation.put("Type", "UnsubscribeConfirmation").encode()))
                .singleElement()
                .satisfies(event -> assertThat(event.summary()).contains("subscribe the queue again"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "[]",
                "\"text\"",
                "{\"eventName\":\"ObjectCreated:Put\",\"s3\":{}}",
                "{\"eventName\":\"ObjectCreated:Put\",\"s3\":[]}",
                "{\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}",
                "{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{}}}",
                "{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"\"}}}",
                "{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":7}}}",
                "{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"\"},\"object\":{\"key\":\"k\"}}}",
                "{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"\\ud800\"}}}",
                "{\"eventVersion\":\"3.0\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"b\"},\"object\":{\"key\":\"k\"}}}"
            })
    void malformedRecordComesFirstAndTheOthersAreParsed(String malformed) throws Exception {
        List<ImageEvent> events = ImageEvents.read("{\"Records\":[" + RECORD + "," + malformed + "," + RECORD + "]}");

        assertThat(events).extracting(ImageEvent::kind).containsExactly(Kind.MALFORMED, Kind.CREATED, Kind.CREATED);
        assertThat(events.get(0).summary()).startsWith("record 2 of 3: ");
    }

    @Test
    void summaryOfAMalformedRecordNamesTheMissingField() throws Exception {
        assertThat(ImageEvents.read(s3("ObjectCreated:Put", "")))
                .extracting(ImageEvent::summary)
                .containsExactly("record 1 of 1: s3.object.key is missing or empty");
        assertThat(ImageEvents.read(eventBridge("Object Created", "")))
                .extracting(ImageEvent::kind, ImageEvent::summary)
                .containsExactly(tuple(Kind.MALFORMED, "detail.object.key is missing or empty"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "2.1", "2.6", "2.10"})
    void majorVersionTwoIsAccepted(String version) throws Exception {
        assertThat(ImageEvents.read("{\"Records\":[" + RECORD.replace("\"2.1\"", "\"" + version + "\"") + "]}"))
                .allMatch(ImageEvent::created);
    }

    static Stream<String> otherMessages() {
        return Stream.of(
                "",
                "hello",
                "[]",
                "null",
                "42",
                "\"text\"",
                "{}",
                "{\"Records\":{}}",
                "{\"Records\":null}",
                "{\"Records\":[",
                "[".repeat(200_000),
                "{\"Event\":\"s3:SomethingElse\"}",
                "{\"Type\":\"Notification\"}",
                "{\"Type\":\"Notification\",\"Message\":{\"Records\":[]}}",
                sns("hello"),
                sns("{}"),
                eventBridge("EC2 Instance State-change Notification", "k").replace("aws.s3", "aws.ec2"));
    }

    @ParameterizedTest
    @MethodSource("otherMessages")
    void otherMessageIsRejected(String message) {
        assertThatExceptionOfType(NotAnS3EventException.class)
                .isThrownBy(() -> ImageEvents.read(message))
                .withMessageStartingWith("Not an S3 event notification: ")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000).doesNotContain("\n"));
    }

    /** Custom events of EventBridge cannot have the source aws.s3. */
    @Test
    void customEventBridgeEventInS3FormatIsParsed() throws Exception {
        assertThat(ImageEvents.read(eventBridge("Object Created", "k").replace("aws.s3", "my.backfill")))
                .allMatch(ImageEvent::created);
    }

    private static String s3(String name, String key) {
        JsonObject record = new JsonObject()
                .put("eventVersion", "2.1")
                .put("eventName", name)
                .put(
                        "s3",
                        new JsonObject()
                                .put("bucket", new JsonObject().put("name", "originals"))
                                .put("object", new JsonObject().put("key", key)));
        return new JsonObject().put("Records", new JsonArray().add(record)).encode();
    }

    private static String eventBridge(String detailType, String key) {
        return new JsonObject()
                .put("source", "aws.s3")
                .put("detail-type", detailType)
                .put(
                        "detail",
                        new JsonObject()
                                .put("bucket", new JsonObject().put("name", "originals"))
                                .put("object", new JsonObject().put("key", key)))
                .encode();
    }

    private static String sns(String message) {
        return new JsonObject()
                .put("Type", "Notification")
                .put("MessageId", "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324")
                .put("TopicArn", "arn:aws:sns:ap-northeast-2:123456789012:uploads")
                .put("Subject", "Amazon S3 Notification")
                .put("Message", message)
                .put("Timestamp", "2026-11-24T01:02:03.456Z")
                .put("SignatureVersion", "1")
                .encode();
    }
}
