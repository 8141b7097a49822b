// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.Iterator;

/** Compares originals with their renditions, page by page. Not thread-safe. */
interface ComparedPages extends Iterator<ComparedPage>, AutoCloseable {

    /** Stops the requests that are under way. */
    @Override
    void close();
}
