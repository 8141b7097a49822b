// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Checks a page in a browser with axe-core against WCAG 2.2 (levels A and AA) and the best practices that axe-core knows. */
final class Axe {

    private static final Path SCRIPT = Path.of("src/test/page/node_modules/axe-core/axe.min.js");

    /** Describes each element that violates a rule in one line. */
    private static final String RUN = """
            const done = arguments[arguments.length - 1];
            const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
            axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
                ({ violations }) => done(violations.flatMap(({ id, help, nodes }) =>
                    nodes.map(({ target, html, failureSummary }) => `${id}: ${help}. ${target.join(' ')}: `
                        + `${html.slice(0, 200)} ${failureSummary.replace(/\\s+/g, ' ')}`))),
                (error) => done([`axe-core has failed: ${error}`]));
            """;

    private Axe() {}

    /**
     * Checks the page as it is displayed now. Skips the test if axe-core is not installed, except in CI.
     *
     * @return a line for each element that violates a rule: the rule, the element, and what to change
     */
    static List<String> violations(Browser browser) {
        browser.run(script());
        browser.driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(120));
        List<?> violations = (List<?>) browser.driver.executeAsyncScript(RUN);
        return violations.stream().map(String::valueOf).toList();
    }

    private static String script() {
        if (!Files.exists(SCRIPT)) {
            String missing = "axe-core is not installed: npm install --prefix src/test/page";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(missing);
            }
            Assumptions.abort(missing);
        }
        try {
            return Files.readString(SCRIPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
