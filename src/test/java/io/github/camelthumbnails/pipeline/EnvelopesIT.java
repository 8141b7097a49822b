// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.image.ImageFormat;
import io.github.camelthumbnails.image.Pictures;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests events from S3, directly or through SNS or EventBridge, and from S3-compatible stores and emulators. */
class EnvelopesIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline().with("app.roles", "thumbnail");

    private static final List<String> KEYS = List.of(
            "plain.jpg", "2026/11/a+b c.jpg", "100% sure.jpg", "한국어 사진.jpg", "q?a=b&c=d#e.jpg", "😀 ${env:HOME}.jpg");

    /** The service or emulator that wrote the message. */
    enum Envelope {
        S3 {
            @Override
            String message(String key) {
                return records(new JsonObject()
                        .put("eventVersion", "2.1")
                        .put("eventSource", "aws:s3")
                        .put("eventTime", "2026-11-27T10:00:00.123Z")
                        .put("eventName", "ObjectCreated:Put")
                        .put("s3", s3(encode(key).replace("%2F", "/"))));
            }
        },
        SNS {
            @Override
            String message(String key) {
                return sns(S3.message(key));
            }
        },
        EVENT_BRIDGE {
            @Override
            String message(String key) {
                return new JsonObject()
                        .put("version", "0")
                        .put("source", "aws.s3")
                        .put("detail-type", "Object Created")
                        .put("time", "2026-11-27T10:00:00Z")
                        .put("detail", s3(key).put("reason", "PutObject"))
                        .encode();
            }
        },
        EVENT_BRIDGE_BY_SNS {
            @Override
            String message(String key) {
                return sns(EVENT_BRIDGE.message(key));
            }
        },
        RESTORED {
            @Override
            String message(String key) {
                return S3.message(key).replace("ObjectCreated:Put", "ObjectRestore:Completed");
            }
        },
        MINIO {
            @Override
            String message(String key) {
                String bucket = PIPELINE.resources.originals();
                return new JsonObject(records(new JsonObject()
                                .put("eventVersion", "2.0")
                                .put("eventSource", "minio:s3")
                                .put("eventTime", "2026-11-27T10:00:00.123Z")
                                .put("eventName", "s3:ObjectCreated:Put")
                                .put("source", new JsonObject().put("userAgent", "MinIO"))
                                .put("s3", s3(encode(key)))))
                        .put("EventName", "s3:ObjectCreated:Put")
                        .put("Key", bucket + "/" + key)
                        .encode();
            }
        },
        MOTO {
            @Override
            String message(String key) {
                return records(new JsonObject()
                        .put("eventVersion", "2.1")
                        .put("eventSource", "aws:s3")
                        .put("eventTime", "2026-11-27T10:00:00.123456")
                        .put("eventName", "ObjectCreated:Put")
                        .put("s3", s3(encode(key))));
            }
        },
        /** Does not encode keys, so that a plus is read as a space. */
        FLOCI {
            @Override
            String message(String key) {
                return records(new JsonObject()
                        .put("eventVersion", "2.1")
                        .put("eventName", "ObjectCreated:Put")
                        .put("s3", s3(key)));
            }
        };

        /** Returns the message for a stored original. */
        abstract String message(String key);

        private static String encode(String key) {
            return URLEncoder.encode(key, StandardCharsets.UTF_8);
        }

        private static JsonObject s3(String key) {
            return new JsonObject()
                    .put("bucket", new JsonObject().put("name", PIPELINE.resources.originals()))
                    .put("object", new JsonObject().put("key", key).put("size", 5));
        }

        private static String records(JsonObject record) {
            return new JsonObject().put("Records", new JsonArray().add(record)).encode();
        }

        private static String sns(String message) {
            return new JsonObject()
                    .put("Type", "Notification")
                    .put("TopicArn", "arn:aws:sns:ap-northeast-2:123456789012:uploads")
                    .put("Message", message)
                    .encode();
        }
    }

    @BeforeAll
    static void disableNotifications() {
        PIPELINE.disableNotifications();
    }

    @ParameterizedTest
    @EnumSource
    void eventInAnyEnvelopeCreatesTheThumbnail(Envelope envelope) {
        byte[] photo = Pictures.quarters(ImageFormat.JPEG, 20, 10);
        for (String key : KEYS) {
            PIPELINE.store(envelope + "/" + key, photo);
            PIPELINE.send(envelope.message(envelope + "/" + key));
        }

        for (String key : KEYS) {
            PIPELINE.awaitItem(envelope + "/" + key);
            PIPELINE.awaitThumbnail(envelope + "/" + key);
        }
        assertThat(PIPELINE.failures()).isEmpty();
    }

    @Test
    void otherEventsAreAcknowledgedAndCounted() throws Exception {
        String folder = "{\"size\":0,\"key\":\"folder/\"";
        Map<String, String> messages = new TreeMap<>();
        messages.put("empty", "{\"Records\":[]}");
        messages.put("folder", Envelope.S3.message("k").replaceFirst("\\{\"key\":\"k\",\"size\":5", folder));
        messages.put("other", Envelope.S3.message("k").replace("ObjectCreated:Put", "ObjectTagging:Put"));
        messages.put("other-bucket", Envelope.S3.message("k").replace(PIPELINE.resources.originals(), "other"));
        messages.put("removed", Envelope.EVENT_BRIDGE.message("gone").replace("Object Created", "Object Deleted"));
        messages.put("subscription", "{\"Type\":\"SubscriptionConfirmation\",\"Token\":\"a\"}");
        messages.put("test", Envelope.sns("{\"Event\":\"s3:TestEvent\",\"Bucket\":\"b\"}"));
        PIPELINE.store("folder/", new byte[0]);

        messages.values().forEach(PIPELINE::send);

        PIPELINE.awaitNoEvents();
        assertThat(PIPELINE.failures()).isEmpty();
        assertThat(PIPELINE.count(PIPELINE.resources.dead())).isZero();
        String metrics = PIPELINE.observe("metrics");
        messages.keySet().forEach(name -> {
            String kind = name.equals("other-bucket") ? "created" : name;
            String outcome = name.equals("removed") ? "removed" : "ignored";
            assertThat(metrics)
                    .containsPattern(
                            "image_events_total\\{.*kind=\"" + kind + "\".*outcome=\"" + outcome + "\".*} [1-9]");
        });
    }

    @Test
    void thumbnailIsRemovedIfAFolderReplacesThePicture() {
        PIPELINE.store("replaced/", Pictures.quarters(ImageFormat.JPEG, 20, 10));
        PIPELINE.send(Envelope.S3.message("replaced/"));
        PIPELINE.awaitItem("replaced/");
        PIPELINE.awaitNoEvents();
        PIPELINE.store("replaced/", new byte[0]);

        PIPELINE.send(Envelope.S3.message("replaced/").replace("\"size\":5", "\"size\":0"));

        PIPELINE.awaitNoEvents();
        PIPELINE.assertNoThumbnailAndNoItem("replaced/");
        assertThat(PIPELINE.failures()).isEmpty();
    }
}
