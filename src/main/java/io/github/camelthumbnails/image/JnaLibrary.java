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

/** Loads native libraries of the system by JNA. */
public final class JnaLibrary {

    /**
     * Options that keep the functions of a library to itself (RTLD_LAZY without RTLD_GLOBAL). By default, JNA offers them to all
     * libraries that are loaded later: webp-imageio would call the functions of the system's libwebp where it means its own copy.
     */
    private static final Map<String, Object> OPTIONS =
            Platform.isLinux() ? Map.of(Library.OPTION_OPEN_FLAGS, 1) : Map.of();

    private JnaLibrary() {}

    /**
     * Loads a library and looks up all functions that are used of it. JNA itself looks each one up when it is called for the first
     * time, when it is too late to use something else.
     *
     * @param name as the linker knows it, without prefix and suffix
     * @param api the functions
     * @throws LinkageError if the library or a function is missing, or if JNA cannot be loaded; the message is one line
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

    /** Returns what JNA says of the library and of the first file that it has tried. */
    private static String firstLines(LinkageError e) {
        return String.valueOf(e.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
    }
}
