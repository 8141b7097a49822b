// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Library;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The C library stands for any other. */
@DisabledOnOs(OS.WINDOWS)
class JnaLibraryTest {

    /** Functions that are there. */
    public interface Present extends Library {
        int abs(int number);
    }

    /** One that is there, and one that an old version of a library may lack. */
    public interface Absent extends Library {
        int abs(int number);

        int notInThisVersion();
    }

    @Test
    void libraryIsLoaded() {
        assertThat(JnaLibrary.load("c", Present.class).abs(-3)).isEqualTo(3);
    }

    @Test
    void missingFunctionIsFoundBeforeItIsCalled() {
        assertThatThrownBy(() -> JnaLibrary.load("c", Absent.class))
                .isInstanceOf(LinkageError.class)
                .hasMessageContaining("notInThisVersion");
    }

    @Test
    void missingLibraryIsSaidInOneLine() {
        assertThatThrownBy(() -> JnaLibrary.load("no-such-library", Present.class))
                .isInstanceOf(LinkageError.class)
                .hasMessageContaining("no-such-library")
                .hasMessageNotContaining("\n");
    }
}
