// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import java.util.ArrayList;
import java.util.List;

/** An item of a HEIF file: a coded picture, a picture that is composed of others, or metadata. */
final class HeifItem {

    /** The kinds of transformation that change the size of a picture. */
    enum Transformation {
        QUARTER_TURN,
        CROP
    }

    /**
     * A transformation of the picture.
     *
     * @param width width after a crop, in pixels
     * @param height height after a crop, in pixels
     */
    record Step(Transformation transformation, int width, int height) {}

    final int id;
    final String type;

    /** The declared width before any transformation; 0 if none is declared. */
    int width;

    /** The declared height before any transformation; 0 if none is declared. */
    int height;

    /** The decoder configuration: the content of the property {@code hvcC} or {@code av1C}; null if there is none. */
    BoxReader configuration;

    /** Whether this item is the alpha channel of other items. */
    boolean alpha;

    /** The transformations in the order in which they apply. */
    final List<Step> steps = new ArrayList<>();

    /** The ids of the items of which this one is composed; an id may occur several times. */
    final List<Integer> parts = new ArrayList<>();

    /** The ids of the auxiliary items of this one, such as its alpha channel. */
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
