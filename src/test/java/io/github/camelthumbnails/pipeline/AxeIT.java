// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@link Axe} finds what people with a screen reader, a keyboard or weak eyes cannot use. */
@Tag("long")
class AxeIT {

    private static Browser browser;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        browser = Browser.open();
    }

    @AfterAll
    static void quit() {
        if (browser != null) {
            browser.close();
        }
    }

    private List<String> violations(String content) throws Exception {
        Path page = directory.resolve("page.html");
        Files.writeString(page, """
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><title>A page</title></head>
                <body><main><h1>A page</h1>%s</main></body>
                </html>
                """.formatted(content));
        browser.driver.get(page.toUri().toString());
        return Axe.violations(browser);
    }

    @Test
    void accessiblePageHasNoViolations() throws Exception {
        assertThat(violations("<p>Some text</p><label>Key <input></label><img alt='A hill' src='data:,'>"))
                .isEmpty();
    }

    @Test
    void violationNamesRuleAndElement() throws Exception {
        assertThat(violations("<input id='key'><p style='color: #bbb; background: #fff'>Faint</p><h4>Too deep</h4>"))
                .satisfiesExactlyInAnyOrder(
                        label -> assertThat(label).startsWith("label: ").contains("#key"),
                        contrast -> assertThat(contrast)
                                .startsWith("color-contrast: ")
                                .contains("Faint", "4.5:1"),
                        order -> assertThat(order).startsWith("heading-order: ").contains("Too deep"));
    }
}
