// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;

/** Native libraries that tests need and that a machine of a developer may lack. */
final class InstalledLibraries {

    private InstalledLibraries() {}

    /** Skips the test if a library is not installed. In CI, it fails instead. */
    static void require(String name) {
        boolean found = Codecs.STANDARD.findLibraries(new Codec.Options(true)).get(name);
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(found, name + " is not installed");
        }
        assertThat(found).as(name).isTrue();
    }
}
