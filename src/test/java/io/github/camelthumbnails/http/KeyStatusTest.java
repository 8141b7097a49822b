// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class KeyStatusTest {

    /** An item as versions before the setting renditions wrote it. */
    private static final Map<String, AttributeValue> OLD_ITEM = Map.of(
            "sourceETag", AttributeValue.fromS("abc"),
            "thumbnailBucket", AttributeValue.fromS("small"),
            "thumbnailKey", AttributeValue.fromS("resized-a b/ü.jpg"),
            "contentType", AttributeValue.fromS("image/jpeg"),
            "width", AttributeValue.fromN("30"),
            "height", AttributeValue.fromN("20"),
            "bytes", AttributeValue.fromN("1234"),
            "createdAt", AttributeValue.fromS("2026-11-27T00:00:00Z"));

    private static final Map<String, AttributeValue> ITEM = with(
            OLD_ITEM,
            "renditions",
            AttributeValue.fromM(Map.of(
                    "thumbnail", rendition("resized-a b/ü.jpg", "image/jpeg", 30, 20, 1234),
                    "card", rendition("card/a b/ü.jpg", "image/webp", 60, 40, 2345))));

    private static final String THUMBNAIL = "\"href\":\"/dev/small/resized-a%20b/%C3%BC.jpg\",\"bucket\":\"small\","
            + "\"key\":\"resized-a b/ü.jpg\",\"contentType\":\"image/jpeg\",\"width\":30,\"height\":20,\"bytes\":1234";

    private static final Map<String, AttributeValue> FAILURE = Map.of(
            "eTag", AttributeValue.fromS("abc"),
            "reason", AttributeValue.fromS("Corrupt"),
            "error", AttributeValue.fromS("It is broken"),
            "failedAt", AttributeValue.fromS("2026-11-27T00:00:01Z"));

    private static AttributeValue rendition(String key, String contentType, int width, int height, int bytes) {
        return AttributeValue.fromM(Map.of(
                "key", AttributeValue.fromS(key),
                "contentType", AttributeValue.fromS(contentType),
                "width", AttributeValue.fromN("" + width),
                "height", AttributeValue.fromN("" + height),
                "bytes", AttributeValue.fromN("" + bytes)));
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> item, String name, AttributeValue value) {
        Map<String, AttributeValue> changed = new HashMap<>(item);
        changed.put(name, value);
        return changed;
    }

    private final KeyStatus status = new KeyStatus("dev", "large");
    private final Map<String, String> responseHeaders = new HashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"abc", "\"abc\""})
    void isReadyIfTheThumbnailBelongsToTheCurrentOriginal(String eTag) {
        JsonObject ready = status.describe("a b/ü.jpg", head(eTag), ITEM, Map.of());

        assertThat(ready.encode())
                .isEqualTo("{\"key\":\"a b/ü.jpg\",\"state\":\"ready\",\"thumbnail\":{" + THUMBNAIL
                        + ",\"createdAt\":\"2026-11-27T00:00:00Z\"},\"renditions\":{\"card\":{"
                        + "\"href\":\"/dev/small/card/a%20b/%C3%BC.jpg\",\"bucket\":\"small\",\"key\":\"card/a b/ü.jpg\","
                        + "\"contentType\":\"image/webp\",\"width\":60,\"height\":40,\"bytes\":2345},"
                        + "\"thumbnail\":{" + THUMBNAIL + "}}}");
    }

    @Test
    void itemOfAnEarlierVersionListsNoRenditions() {
        assertThat(status.describe("k", head("abc"), OLD_ITEM, Map.of()).encode())
                .isEqualTo("{\"key\":\"k\",\"state\":\"ready\",\"thumbnail\":{" + THUMBNAIL
                        + ",\"createdAt\":\"2026-11-27T00:00:00Z\"},\"renditions\":{}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "\"abc\""})
    void isFailedIfTheFailureBelongsToTheCurrentOriginal(String eTag) {
        assertThat(status.describe("k", head(eTag), Map.of(), FAILURE).encode())
                .isEqualTo(
                        "{\"key\":\"k\",\"state\":\"failed\",\"failure\":{\"reason\":\"Corrupt\",\"error\":\"It is broken\","
                                + "\"failedAt\":\"2026-11-27T00:00:01Z\"}}");
    }

    @Test
    void thumbnailTakesPrecedenceOverAnEarlierFailureOfTheSameBytes() {
        assertThat(status.describe("k", head("abc"), ITEM, FAILURE).getString("state"))
                .isEqualTo("ready");
    }

    @Test
    void isPendingIfNothingBelongsToTheCurrentOriginal() {
        assertThat(status.describe("k", head("\"other\""), ITEM, FAILURE).encode())
                .isEqualTo("{\"key\":\"k\",\"state\":\"pending\"}");
        assertThat(status.describe("k", head("abc"), Map.of(), Map.of()).getString("state"))
                .isEqualTo("pending");
        assertThat(status.describe("k", head("abc"), null, null).getString("state"))
                .isEqualTo("pending");
    }

    @ParameterizedTest
    @CsvSource({",0", "0,0", "1,1", "09,9", "30,30"})
    void waitFrom0To30SecondsIsAccepted(String wait, int seconds) throws Exception {
        assertThat(KeyStatus.secondsToWait(request(wait))).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"31", "99", "100", "-1", "+1", "1.5", "x", "", " 1", "٣"})
    void invalidWaitIsRefused(String wait) {
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> KeyStatus.secondsToWait(request(wait)))
                .satisfies(e -> assertThat(e.status()).isEqualTo(400))
                .withMessageContaining("from 0 to 30");
    }

    @Test
    void statusResponseMustNotBeCached() throws Exception {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());

        status.check(exchange, request("1"), "large");

        assertThat(responseHeaders).containsEntry("Cache-Control", "no-store");
        assertThat(exchange.getProperty("status"))
                .as("status found while waiting")
                .isNull();
    }

    @Test
    void onlyOriginalsHaveAStatus() {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());

        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> status.check(exchange, request(null), "small"))
                .withMessageContaining("the bucket large");
        assertThatExceptionOfType(RequestRefusedException.class)
                .isThrownBy(() -> status.check(exchange, request("x"), "large"));
        assertThat(responseHeaders).isEmpty();
    }

    private HttpServerRequest request(String wait) {
        HttpServerResponse response = (HttpServerResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServerResponse.class}, (proxy, method, args) -> {
                    responseHeaders.put(args[0].toString(), args[1].toString());
                    return proxy;
                });
        return (HttpServerRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "response" -> response;
                    case "query" ->
                        wait == null
                                ? "status"
                                : "status&wait=" + wait.replace("+", "%2B").replace(" ", "%20");
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private static HeadObjectResponse head(String eTag) {
        return HeadObjectResponse.builder().eTag(eTag).build();
    }
}
