// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.stream.Collectors;

/** Loads native libraries that are installed on the system, through JNA. */
public final class JnaLibrary {

    /**
     * Options that keep the symbols of a library local (RTLD_LAZY without RTLD_GLOBAL). By default, JNA makes them
     * visible to all libraries that are loaded later: webp-imageio would then call the system's libwebp instead of its
     * own copy.
     */
    private static final Map<String, Object> OPTIONS =
            Platform.isLinux() ? Map.of(Library.OPTION_OPEN_FLAGS, 1) : Map.of();

    private JnaLibrary() {}

    /**
     * Loads a library and resolves all functions of its interface. JNA alone would resolve each function on its first
     * call, which is too late to fall back to Java.
     *
     * @param name name of the library without prefix and suffix, as for the linker
     * @param api interface that declares the functions
     * @throws LinkageError if the library or a function is missing, or if JNA cannot be loaded; its message is one line
     */
    public static <T extends Library> T load(String name, Class<T> api) {
        try {
            T functions = Native.load(name, api, OPTIONS);
            NativeLibrary library = ((Library.Handler) Proxy.getInvocationHandler(functions)).getNativeLibrary();
            for (Method function : api.getMethods()) {
                library.getFunction(function.getName());
            }
            return functions;
        } catch (NoClassDefFoundError e) {
            throw new LinkageError("JNA cannot be loaded: " + firstLines(e), e);
        } catch (UnsatisfiedLinkError e) {
            throw new LinkageError(firstLines(e), e);
        }
    }

    /** Returns the part of JNA's message that names the library and the first file that JNA tried. */
    private static String firstLines(LinkageError e) {
        return String.valueOf(e.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
    }
}
