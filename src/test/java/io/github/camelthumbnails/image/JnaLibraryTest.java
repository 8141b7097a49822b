// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Library;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tests {@link JnaLibrary} with the C library, which every system has. */
@DisabledOnOs(OS.WINDOWS)
class JnaLibraryTest {

    /** Functions that exist. */
    public interface Present extends Library {
        int abs(int number);
    }

    /** A function that exists and one that does not, as in an old version of a library. */
    public interface Absent extends Library {
        int abs(int number);

        int notInThisVersion();
    }

    @Test
    void libraryIsLoaded() {
        assertThat(JnaLibrary.load("c", Present.class).abs(-3)).isEqualTo(3);
    }

    @Test
    void missingFunctionIsDetectedWhenTheLibraryIsLoaded() {
        assertThatThrownBy(() -> JnaLibrary.load("c", Absent.class))
                .isInstanceOf(LinkageError.class)
                .hasMessageContaining("notInThisVersion");
    }

    @Test
    void missingLibraryIsReportedInOneLine() {
        assertThatThrownBy(() -> JnaLibrary.load("no-such-library", Present.class))
                .isInstanceOf(LinkageError.class)
                .hasMessageContaining("no-such-library")
                .hasMessageNotContaining("\n");
    }
}
