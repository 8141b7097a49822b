// SPDX-FileCopyrightText: The camel-thumbnails authors
// SPDX-License-Identifier: Apache-2.0
package io.github.camelthumbnails.image.heif;

import io.github.camelthumbnails.image.heif.BoxReader.Box;
import io.github.camelthumbnails.image.heif.HeifItem.Step;
import io.github.camelthumbnails.image.heif.HeifItem.Transformation;
import java.io.IOException;
import java.util.Set;

/** Reads those properties of a HEIF item that determine its size and the memory for decoding it. */
final class HeifProperties {

    /** Types of an auxiliary item (box {@code auxC}) that mark it as an alpha channel. */
    private static final Set<String> ALPHA_TYPES = Set.of(
            "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", "urn:mpeg:hevc:2015:auxid:1", "urn:mpeg:avc:2015:auxid:1");

    private HeifProperties() {}

    /**
     * Stores a property in an item. Ignores properties without an effect on size and memory.
     *
     * @throws IOException if the property cannot be read, or if the item has two sizes or two configurations
     */
    static void apply(Box property, HeifItem item) throws IOException {
        BoxReader content = new BoxReader(property.content());
        switch (property.type()) {
            case "ispe" -> {
                content.skip(4);
                if (item.pixels() != 0) {
                    throw new IOException("The file has a picture of two sizes.");
                }
                item.width = content.smallNumber(4);
                item.height = content.smallNumber(4);
            }
            case "irot" -> {
                if ((content.number(1) & 1) != 0) {
                    item.steps.add(new Step(Transformation.QUARTER_TURN, 0, 0));
                }
            }
            case "clap" -> {
                int width = rounded(content.number(4), content.number(4));
                item.steps.add(new Step(Transformation.CROP, width, rounded(content.number(4), content.number(4))));
            }
            case "auxC" -> {
                content.skip(4);
                item.alpha = ALPHA_TYPES.contains(content.text());
            }
            case "hvcC", "av1C" -> {
                if (item.configuration != null) {
                    throw new IOException("The file has a picture of two configurations.");
                }
                item.configuration = content;
            }
            default -> {} // no effect on size and memory
        }
    }

    private static int rounded(long numerator, long denominator) throws IOException {
        if (denominator == 0) {
            throw new IOException("The file crops its picture by a fraction without a denominator.");
        }
        return (int) Math.min(Integer.MAX_VALUE, (numerator + denominator / 2) / denominator);
    }
}
