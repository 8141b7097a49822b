// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Tests requests and responses. An integration test evaluates the conditions. */
class FailuresTest {

    private static final FailureFilter ALL = new FailureFilter(Set.of(), "", null, null);

    private final Table table = new Table();
    private final Failures failures = new Failures(table, "my-failures");

    @Test
    void countsAllPagesAndShowsTheNewest() {
        table.pages.add(page("b", List.of(item("a", "Timeout", "01"), item("b", "CorruptImage", "04"))));
        table.pages.add(page("c", List.of()));
        table.pages.add(page(null, List.of(item("d", "CorruptImage", "03"), item("e", "CorruptImage", "02"))));

        FailureSummary summary = failures.summarize(ALL, 2);

        assertThat(summary.total()).isEqualTo(4);
        assertThat(summary.byReason().entrySet())
                .containsExactly(Map.entry("CorruptImage", 3L), Map.entry("Timeout", 1L));
        assertThat(summary.newest()).extracting(FailedOriginal::key).containsExactly("b", "d");
        assertThat(failures.summarize(ALL, 0).newest()).isEmpty();
    }

    @Test
    void pageContinuesWhereTheLastOneEnded() {
        table.pages.add(page(
                "scanned",
                List.of(item("a", "Timeout", "01"), item("b", "Timeout", "02"), item("c", "Timeout", "03"))));
        table.pages.add(page(null, List.of(item("c", "Timeout", "03"))));

        FailurePage first = failures.page(ALL, 2, null);
        FailurePage second = failures.page(ALL, 2, first.next());

        assertThat(first.failures()).extracting(FailedOriginal::key).containsExactly("a", "b");
        assertThat(first.next()).matches("[A-Za-z0-9_-]+");
        assertThat(table.requests.get(1).exclusiveStartKey()).isEqualTo(Map.of("name", AttributeValue.fromS("b")));
        assertThat(second.failures()).extracting(FailedOriginal::key).containsExactly("c");
        assertThat(second.next()).isNull();
    }

    @Test
    void pageMayBeEmptyAlthoughThereAreMore() {
        for (int i = 0; i < 10; i++) {
            table.pages.add(page("\uD83D\uDE00" + i, List.of()));
        }

        FailurePage page = failures.page(ALL, 2, null);

        assertThat(page.failures()).isEmpty();
        failures.page(ALL, 2, page.next());
        assertThat(table.requests.get(10).exclusiveStartKey().get("name").s()).isEqualTo("\uD83D\uDE009");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "!", "MQ", "MmE", "Mf8", "a", "MWE=x", "../..", "MWE\n"})
    void invalidCursorIsRejected(String cursor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> failures.page(ALL, 2, cursor))
                .withMessageContaining("Use the value of next from the previous page");
        assertThat(table.requests).isEmpty();
    }

    @Test
    void filterIsEvaluatedByDynamoDb() {
        Instant time = Instant.parse("2026-11-24T01:02:03Z");

        failures.summarize(new FailureFilter(Set.of("Timeout"), "summer/", time, time.plusNanos(1_500_000)), 1);

        assertThat(table.requests.get(0).filterExpression())
                .contains("attribute_type(#reason, :string)", "#expiresAt > :now", "begins_with(#name, :prefix)");
        assertThat(table.requests.get(0).consistentRead()).isNull();
        assertThat(table.requests.get(0).expressionAttributeValues())
                .containsEntry(":prefix", AttributeValue.fromS("summer/"))
                .containsEntry(":reason0", AttributeValue.fromS("Timeout"))
                .containsEntry(":after", AttributeValue.fromS("2026-11-24T01:02:03.000Z"))
                .containsEntry(":before", AttributeValue.fromS("2026-11-24T01:02:03.001Z"));
    }

    @Test
    void itemThatSomebodyElseHasWrittenIsShown() {
        table.pages.add(page(
                null,
                List.of(
                        Map.of("name", AttributeValue.fromS("a"), "reason", AttributeValue.fromS("Own")),
                        item("b", "Own", "x"))));

        assertThat(failures.summarize(ALL, 9).newest())
                .containsExactlyInAnyOrder(
                        new FailedOriginal("a", null, "Own", null, null, Instant.EPOCH),
                        new FailedOriginal("b", null, "Own", null, null, Instant.EPOCH));
    }

    private static Map<String, AttributeValue> item(String key, String reason, String second) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("name", AttributeValue.fromS(key));
        item.put("reason", AttributeValue.fromS(reason));
        item.put("failedAt", AttributeValue.fromS("2026-11-24T01:02:" + second + ".000Z"));
        return item;
    }

    private static ScanResponse page(String last, List<Map<String, AttributeValue>> items) {
        ScanResponse.Builder response = ScanResponse.builder().items(items);
        if (last != null) {
            response.lastEvaluatedKey(Map.of("name", AttributeValue.fromS(last)));
        }
        return response.build();
    }

    private static final class Table implements DynamoDbClient {

        private final Deque<ScanResponse> pages = new ArrayDeque<>();
        private final List<ScanRequest> requests = new ArrayList<>();

        @Override
        public ScanResponse scan(ScanRequest request) {
            requests.add(request);
            return pages.isEmpty() ? ScanResponse.builder().build() : pages.pop();
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
