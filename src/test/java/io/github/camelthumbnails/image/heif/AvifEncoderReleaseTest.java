// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Memory;
import com.sun.jna.ptr.PointerByReference;
import io.github.camelthumbnails.image.JnaLibrary;
import io.github.camelthumbnails.image.heif.LibHeifApi.Status;
import java.awt.color.ColorSpace;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the calls of libheif: that all native objects are released, whichever function fails, and that the encoder uses
 * one thread.
 */
class AvifEncoderReleaseTest {

    private static final int ENCODING_ERROR = 9;
    private static final int OUT_OF_MEMORY = 6;

    private final Memory message = new Memory(100);
    private final Map<String, Integer> unreleased = new TreeMap<>();
    private final Map<String, Integer> parameters = new TreeMap<>();
    private LibHeifEncoderApi counting;
    private AvifEncoder encoder;
    private String failing = "";
    private int code = ENCODING_ERROR;

    @BeforeEach
    void countAllocations() {
        AvifPictures.assumeEncoder();
        message.setString(0, "the message");
        LibHeifEncoderApi api = JnaLibrary.load("heif", LibHeifEncoderApi.class);
        counting = (LibHeifEncoderApi) Proxy.newProxyInstance(
                LibHeifEncoderApi.class.getClassLoader(),
                new Class<?>[] {LibHeifEncoderApi.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals(failing)) {
                        return method.getReturnType() == Status.class ? failure() : null;
                    }
                    try {
                        Object result = method.invoke(api, arguments);
                        count(method.getName(), arguments);
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        encoder = new AvifEncoder(counting);
    }

    private Status failure() {
        Status status = new Status();
        status.code = code;
        status.message = message;
        return status;
    }

    private void count(String function, Object[] arguments) {
        switch (function) {
            case "heif_context_alloc" -> unreleased.merge("context", 1, Integer::sum);
            case "heif_context_free" -> unreleased.merge("context", -1, Integer::sum);
            case "heif_context_get_encoder_for_format" -> countIfSet("encoder", arguments[2], 1);
            case "heif_encoder_release" -> countIfSet("encoder", arguments[0], -1);
            case "heif_image_create" -> countIfSet("image", arguments[4], 1);
            case "heif_image_release" -> unreleased.merge("image", -1, Integer::sum);
            case "heif_nclx_color_profile_alloc" -> unreleased.merge("colors", 1, Integer::sum);
            case "heif_nclx_color_profile_free" -> unreleased.merge("colors", -1, Integer::sum);
            case "heif_encoder_set_parameter_integer" -> parameters.put((String) arguments[1], (Integer) arguments[2]);
            default -> {} // allocates nothing
        }
    }

    private void countIfSet(String kind, Object pointer, int change) {
        Object value = pointer instanceof PointerByReference reference ? reference.getValue() : pointer;
        unreleased.merge(kind, value == null ? 0 : change, Integer::sum);
    }

    @Test
    void encodedPictureIsReleased() throws Exception {
        encode();

        assertThat(unreleased).containsOnlyKeys("colors", "context", "encoder", "image");
        assertThat(unreleased.values()).as("%s", unreleased).containsOnly(0);
    }

    @Test
    void encoderUsesOneThread() throws Exception {
        encode();

        assertThat(parameters).containsEntry("threads", 1);
    }

    static Stream<String> functionsThatCanFail() {
        return Arrays.stream(LibHeifEncoderApi.class.getMethods())
                .filter(method -> method.getReturnType() == Status.class)
                .map(method -> method.getName());
    }

    @ParameterizedTest
    @MethodSource("functionsThatCanFail")
    void failedPictureIsReleased(String function) {
        failing = function;

        assertThatThrownBy(this::encode).isInstanceOf(IOException.class);
        assertThat(unreleased.values()).as("%s", unreleased).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("functionsThatCanFail")
    void lackOfMemoryIsAnError(String function) {
        failing = function;
        code = OUT_OF_MEMORY;

        assertThatThrownBy(this::encode).isInstanceOf(OutOfMemoryError.class).hasMessage("libheif: the message");
        assertThat(unreleased.values()).as("%s", unreleased).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"heif_context_alloc", "heif_nclx_color_profile_alloc"})
    void objectThatCannotBeAllocatedIsAnError(String function) {
        failing = function;

        assertThatThrownBy(this::encode).isInstanceOf(OutOfMemoryError.class).hasMessageContaining("no memory for a");
        assertThat(unreleased.values()).as("%s", unreleased).allMatch(count -> count == 0);
    }

    @Test
    void pictureWithoutPixelsIsReleased() {
        failing = "heif_image_get_plane";

        assertThatThrownBy(this::encode).isInstanceOf(IOException.class).hasMessageContaining("did not allocate");
        assertThat(unreleased.values()).as("%s", unreleased).containsOnly(0);
    }

    @Test
    void missingFileIsAnError() {
        failing = "heif_context_write";
        code = 0;

        assertThatThrownBy(this::encode).isInstanceOf(IOException.class).hasMessageContaining("wrote no file");
        assertThat(unreleased.values()).as("%s", unreleased).containsOnly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"heif_context_get_encoder_for_format", "heif_encoder_set_parameter_integer"})
    void libraryWithoutAnEncoderForAv1GivesAnEmptyResult(String function) {
        failing = function;

        assertThat(AvifEncoder.load(() -> counting)).isEmpty();
        assertThat(unreleased).containsKey("context");
        assertThat(unreleased.values()).as("%s", unreleased).containsOnly(0);
    }

    private void encode() throws IOException {
        encoder.encode(HeifScene.draw(20, 10, true), 0.8, AvifPictures.profile(ColorSpace.CS_LINEAR_RGB));
    }
}
