// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelthumbnails.failure.FailureReason;
import io.github.camelthumbnails.operate.reconcile.Compared.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class CandidatesTest {

    private final MemoryTables tables = new MemoryTables();
    private final List<Duration> pauses = new ArrayList<>();
    private final Candidates candidates = new Candidates(tables, "thumbnails", "failures", "hash", pauses::add);
    private int requests;

    private List<Finding> judge(Compared... keys) {
        return candidates.judge(List.of(keys), number -> requests += number);
    }

    private static Compared compared(String key, Look look) {
        return new Compared(key, "etag-" + key, Instant.EPOCH, look);
    }

    @ParameterizedTest
    @CsvSource({"etag-a,hash,COMPLETE", "etag-b,hash,STALE", "etag-a,other,STALE", ",hash,STALE", "etag-a,,STALE"})
    void doubtfulOriginalIsCompleteIfItsItemIsOfThePresentBytesAndSettings(
            String eTag, String hash, Finding.Kind expected) {
        tables.put("thumbnails", "a");
        if (eTag != null) {
            tables.put("thumbnails", "a", "sourceETag", eTag);
        }
        if (hash != null) {
            tables.item("thumbnails", "a").put("renditionsHash", AttributeValue.fromS(hash));
        }

        assertThat(judge(compared("a", Look.DOUBTFUL)))
                .extracting(Finding::kind)
                .containsExactly(expected);
    }

    @Test
    void doubtfulOriginalWithoutItemIsMissing() {
        assertThat(judge(compared("a", Look.DOUBTFUL)))
                .containsExactly(new Finding("a", "etag-a", Finding.Kind.MISSING));
    }

    @Test
    void missingRenditionIsAGapWhateverTheItemSays() {
        tables.put("thumbnails", "a", "sourceETag", "etag-a", "renditionsHash", "hash");

        assertThat(judge(compared("a", Look.MISSING))).extracting(Finding::kind).containsExactly(Finding.Kind.MISSING);
    }

    @ParameterizedTest
    @EnumSource(FailureReason.class)
    void pictureIsUnusableIfItIsTheCauseOfTheFailureOfTheSameBytes(FailureReason reason) {
        tables.put("failures", "a", "eTag", "etag-a", "reason", reason.name());
        tables.put("failures", "b", "eTag", "etag-of-others", "reason", reason.name());

        assertThat(judge(compared("a", Look.MISSING), compared("b", Look.MISSING)))
                .extracting(Finding::kind)
                .containsExactly(
                        reason.isPictureAtFault() ? Finding.Kind.UNUSABLE : Finding.Kind.MISSING, Finding.Kind.MISSING);
    }

    @ParameterizedTest
    @EnumSource(
            value = Look.class,
            names = {"MISSING", "DOUBTFUL"})
    void failureThatASuccessFollowedDoesNotCount(Look look) {
        tables.put("failures", "a", "eTag", "etag-a", "reason", "UnsupportedFormat");
        tables.put("thumbnails", "a", "sourceETag", "etag-a", "renditionsHash", "other");
        tables.put("failures", "b", "eTag", "etag-b", "reason", "UnsupportedFormat");
        tables.put("thumbnails", "b", "sourceETag", "etag-of-older-bytes", "renditionsHash", "other");

        List<Finding> findings = judge(compared("a", look), compared("b", look));

        assertThat(findings)
                .first()
                .satisfies(finding -> assertThat(finding.isGap()).isTrue());
        assertThat(findings).last().extracting(Finding::kind).isEqualTo(Finding.Kind.UNUSABLE);
    }

    private void putFailure(String eTag, Duration left) {
        tables.put("failures", "a", "eTag", eTag, "reason", "CorruptImage");
        String expiresAt = Long.toString(Instant.now().plus(left).getEpochSecond());
        tables.item("failures", "a").put("expiresAt", AttributeValue.fromN(expiresAt));
    }

    private Duration left() {
        long expiresAt =
                Long.parseLong(tables.item("failures", "a").get("expiresAt").n());
        return Duration.between(Instant.now(), Instant.ofEpochSecond(expiresAt));
    }

    @Test
    void failureOfAnUnusablePictureExpiresLaterIfItsTimeIsShort() {
        putFailure("etag-a", Duration.ofDays(14));
        assertThat(judge(compared("a", Look.MISSING))).extracting(Finding::kind).containsExactly(Finding.Kind.UNUSABLE);
        assertThat(left()).isBetween(Duration.ofDays(29), Duration.ofDays(30));

        judge(compared("a", Look.MISSING));
        assertThat(tables.updates).isOne();
    }

    @Test
    void failureOfOtherBytesExpires() {
        putFailure("etag-of-others", Duration.ofDays(1));
        judge(compared("a", Look.MISSING));
        assertThat(tables.updates).isZero();

        putFailure("etag-a", Duration.ofDays(1));
        tables.beforeUpdate = () -> putFailure("etag-of-others", Duration.ofDays(1));
        judge(compared("a", Look.MISSING));
        assertThat(left()).isLessThan(Duration.ofDays(2));
    }

    @Test
    void itemWithoutOrWithUnknownReasonIsNoFailure() {
        tables.put("failures", "a", "eTag", "etag-a");
        tables.put("failures", "b", "eTag", "etag-b", "reason", "OfALaterVersion");

        assertThat(judge(compared("a", Look.MISSING), compared("b", Look.MISSING)))
                .extracting(Finding::kind)
                .containsOnly(Finding.Kind.MISSING);
    }

    @Test
    void failureOfOlderRenditionsIsUnusableToo() {
        tables.put("thumbnails", "a", "sourceETag", "etag-before");
        tables.put("failures", "a", "eTag", "etag-a", "reason", "CorruptImage");

        assertThat(judge(compared("a", Look.DOUBTFUL)))
                .extracting(Finding::kind)
                .containsExactly(Finding.Kind.UNUSABLE);
    }

    @Test
    void whatTheListingsKnowNeedsNoRequest() {
        assertThat(judge(
                        compared("a", Look.COMPLETE),
                        new Compared("b", null, null, Look.ORPHAN),
                        compared("c", Look.YOUNG)))
                .containsExactly(
                        new Finding("a", "etag-a", Finding.Kind.COMPLETE),
                        new Finding("b", null, Finding.Kind.ORPHAN),
                        new Finding("c", "etag-c", Finding.Kind.YOUNG));
        assertThat(requests).isZero();
    }

    @Test
    void requestsHaveAtMostAHundredKeysAndOnlyThoseThatMatter() {
        Compared[] keys = IntStream.range(0, 1000)
                .mapToObj(i -> compared("k" + i, i < 250 ? Look.DOUBTFUL : i < 300 ? Look.MISSING : Look.COMPLETE))
                .toArray(Compared[]::new);
        IntStream.range(0, 249)
                .forEach(i -> tables.put("thumbnails", "k" + i, "sourceETag", "etag-k" + i, "renditionsHash", "hash"));

        List<Finding> findings = judge(keys);

        assertThat(findings)
                .extracting(Finding::key)
                .containsExactly(List.of(keys).stream().map(Compared::key).toArray(String[]::new));
        assertThat(findings.stream().filter(Finding::isGap)).hasSize(51);
        assertThat(tables.reads)
                .extracting(read -> read.requestItems().values().stream()
                        .mapToInt(wanted -> wanted.keys().size())
                        .sum())
                .containsExactly(100, 100, 50, 51);
        assertThat(requests).isEqualTo(4);
    }

    @Test
    void sameKeyTwiceIsAskedOnce() {
        assertThat(judge(compared("a", Look.DOUBTFUL), compared("a", Look.DOUBTFUL)))
                .hasSize(2);
        assertThat(tables.reads.get(0).requestItems().get("thumbnails").keys()).hasSize(1);
    }

    @Test
    void unprocessedKeysAreAskedAgainAfterAPause() {
        tables.processed = 1;
        for (String key : List.of("a", "b", "c")) {
            tables.put("thumbnails", key, "sourceETag", "etag-" + key, "renditionsHash", "hash");
        }

        assertThat(judge(compared("a", Look.DOUBTFUL), compared("b", Look.DOUBTFUL), compared("c", Look.DOUBTFUL)))
                .extracting(Finding::kind)
                .containsOnly(Finding.Kind.COMPLETE);
        assertThat(pauses).containsExactly(Duration.ofMillis(100), Duration.ofMillis(100));
    }

    @Test
    void tableThatProcessesNothingEndsTheRunWithAdvice() {
        tables.processed = 0;

        assertThatThrownBy(() -> judge(compared("a", Look.DOUBTFUL)))
                .hasMessage("DynamoDB throttles reads of the table thumbnails. Run the command again later:"
                        + " it continues where it has stopped.");
        assertThat(pauses).hasSize(11).endsWith(Duration.ofSeconds(10));
    }
}
