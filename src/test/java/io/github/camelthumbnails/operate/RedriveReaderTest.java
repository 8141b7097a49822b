// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.event.ImageEvent;
import io.github.camelthumbnails.event.ImageEvents;
import io.github.camelthumbnails.failure.Failure;
import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.RedriveOptions.Source;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

class RedriveReaderTest {

    private static final Instant SENT = Instant.parse("2026-11-24T01:02:03.456Z");

    private final RedriveReader reader = new RedriveReader("originals");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photo.jpg",
                "a+b.jpg",
                "100%.jpg",
                "%41%20.jpg",
                "two  words/ü/日本.jpg",
                "\uD83D\uDE00.jpg",
                "\u0000\u0007\u001F.jpg",
                "\uFFFE+%\uFFFF",
                "tab\tline\n",
                "\"quoted\\\"",
                "*~!'()"
            })
    void eventNamesTheKeyOfTheFailure(String key) throws Exception {
        Map<String, String> attributes = new HashMap<>(Map.of("bucket", "originals", "eTag", "abc"));
        if (Failure.keyEncoding(key) != null) {
            attributes.put("keyEncoding", Failure.keyEncoding(key));
        }

        RedriveMessage message = reader.read(Source.FAILURES, message(Failure.key(key), attributes));

        assertThat(message.keys()).containsExactly(key);
        assertThat(ImageEvents.read(message.event())).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(ImageEvent.Kind.CREATED);
            assertThat(event.name()).isEqualTo("ObjectCreated:Redrive");
            assertThat(event.bucket()).isEqualTo("originals");
            assertThat(event.key()).isEqualTo(key);
            assertThat(event.eTag()).isEqualTo("abc");
            assertThat(event.time()).as("the delay of a retry says nothing").isNull();
        });
    }

    @Test
    void timeAndReasonAreThoseOfTheFailure() throws Exception {
        RedriveMessage message = reader.read(
                Source.FAILURES, message("a.jpg", Map.of("failedAt", "2026-11-24T01:02:03.123Z", "reason", "Timeout")));

        assertThat(message.failedAt()).isEqualTo("2026-11-24T01:02:03.123Z");
        assertThat(message.reason()).isEqualTo(FailureReason.Timeout);
        assertThat(message.sentAt()).isEqualTo(SENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", ""})
    void messageSentByHandFailedWhenItWasSent(String failedAt) throws Exception {
        Map<String, String> attributes = failedAt.isEmpty() ? Map.of() : Map.of("failedAt", failedAt, "reason", "none");

        RedriveMessage message = reader.read(Source.FAILURES, message("a.jpg", attributes));

        assertThat(message.failedAt()).isEqualTo(SENT);
        assertThat(message.reason()).isEqualTo(FailureReason.InternalError);
    }

    @ParameterizedTest
    @CsvSource({
        "a.jpg, bucket, another, the bucket is another",
        "%zz, keyEncoding, percent, the key is not percent-encoded UTF-8",
        "%, keyEncoding, percent, the key is not percent-encoded UTF-8",
        "%FF, keyEncoding, percent, the key is not percent-encoded UTF-8",
        "%ED%A0%80, keyEncoding, percent, the key is not percent-encoded UTF-8",
        "a+b, keyEncoding, percent, the key is not percent-encoded UTF-8",
        "ü, keyEncoding, percent, the key is not percent-encoded UTF-8",
        "a.jpg, keyEncoding, base64, the encoding of the key is base64",
        "'', bucket, originals, the key is empty"
    })
    void failureMessageWithoutAnOriginalIsUnreadable(String body, String name, String value, String why) {
        assertThatThrownBy(() -> reader.read(Source.FAILURES, message(body, Map.of(name, value))))
                .isInstanceOf(UnreadableMessageException.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void keyMayHaveAsManyBytesAsInS3() throws Exception {
        assertThat(reader.read(Source.FAILURES, message("ü".repeat(512), Map.of()))
                        .keys())
                .hasSize(1);
        assertThatThrownBy(() -> reader.read(Source.FAILURES, message("ü".repeat(512) + "u", Map.of())))
                .hasMessage("the key has more than 1024 bytes");
        assertThatThrownBy(() ->
                        reader.read(Source.FAILURES, message("a".repeat(262_144), Map.of("keyEncoding", "percent"))))
                .hasMessage("the key has more than 1024 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Records':[{'eventName':'ObjectCreated:Put','s3':{'bucket':{'name':'originals'},'object':{'key':'a%2Bb'}}}]}",
                "{'Records':[{'eventName':'ObjectRemoved:Delete','s3':{'bucket':{'name':'originals'},'object':{'key':'a%2Bb'}}},"
                        + "{'eventName':'ObjectCreated:Put','s3':{'bucket':{'name':'other'},'object':{'key':'c'}}}]}",
                "{'detail-type':'Object Created','detail':{'bucket':{'name':'originals'},'object':{'key':'a+b'}}}",
                "{'Type':'Notification','Message':'{\\\"Records\\\":[{\\\"eventName\\\":\\\"ObjectCreated:Put\\\",\\\"s3\\\":"
                        + "{\\\"bucket\\\":{\\\"name\\\":\\\"originals\\\"},\\\"object\\\":{\\\"key\\\":\\\"a%2Bb\\\"}}}]}'}"
            })
    void deadEventIsSentAsItIs(String quoted) throws Exception {
        String body = quoted.replace('\'', '"');

        RedriveMessage message = reader.read(Source.DEAD, message(body, Map.of()));

        assertThat(message.event()).isEqualTo(body);
        assertThat(message.keys()).containsExactly("a+b");
        assertThat(message.failedAt()).as("it was not reported").isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photo.jpg",
                "{}",
                "{'Records':[]}",
                "{'Records':{}}",
                "{'Event':'s3:TestEvent','Bucket':'originals'}",
                "{'Type':'SubscriptionConfirmation'}",
                "{'Records':[{'eventName':'ObjectCreated:Put','s3':{'bucket':{'name':'other'},'object':{'key':'a'}}}]}",
                "{'Records':[{'eventName':'ObjectCreated:Put','s3':{'bucket':{'name':'originals'},'object':{'key':'a'}}},{}]}"
            })
    void deadMessageThatWorkersCannotUseIsUnreadable(String quoted) {
        assertThatThrownBy(() -> reader.read(Source.DEAD, message(quoted.replace('\'', '"'), Map.of())))
                .isInstanceOf(UnreadableMessageException.class);
    }

    @Test
    void messageHasToSatisfyAllConditions() throws Exception {
        RedriveMessage message =
                reader.read(Source.FAILURES, message("summer/a.jpg", Map.of("reason", "CorruptImage")));
        Set<FailureReason> corrupt = Set.of(FailureReason.CorruptImage);

        assertThat(message.isSelectedBy(options(corrupt, "", null))).isTrue();
        assertThat(message.isSelectedBy(options(corrupt, "summer/", Set.of("summer/a.jpg"))))
                .isTrue();
        assertThat(message.isSelectedBy(options(Set.of(FailureReason.Timeout), "", null)))
                .isFalse();
        assertThat(message.isSelectedBy(options(corrupt, "winter/", null))).isFalse();
        assertThat(message.isSelectedBy(options(corrupt, "", Set.of("a.jpg")))).isFalse();
        assertThat(message.isSelectedBy(options(corrupt, "", Set.of()))).isFalse();
    }

    private static RedriveOptions options(Set<FailureReason> reasons, String prefix, Set<String> keys) {
        return new RedriveOptions(Source.FAILURES, reasons, prefix, keys, false);
    }

    private static Message message(String body, Map<String, String> attributes) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(
                name, MessageAttributeValue.builder().stringValue(value).build()));
        return Message.builder()
                .messageId("id")
                .body(body)
                .attributes(Map.of(MessageSystemAttributeName.SENT_TIMESTAMP, String.valueOf(SENT.toEpochMilli())))
                .messageAttributes(values)
                .build();
    }
}
