// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image;

import io.github.camelthumbnails.image.limits.Memory;

/** Budgets for the memory of decodes. */
public final class Budgets {

    /** A budget for any picture. */
    public static final Memory UNLIMITED = both(Long.MAX_VALUE);

    private Budgets() {}

    /** Returns a budget of so many bytes on the heap, and as many outside it. */
    public static Memory both(long bytes) {
        return new Memory(bytes, bytes);
    }
}
