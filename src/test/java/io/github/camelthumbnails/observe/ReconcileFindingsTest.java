// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.operate.reconcile.LastFindings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReconcileFindingsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private LastFindings last = LastFindings.NONE;
    private final ReconcileFindings findings = new ReconcileFindings(() -> {
        if (last == null) {
            throw new IllegalStateException("DynamoDB is away");
        }
        return last;
    });

    private double originals(String state) {
        return registry.get("reconcile.originals").tag("state", state).gauge().value();
    }

    private double lastRun() {
        return registry.get("reconcile.last.run.timestamp").gauge().value();
    }

    @Test
    void nothingIsKnownBeforeTheFirstRun() {
        new Gauges(registry).reconcile(findings);

        findings.ask();

        assertThat(originals("missing")).isNaN();
        assertThat(lastRun()).isZero();
    }

    @Test
    void gaugesShowTheLastRunEvenWhileDynamoDbIsAway() {
        new Gauges(registry).reconcile(findings);
        last = new LastFindings(
                Instant.ofEpochSecond(1_700_000_000),
                Map.of("complete", 5L, "missing", 1L, "stale", 2L, "orphans", 3L, "unusable", 4L, "young", 9L));
        findings.ask();
        last = null;
        findings.ask();

        assertThat(originals("complete")).isEqualTo(5);
        assertThat(originals("missing")).isEqualTo(1);
        assertThat(originals("stale")).isEqualTo(2);
        assertThat(originals("orphan")).isEqualTo(3);
        assertThat(originals("unusable")).isEqualTo(4);
        assertThat(lastRun()).isEqualTo(1_700_000_000);
    }

    @Test
    void outageIsLoggedOnce() {
        try (CapturedLog log = new CapturedLog(ReconcileFindings.class.getName())) {
            last = null;
            findings.ask();
            findings.ask();
            assertThat(log.line()).containsEntry("level", "WARN");
            assertThat(log.line().get("message")).contains("cannot be read").contains("DynamoDB is away");

            last = LastFindings.NONE;
            findings.ask();
            last = null;
            findings.ask();
            assertThat(log.lines()).hasSize(2);
        }
    }
}
