// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.List;

/**
 * What a walk has compared since the last page.
 *
 * @param keys what was found, without what is out of the scope of the walk
 * @param position where a later walk can continue, if everything on this page is done
 * @param requests number of list requests since the last page
 */
public record ComparedPage(List<Compared> keys, String position, int requests) {}
