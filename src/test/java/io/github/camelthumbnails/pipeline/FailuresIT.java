// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.FailedOriginal;
import io.github.camelthumbnails.operate.FailureFilter;
import io.github.camelthumbnails.operate.FailurePage;
import io.github.camelthumbnails.operate.Failures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests the lists of failures on local AWS. */
class FailuresIT {

    @RegisterExtension
    static final Pipeline PIPELINE = new Pipeline();

    private static final Redrives REDRIVES = new Redrives(PIPELINE);

    @BeforeEach
    void sendNoEventsForStoredOriginals() {
        PIPELINE.disableNotifications();
    }

    @Test
    void failuresAreListedInPages() throws Exception {
        for (int i = 0; i < 5; i++) {
            REDRIVES.fail("page/" + i, i == 0 ? "CorruptImage" : "InternalError");
        }
        REDRIVES.note(
                "page/expired", "InternalError", Instant.now(), Instant.now().minusSeconds(60));
        PIPELINE.dynamoDb.putItem(request -> request.tableName(PIPELINE.resources.failuresTable())
                .item(Map.of("name", AttributeValue.fromS("page/of another kind"))));
        Failures failures = PIPELINE.camel().getRegistry().lookupByNameAndType("failures", Failures.class);
        FailureFilter filter = new FailureFilter(Set.of("InternalError"), "page/", null, null);

        List<String> keys = new ArrayList<>();
        String cursor = null;
        do {
            FailurePage page = failures.page(filter, 3, cursor);
            assertThat(page.failures()).hasSizeLessThanOrEqualTo(3);
            page.failures().stream().map(FailedOriginal::key).forEach(keys::add);
            // The failure at which the page ended may be retried before the next page is read.
            page.failures().forEach(failure -> REDRIVES.delete(failure.key()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(keys).containsExactlyInAnyOrder("page/1", "page/2", "page/3", "page/4");
        assertThat(failures.summarize(new FailureFilter(Set.of(), "page/", null, null), 10)
                        .byReason())
                .isEqualTo(Map.of("CorruptImage", 1L));
    }
}
