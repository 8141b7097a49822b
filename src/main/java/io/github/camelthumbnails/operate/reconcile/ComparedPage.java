// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.operate.reconcile;

import java.util.List;

/**
 * A page of keys that a walk has compared.
 *
 * @param keys the compared keys, without those that are out of the scope of the walk
 * @param position the position at which a later walk can continue once this page is processed
 * @param requests number of list requests since the last page
 */
public record ComparedPage(List<Compared> keys, String position, int requests) {}
