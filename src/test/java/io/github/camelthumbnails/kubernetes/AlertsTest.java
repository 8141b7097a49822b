// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelthumbnails.failure.FailureReason;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that alerts, their tests and the runbook belong together. promtool runs the tests of the rules themselves.
 */
class AlertsTest {

    private static final String RUNBOOK_URL =
            "https://github.com/camelthumbnails/camel-thumbnails/blob/main/docs/runbook.md#";

    private final String runbook = Files.readString(Path.of("docs/runbook.md"));

    AlertsTest() throws IOException {}

    private static List<String> names() throws IOException {
        return Monitoring.alerts().stream().map(rule -> rule.getString("alert")).toList();
    }

    @Test
    void eachAlertHasAnEntryInTheRunbookAndEachEntryAnAlert() throws Exception {
        assertThat(matches("(?m)^## (CamelThumbnails\\w+)$", runbook)).containsExactlyElementsOf(names());
    }

    @Test
    void eachAlertSaysWhatIsWrongHowUrgentItIsAndWhereTheRunbookIs() throws Exception {
        assertThat(Monitoring.alerts()).allSatisfy(alert -> {
            JsonObject annotations = alert.getJsonObject("annotations");
            assertThat(alert.getJsonObject("labels").getString("severity")).isIn("critical", "warning");
            assertThat(annotations.getString("summary")).isNotBlank();
            assertThat(annotations.getString("description")).isNotBlank();
            assertThat(annotations.getString("runbook_url"))
                    .isEqualTo(RUNBOOK_URL + alert.getString("alert").toLowerCase(Locale.ROOT));
        });
    }

    @Test
    void eachAlertHasATestInWhichItFires() throws Exception {
        assertThat(names())
                .isSubsetOf(matches(
                        "alertname=\"(\\w+)\"", Monitoring.ruleTests().encode().replace("\\", "")));
    }

    @Test
    void failuresAlertForAllReasonsButThoseThatAreThePicturesOwnFault() throws Exception {
        String expression = Monitoring.rules().stream()
                .filter(rule -> "namespace_reason:thumbnail_failures:increase15m".equals(rule.getString("record")))
                .findFirst()
                .orElseThrow()
                .getString("expr");
        List<String> picture =
                List.of(matches("reason!~\"([^\"]+)\"", expression).get(0).split("\\|"));
        List<String> alerting = matches("(?m)^\\| `(\\w+)` \\|", section("CamelThumbnailsFailures"));

        assertThat(Stream.concat(picture.stream(), alerting.stream()))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FailureReason.values()).map(Enum::name).toList());
        assertThat(matches("`(\\w+)`", section("CamelThumbnailsFailures").split("\n\\| ")[0]))
                .containsAll(picture);
    }

    @Test
    void expressionIsSplitIntoWhatHasValuesWhileThereIsNoAlert() {
        assertThat(Monitoring.operands("absent(up{a=\"b\"} == 1)")).containsExactly("up{a=\"b\"}");
        assertThat(Monitoring.operands("(sum(a{b!=\"c\"}[5m]) / d > 0.5 and e) unless on (f) max(g) == 1"))
                .containsExactly("sum(a{b!=\"c\"}[5m]) / d", "e", "max(g)");
        assertThat(Monitoring.operands("for_and > 0.1 * sum(a or b)")).containsExactly("for_and", "0.1 * sum(a or b)");
    }

    /** Returns an entry of the runbook. */
    private String section(String alert) {
        return runbook.split("\n## " + alert + "\n")[1].split("\n## ")[0];
    }

    private static List<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
