// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.util.ArrayList;
import java.util.List;

/** An item of a HEIF file: a coded picture, a picture that is composed of others, or metadata. */
final class HeifItem {

    /** Transformations in the order in which they apply. */
    enum Transformation {
        QUARTER_TURN,
        CROP
    }

    /**
     * A transformation that changes the size.
     *
     * @param width of a crop
     * @param height of a crop
     */
    record Step(Transformation transformation, int width, int height) {}

    final int id;
    final String type;

    /** The declared size before any transformation; 0 if there is none. */
    int width;

    int height;

    /** The coded picture's configuration: the content of {@code hvcC} or {@code av1C}. */
    BoxReader configuration;

    /** Whether this is the alpha channel of other items. */
    boolean alpha;

    final List<Step> steps = new ArrayList<>();

    /** The items of which this one is composed, some of them more than once. */
    final List<Integer> parts = new ArrayList<>();

    /** Auxiliary items that belong to this one. */
    final List<Integer> auxiliaries = new ArrayList<>();

    HeifItem(int id, String type) {
        this.id = id;
        this.type = type;
    }

    long pixels() {
        return (long) width * height;
    }

    boolean isHevc() {
        return type.equals("hvc1") || type.equals("hev1");
    }

    boolean isAv1() {
        return type.equals("av01");
    }

    boolean isComposed() {
        return type.equals("grid") || type.equals("iovl") || type.equals("iden");
    }
}
