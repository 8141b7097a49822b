// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import io.github.camelthumbnails.image.heif.LibHeifApi.Status;
import org.junit.jupiter.api.Test;

/** Tests {@link HeifWriter} by calling its native callback as libheif does. */
class HeifWriterTest {

    private final HeifWriter writer = HeifWriter.create();

    @Test
    void fileIsCopied() {
        try (Memory file = new Memory(3)) {
            file.write(0, new byte[] {1, 2, 3}, 0, 3);

            Status status = call(file, 3);

            assertThat(status.code).isZero();
            assertThat(status.message.getString(0)).isEqualTo("Success");
            assertThat(writer.remove(file)).containsExactly(1, 2, 3);
            assertThat(writer.remove(file)).as("is forgotten").isNull();
        }
    }

    @Test
    void fileThatDoesNotFitOnTheHeapIsAnError() {
        try (Memory file = new Memory(3)) {
            Status status = call(file, 1L << 31);

            assertThat(status.code).isNotZero();
            assertThat(status.message.getString(0)).isNotEmpty();
            assertThatThrownBy(() -> writer.remove(file)).isInstanceOf(OutOfMemoryError.class);
            assertThat(writer.remove(file)).as("is forgotten").isNull();
        }
    }

    /** Calls the function behind the version number, with the file as user data as well. */
    private Status call(Memory file, long size) {
        assertThat(writer.pointer().getInt(0)).as("version").isEqualTo(1);
        Function function = Function.getFunction(writer.pointer().getPointer(Native.POINTER_SIZE));
        return (Status) function.invoke(Status.class, new Object[] {Pointer.NULL, file, new NativeLong(size), file});
    }
}
