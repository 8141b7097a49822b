// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.JnaLibrary;
import io.github.camelthumbnails.image.heif.HeifFile.Coded;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that all native objects of libheif are released, whether a decode succeeds, fails or is cancelled. */
class LibHeifReleaseTest {

    private final Map<String, Integer> unreleased = new TreeMap<>();
    private LibHeif library;

    @BeforeEach
    void countAllocations() {
        boolean continuousIntegration = "true".equals(System.getenv("CI"));
        assumeThat(LibHeif.find().isPresent() || continuousIntegration)
                .as("libheif is not installed")
                .isTrue();
        LibHeifApi api = JnaLibrary.load("heif", LibHeifApi.class);
        LibHeifApi counting = (LibHeifApi) Proxy.newProxyInstance(
                LibHeifApi.class.getClassLoader(), new Class<?>[] {LibHeifApi.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(api, arguments);
                        count(method.getName(), arguments);
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        library = new LibHeif(counting, Optional.empty());
    }

    private void count(String function, Object[] arguments) {
        switch (function) {
            case "heif_context_alloc" -> unreleased.merge("context", 1, Integer::sum);
            case "heif_context_free" -> unreleased.merge("context", -1, Integer::sum);
            case "heif_context_get_primary_image_handle" -> countIfSet("handle", arguments[1]);
            case "heif_image_handle_release" -> unreleased.merge("handle", -1, Integer::sum);
            case "heif_decoding_options_alloc" -> unreleased.merge("options", 1, Integer::sum);
            case "heif_decoding_options_free" -> unreleased.merge("options", -1, Integer::sum);
            case "heif_decode_image" -> countIfSet("image", arguments[1]);
            case "heif_image_release" -> unreleased.merge("image", -1, Integer::sum);
            default -> {} // allocates nothing
        }
    }

    private void countIfSet(String kind, Object result) {
        Pointer pointer = ((PointerByReference) result).getValue();
        unreleased.merge(kind, pointer == null ? 0 : 1, Integer::sum);
    }

    @Test
    void decodedPictureIsReleased() throws Exception {
        decode(HeifFile.resource("profile.heic"), () -> false);

        assertThat(unreleased).containsOnlyKeys("context", "handle", "image", "options");
        assertEverythingIsReleased();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void cancelledDecodeIsReleased(int checks) {
        AtomicInteger left = new AtomicInteger(checks);

        assertThatThrownBy(() -> decode(HeifFile.resource("plain.heic"), () -> left.getAndDecrement() == 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cancelled");
        assertEverythingIsReleased();
    }

    @Test
    void damagedPictureIsReleased() {
        byte[] file = HeifFile.resource("plain.avif");
        Arrays.fill(file, file.length - 120, file.length, (byte) 0x55);

        assertThatThrownBy(() -> decode(file, () -> false)).isInstanceOf(IOException.class);
        assertEverythingIsReleased();
    }

    @Test
    void pictureOfAnotherSizeIsReleased() throws Exception {
        HeifFile file = new HeifFile();
        file.add(Coded.of(HeifFile.resource("plain.heic")), HeifFile.size(121, 80));

        assertThatThrownBy(() -> decode(file.build(), () -> false)).isInstanceOf(IOException.class);
        assertThat(unreleased).containsKey("image");
        assertEverythingIsReleased();
    }

    private void decode(byte[] file, BooleanSupplier cancelled) throws IOException {
        library.decode(file, HeifHeader.read(file), cancelled);
    }

    private void assertEverythingIsReleased() {
        assertThat(unreleased.get("context")).isZero();
        assertThat(unreleased.values()).as("%s", unreleased).containsOnly(0);
    }
}
