// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.localaws.ListingServer;
import io.github.camelthumbnails.localaws.PlantedGaps;
import io.github.camelthumbnails.localaws.PlantedGaps.Gap;
import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Walks over many originals with the SDK's client and HTTP. {@code -Dwalk.originals=1000000} sets how many, and {@code -DargLine=-Xmx64m}
 * the heap for both sides.
 */
class WalkOfManyTest {

    private static final Logger LOG = LoggerFactory.getLogger(WalkOfManyTest.class);

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void allGapsAreFoundWithTheLeastNumberOfRequests() throws IOException {
        PlantedGaps gaps = new PlantedGaps(Integer.getInteger("walk.originals", 20_000));
        Map<Look, Integer> looks = new EnumMap<>(Look.class);
        int requests = 0;
        int wrong = 0;
        int last = -1;
        long maxUsed = 0;
        try (ListingServer server = ListingServer.start(gaps, "any", 0, 0);
                S3Client s3 = client(server);
                Walk walk = walk(s3, "")) {
            for (int pages = 1; walk.hasNext(); pages++) {
                ComparedPage page = walk.next();
                requests += page.requests();
                for (Compared compared : page.keys()) {
                    looks.merge(compared.look(), 1, Integer::sum);
                    int index = gaps.index(compared.key());
                    if (index <= last || compared.look() != expected(gaps.gap(index))) {
                        wrong++;
                    }
                    last = index;
                }
                if (pages % 100 == 0) {
                    maxUsed = Math.max(maxUsed, usedMemory());
                }
            }
            assertThat(server.operations().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isEqualTo(requests);
        }
        LOG.info("{}: {} LIST, heap used after GC {} MiB of {}", looks, requests, maxUsed >> 20, maxMemory() >> 20);

        assertThat(gaps.key(9))
                .as("a key that Java's strings sort before the one that S3 lists before it")
                .isLessThan(gaps.key(8));
        Map<Gap, Integer> planted = gaps.counts();
        assertThat(looks)
                .containsEntry(Look.MISSING, planted.get(Gap.MISSING) + planted.get(Gap.UNUSABLE))
                .containsEntry(Look.DOUBTFUL, planted.get(Gap.STALE))
                .containsEntry(Look.ORPHAN, planted.get(Gap.ORPHAN))
                .containsEntry(Look.COMPLETE, planted.get(Gap.NONE) + planted.get(Gap.OUTDATED));
        assertThat(wrong).isZero();
        assertThat(requests).isLessThanOrEqualTo(2 * (gaps.count() + 999) / 1000);
    }

    @Test
    void aWalkContinuesWhereAnotherEnded() throws IOException {
        PlantedGaps gaps = new PlantedGaps(5000);
        try (ListingServer server = ListingServer.start(gaps, "any", 0, 0);
                S3Client s3 = client(server)) {
            String position;
            try (Walk walk = walk(s3, "")) {
                walk.next();
                position = walk.next().position();
            }
            int rest = 0;
            try (Walk walk = walk(s3, position)) {
                while (walk.hasNext()) {
                    rest += walk.next().keys().size();
                }
            }
            assertThat(rest).isEqualTo(5000 - gaps.index(position) - 1).isBetween(2900, 3000);
        }
    }

    private static Look expected(Gap gap) {
        return switch (gap) {
            case MISSING, UNUSABLE -> Look.MISSING;
            case STALE -> Look.DOUBTFUL;
            case ORPHAN -> Look.ORPHAN;
            case NONE, OUTDATED -> Look.COMPLETE;
        };
    }

    private static Walk walk(S3Client s3, String startAfter) {
        WalkScope scope = new WalkScope("", null, NOW, NOW, false, startAfter);
        return Walk.of(s3, "originals", "thumbnails", WalkTest.renditions("resized-{key}"), scope);
    }

    private static S3Client client(ListingServer server) {
        return S3Client.builder()
                .endpointOverride(server.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClient(ApacheHttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long maxMemory() {
        return Runtime.getRuntime().maxMemory();
    }
}
